import type { Problem, ProblemCode } from '../../orchestrator/errors';
import type { Source, Target } from '../../orchestrator/wish';
import { pageFacts, requestKey, reviewPage, sendRequest } from '../asking';
import { channelRefusal } from '../channels';
import { emergencyForm } from '../emergency';
import type { Form, FormAnswer, Parts, Submitted } from '../listener';
import { filledOf, windowOf } from '../reshape';
import { plain } from '../views/mrkdwn';
import { problemPlain } from '../views/problem';
import {
  asksForSnapshot,
  cloneSource,
  type Filled,
  type FormState,
  fields,
  freshSource,
  isHashed,
  offersKeepingWrites,
  placeOf,
  readForm,
  restoreForm,
  restoreFormId,
  snapshotValue,
  timeSource,
} from '../views/restore-form';
import type { Asked } from '../views/review-form';
import { chosenStart } from '../views/start-field';

/** Looks at the request with the door, and shows the last page; a refusal stands under the field that would have to change. */
export const restoreSubmit: Form = {
  kind: 'form',
  id: restoreFormId,
  async submit(parts, submitted) {
    const { view, person, client, zone, groups } = submitted;
    const form = readForm(view.state.values);
    const place = placeOf(view);
    const { channel } = place;
    const { database } = form;
    if (channel === undefined) return { errors: { [fields.channel]: 'Choose a channel.' } };
    if (database === undefined) return { errors: { [fields.database]: 'Choose a database.' } };
    const elsewhere = place.asksChannel ? await channelRefusal(client, channel) : undefined;
    if (elsewhere !== undefined) return { errors: { [fields.channel]: plain(elsewhere) } };
    const isSnapshot = asksForSnapshot(view);
    const missing = missingField(form, isSnapshot);
    if (missing === 'not shown') return { show: await sameForm(parts, submitted, form) };
    if (missing) return { errors: missing };
    const source = isSnapshot ? ({ kind: 'now' } as const) : await chosenSource(parts, database, form);
    if (source === undefined) return { errors: { [form.snapshotBlock]: 'That snapshot is gone. Choose another one.' } };

    const startAt = chosenStart(form, { now: parts.clock.now(), zone });
    const asked = {
      database,
      source,
      target: isSnapshot ? ({ kind: 'none' } as const) : chosenTarget(form),
      ...(form.acceptsOtherVersion && { acceptsOtherVersion: true }),
      ...(startAt !== undefined && { startAt }),
      reason: form.reason.trim(),
      channel,
    };
    // A snapshot takes nothing from anybody: there is nothing to think over.
    if (isSnapshot) {
      const answer = await sendRequest(parts, submitted, asked);
      return 'problem' in answer ? refusalOf(parts, submitted, form, asked, answer.problem) : answer;
    }
    // People wait: what does not depend on another answer is asked beside it.
    const review = async () => parts.door.review({ ...asked, requester: person, groups: await groups() });
    const facts = pageFacts(parts, asked);
    facts.catch(() => undefined);
    const looked = await review();
    const problem = looked.ok ? looked.held : looked.problem;
    if (problem !== undefined) return refusalOf(parts, submitted, form, asked, problem);
    return looked.ok ? { push: reviewPage(parts, asked, looked, await facts) } : { close: true };
  },
};

/** Everything as it was typed, in the shape that the choices need. */
async function sameForm(parts: Parts, submitted: Submitted, form: FormState, more: Partial<Filled> = {}) {
  const filled = { ...filledOf(form), ...more };
  const window = await windowOf(parts, submitted, filled);
  return restoreForm({ ...placeOf(submitted.view), ...filled, ...window });
}

async function refusalOf(
  parts: Parts,
  submitted: Submitted,
  form: FormState,
  asked: Asked,
  problem: Problem,
): Promise<FormAnswer> {
  const { view, person, names } = submitted;
  const key = requestKey(person, view);
  const emergency = await emergencyForm(parts, submitted, { ...asked, key }, problem);
  if (emergency) return { show: emergency };
  // Not a mistake to put right but a question to answer: the form asks it.
  if (problem.code === 'snapshot-other-version')
    return { show: await sameForm(parts, submitted, form, { otherVersion: problem.message }) };
  const { message, hint } = problem;
  const mentioned = [...`${message} ${hint}`.matchAll(/<@([A-Z0-9]+)>/g)].map((match) => match[1] ?? '');
  const nameOf = await names([...new Set(mentioned)]);
  return { errors: { [fieldOf(problem, form)]: problemPlain(problem, parts.house, nameOf) } };
}

