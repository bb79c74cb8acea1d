import type { Problem, ProblemCode } from '../../orchestrator/errors';
import type { Source, Target } from '../../orchestrator/wish';
import { pageFacts, requestKey, reviewPage, sendRequest } from '../asking';
import { channelRefusal } from '../callers/channels';
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
    const isSnapshot = asksForSnapshot(view);
    const elsewhere = place.asksChannel && channel !== undefined ? await channelRefusal(client, channel) : undefined;
    const missing = missingFields(form, isSnapshot);
    if (missing.some((field) => !form.shown.includes(field))) return { show: await sameForm(parts, submitted, form) };
    const empty: Record<string, string> = {
      ...(channel === undefined && { [fields.channel]: 'Choose a channel.' }),
      ...(elsewhere !== undefined && { [fields.channel]: plain(elsewhere) }),
      ...(database === undefined && { [fields.database]: 'Choose a database.' }),
      ...Object.fromEntries(missing.map((field) => [field, 'This is needed.'])),
    };
    if (channel === undefined || database === undefined) return { errors: empty };
    const source = isSnapshot ? ({ kind: 'now' } as const) : await chosenSource(parts, database, form);
    if (source === undefined) empty[form.snapshotBlock] = 'That snapshot is gone. Choose another one.';

    const startAt = chosenStart(form, { now: parts.clock.now(), zone });
    const asked = {
      database,
      // Whatever is wrong beside what is missing is looked for without it.
      source: source ?? ({ kind: 'newest' } as const),
      target: isSnapshot ? ({ kind: 'none' } as const) : chosenTarget(form),
      ...(form.acceptsOtherVersion && { acceptsOtherVersion: true }),
      ...(startAt !== undefined && { startAt }),
      reason: form.reason.trim(),
      channel,
    };
    const isIncomplete = Object.keys(empty).length > 0;
    // A snapshot takes nothing from anybody: there is nothing to think over.
    if (isSnapshot && !isIncomplete) {
      const answer = await sendRequest(parts, submitted, asked);
      return 'problem' in answer ? refusalOf(parts, submitted, form, asked, [answer.problem, ...answer.also]) : answer;
    }
    // People wait: what does not depend on another answer is asked beside it.
    const facts = pageFacts(parts, asked);
    facts.catch(() => undefined);
    const looked = await parts.door.review({ ...asked, requester: person, groups: await groups() });
    if (isIncomplete) {
      const more = looked.ok ? [] : [looked.problem, ...(looked.also ?? [])].filter((one) => holds(one, form, empty));
      return { errors: { ...(await fieldErrors(parts, submitted, form, more)), ...empty } };
    }
    if (!looked.ok) return refusalOf(parts, submitted, form, asked, [looked.problem, ...(looked.also ?? [])]);
    if (looked.held) return refusalOf(parts, submitted, form, asked, [looked.held]);
    return { push: reviewPage(parts, asked, looked, await facts) };
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
  problems: readonly Problem[],
): Promise<FormAnswer> {
  const { view, person } = submitted;
  const [only, ...others] = problems;
  if (only !== undefined && others.length === 0) {
    const key = requestKey(person, view);
    const emergency = await emergencyForm(parts, submitted, { ...asked, key }, only);
    if (emergency) return { show: emergency };
    // Not a mistake to put right but a question to answer: the form asks it.
    if (only.code === 'snapshot-other-version')
      return { show: await sameForm(parts, submitted, form, { otherVersion: only.message }) };
  }
  return { errors: await fieldErrors(parts, submitted, form, problems) };
}

/** Each problem under its field; of several under one field the first. */
async function fieldErrors(
  parts: Parts,
  { names }: Submitted,
  form: FormState,
  problems: readonly Problem[],
): Promise<Record<string, string>> {
  const said = problems.map(({ message, hint }) => `${message} ${hint}`).join(' ');
  const mentioned = [...said.matchAll(/<@([A-Z0-9]+)>/g)].map((match) => match[1] ?? '');
  const nameOf = await names([...new Set(mentioned)]);
  const errors: Record<string, string> = {};
  for (const problem of problems) errors[fieldOf(problem, form)] ??= problemPlain(problem, parts.house, nameOf);
  return errors;
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

/** Whether a problem is there whatever will stand in the fields that are empty. */
function holds(problem: Problem, form: FormState, empty: Record<string, string>): boolean {
  const isSourceOpen = fields.at in empty || form.snapshotBlock in empty;
  if (isSourceOpen && [...aboutTheSnapshot, ...aboutTheTime].includes(problem.code)) return false;
  const field = fieldOf(problem, form);
  return !(field in empty) && !(field === fields.database && fields.name in empty);
}

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
function missingFields(form: FormState, isSnapshot: boolean): string[] {
  const needed = [
    { isNeeded: !isSnapshot && form.snapshot === timeSource, field: fields.at, isFilled: form.at !== undefined },
    { isNeeded: !isSnapshot && form.target !== 'replace', field: fields.name, isFilled: Boolean(form.name) },
    { isNeeded: form.start === 'time', field: fields.startAt, isFilled: form.startAt !== undefined },
  ];
  return needed.filter(({ isNeeded, isFilled }) => isNeeded && !isFilled).map(({ field }) => field);
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
