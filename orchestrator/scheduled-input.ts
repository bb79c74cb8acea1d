import * as z from 'zod/mini';
import './english';
import type { ForeignWish } from './arrival';
import { type Problem, problem } from './errors';

/** What a schedule of the deployment starts the machine with (infra/constructs/schedules.ts). */
export const ScheduledInput = z.strictObject({
  schedule: z.strictObject({
    database: z.string(),
    kind: z.enum(['instance', 'cluster']),
    source: z.enum(['newest', 'now']),
    target: z.enum(['replace', 'none']),
    reason: z.string(),
  }),
});
export type ScheduledInput = z.infer<typeof ScheduledInput>;

/** Undefined for what is no schedule's at all. */
export function readScheduledInput(input: unknown): ForeignWish | Problem | undefined {
  if (typeof input !== 'object' || input === null || !('schedule' in input)) return undefined;
  const parsed = ScheduledInput.safeParse(input);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    return problem('bad-input', { detail: mistakes.join('; ') });
  }
  const { source, target, ...rest } = parsed.data.schedule;
  return { ...rest, source: { kind: source }, target: { kind: target } };
}