const aboutTheSnapshot: readonly ProblemCode[] = [
  'snapshot-not-found',
  'snapshot-not-ready',
  'snapshot-unusable',
  'snapshot-other-engine',
  'settings-unknown',
  'not-clonable',
];
const aboutTheTime: readonly ProblemCode[] = ['outside-window', 'no-point-in-time'];
const aboutTheName: readonly ProblemCode[] = ['not-a-name', 'name-taken', 'onto-itself', 'onto-other-version'];

const aboutTheReason: readonly ProblemCode[] = ['reason-missing', 'ticket-missing'];
const aboutTheStart: readonly ProblemCode[] = ['start-past', 'start-too-far'];

/** Where the person has to change something; a field that is not shown cannot say so. */
function fieldOf({ code: problemCode, message }: Problem, form: FormState): string {
  const { name } = form;
  const isAboutTheOther = name !== undefined && name !== form.database && message.includes(name);
  const wanted = [
    aboutTheReason.includes(problemCode) && fields.reason,
    aboutTheStart.includes(problemCode) && (form.start === 'time' ? fields.startAt : fields.start),
    problemCode === 'wrong-channel' && form.shown.includes(fields.channel) && fields.channel,
    problemCode === 'lives-too-long' && fields.keep,
    aboutTheSnapshot.includes(problemCode) && form.snapshotBlock,
    aboutTheTime.includes(problemCode) && fields.at,
    (aboutTheName.includes(problemCode) || isAboutTheOther) && fields.name,
  ].find((field) => field !== false);
  return wanted !== undefined && form.shown.includes(wanted) ? wanted : fields.database;
}

/** What a choice needs beside itself: fields that are empty, or that a form of another shape does not show. */
function missingField(form: FormState, isSnapshot: boolean): Record<string, string> | 'not shown' | undefined {
  const needed = [
    { isNeeded: !isSnapshot && form.snapshot === timeSource, field: fields.at, isFilled: form.at !== undefined },
    { isNeeded: !isSnapshot && form.target !== 'replace', field: fields.name, isFilled: Boolean(form.name) },
    { isNeeded: form.start === 'time', field: fields.startAt, isFilled: form.startAt !== undefined },
  ];
  const missing = needed.find(({ isNeeded, isFilled }) => isNeeded && !isFilled)?.field;
  if (missing === undefined) return undefined;
  return form.shown.includes(missing) ? { [missing]: 'This is needed.' } : 'not shown';
}

function chosenTarget({ target, name = '', keepHours }: FormState): Target {
  if (target === 'replace') return { kind: target };
  if (target === 'onto') return { kind: target, name };
  return { kind: target, name, ...(keepHours !== undefined && { keepMs: keepHours * 3_600_000 }) };
}

async function chosenSource(parts: Parts, database: string, form: FormState): Promise<Source | undefined> {
  const { snapshot: value = 'newest', at = 0 } = form;
  if (value === 'newest') return { kind: 'newest' };
  if (value === freshSource) return { kind: 'now', ...(keepsWrites(form) && { keepsWrites: true }) };
  if (value === cloneSource) return { kind: 'clone' };
  if (value === timeSource) return { kind: 'time', at: at * 1000 };
  const snapshot = await chosenSnapshot(parts, database, value);
  return snapshot === undefined ? undefined : { kind: 'snapshot', snapshot };
}

/** Chosen before another source or target was, it does not count any more. */
const keepsWrites = (form: FormState): boolean => form.keepsWrites && offersKeepingWrites(form);

/** The id behind an option: a hash stands for an id that was too long for Slack. */
async function chosenSnapshot({ databases }: Parts, database: string, value: string): Promise<string | undefined> {
  if (!isHashed(value)) return value;
  const isMeant = ({ id }: { id: string }) => snapshotValue(id) === value;
  const own = (await databases.snapshotsOf(database)).find(isMeant);
  return (own ?? (await databases.sharedSnapshots()).find(isMeant))?.id;
}
