import type { ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { Problem } from '../orchestrator/errors';
import { Source, subjectOf, Target } from '../orchestrator/wish';
import type { Parts, Submitted } from './listener';
import { glassForm, glassRequestFormId } from './views/glass-form';
import { problemText } from './views/problem';

/** What was asked for and refused, as the form that asks about the glass carries it. Everything is checked again. */
const Refused = z.object({
  database: z.string(),
  source: Source,
  target: Target,
  acceptsOtherVersion: z.optional(z.boolean()),
  reason: z.string(),
  channel: z.string(),
  key: z.string(),
});
export type RefusedRequest = z.infer<typeof Refused>;

/** Slack: at most 3000 characters of private_metadata; a reason is the only part that could be long. */
const reasonAtMost = 1000;

export function readRefused(value: string): RefusedRequest {
  return Refused.parse(JSON.parse(value));
}

/** The question whether it is an emergency, for whoever may say so; undefined when the refusal stands. */
export async function emergencyForm(
  { door, house }: Parts,
  { person, groups }: Submitted,
  request: RefusedRequest,
  problem: Problem,
): Promise<ModalView | undefined> {
  const canYield = problem.code === 'reserved' || problem.code === 'frozen-by-calendar';
  if (!canYield) return undefined;
  const { database, target, channel, reason } = request;
  // The door was asked for it a moment ago: everything but this is in order.
  const asking = { database, target, person: person.id, channel, groups: await groups(), isThere: true };
  const may = await door.mayRequest(asking);
  if (!may.ok) return undefined;
  return glassForm({
    form: glassRequestFormId,
    value: JSON.stringify({ ...request, reason: reason.slice(0, reasonAtMost) }),
    database: subjectOf(request),
    passedOver: problemText(problem, house),
  });
}
