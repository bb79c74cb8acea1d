import type { Problem, ProblemCode } from '../../orchestrator/errors';
import type { Source, Target } from '../../orchestrator/wish';
import { emergencyForm } from '../emergency';
import type { Form, Parts } from '../listener';
import { filledOf } from '../reshape';
import { code, conversation, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemPlain } from '../views/problem';
import {
  asksForSnapshot,
  channelOf,
  cloneSource,
  type FormState,
  fields,
  freshSource,
  isHashed,
  offersKeepingWrites,
  readForm,
  restoreForm,
  restoreFormId,
  snapshotValue,
  timeSource,
} from '../views/restore-form';

/** Asks the door; a refusal stands under the field that would have to change. */
export const restoreSubmit: Form = {
  kind: 'form',
  id: restoreFormId,
  async submit(parts, submitted) {
    const { view, person, names } = submitted;
    const form = readForm(view.state.values);
    const channel = channelOf(view);
    const { database } = form;
    if (database === undefined) return { errors: { [fields.database]: 'Choose a database.' } };
    const isSnapshot = asksForSnapshot(view);
    const missing = isSnapshot ? undefined : missingField(form);
    if (missing === 'not shown') return { show: restoreForm({ channel, ...filledOf(form) }) };
    if (missing) return { errors: missing };
    const source = isSnapshot ? ({ kind: 'now' } as const) : await chosenSource(parts, database, form);
    if (source === undefined) return { errors: { [form.snapshotBlock]: 'That snapshot is gone. Choose another one.' } };

    const key = `${person.team}:${view.root_view_id ?? view.id}`;
    const asked = {
      database,
      source,
      target: isSnapshot ? ({ kind: 'none' } as const) : chosenTarget(form),
      ...(form.acceptsOtherVersion && { acceptsOtherVersion: true }),
      reason: form.reason.trim(),
      channel,
      key,
    };
    const answer = await parts.door.request({ ...asked, requester: person });
    if (answer.ok)
      return {
        show: notice(
          'Request sent',
          md`Request ${code(answer.run.id, 20)} is on its way, in ${conversation(answer.run.request.channel)}. Its plan appears there in a moment.`,
        ),
      };
    const { code: problemCode, message, hint } = answer.problem;
    const isSentTwice = problemCode === 'already-requested';
    if (isSentTwice)
      return { show: notice('Request sent', md`This request is on its way already, in ${conversation(channel)}.`) };
    const emergency = await emergencyForm(parts, submitted, asked, answer.problem);
    if (emergency) return { show: emergency };
    // Not a mistake to put right but a question to answer: the form asks it.
    if (problemCode === 'snapshot-other-version')
      return { show: restoreForm({ channel, ...filledOf(form), otherVersion: message }) };
    const mentioned = [...`${message} ${hint}`.matchAll(/<@([A-Z0-9]+)>/g)].map((match) => match[1] ?? '');
    const nameOf = await names([...new Set(mentioned)]);
    return {
      errors: { [fieldOf(problemCode, answer.problem, form)]: problemPlain(answer.problem, parts.house, nameOf) },
    };
  },
};

const aboutTheSnapshot: readonly ProblemCode[] = [
  'snapshot-not-found',
  'snapshot-not-ready',
  'snapshot-other-engine',
  'settings-unknown',
  'not-clonable',
];
const aboutTheTime: readonly ProblemCode[] = ['outside-window', 'no-point-in-time'];
const aboutTheName: readonly ProblemCode[] = ['not-a-name', 'name-taken', 'onto-itself', 'onto-other-version'];

/** Where the person has to change something; a field that is not shown cannot say so. */
function fieldOf(problemCode: ProblemCode, { message }: Problem, form: FormState): string {
  const { name } = form;
  const isAboutTheOther = name !== undefined && name !== form.database && message.includes(name);
  const wanted = [
    problemCode === 'reason-missing' && fields.reason,
    problemCode === 'lives-too-long' && fields.keep,
    aboutTheSnapshot.includes(problemCode) && form.snapshotBlock,
    aboutTheTime.includes(problemCode) && fields.at,
    (aboutTheName.includes(problemCode) || isAboutTheOther) && fields.name,
  ].find((field) => field !== false);
  return wanted !== undefined && form.shown.includes(wanted) ? wanted : fields.database;
}

/** What a choice needs beside itself: fields that are empty, or that a form of another shape does not show. */
function missingField(form: FormState): Record<string, string> | 'not shown' | undefined {
  const needed = [
    { isNeeded: form.snapshot === timeSource, field: fields.at, isFilled: form.at !== undefined },
    { isNeeded: form.target !== 'replace', field: fields.name, isFilled: Boolean(form.name) },
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
  const all = await databases.snapshotsOf(database);
  return all.find(({ id }) => snapshotValue(id) === value)?.id;
}
