import type { ProblemCode } from '../../orchestrator/errors';
import type { Form, Parts } from '../listener';
import { code, conversation, md } from '../views/mrkdwn';
import { notice } from '../views/notice';
import { problemPlain } from '../views/problem';
import {
  channelOf,
  type FormState,
  fields,
  isHashed,
  readForm,
  restoreFormId,
  snapshotValue,
} from '../views/restore-form';

/** Asks the door; a refusal stands under the field that would have to change. */
export const restoreSubmit: Form = {
  kind: 'form',
  id: restoreFormId,
  async submit(parts, { view, person, names }) {
    const form = readForm(view.state.values);
    const channel = channelOf(view);
    const { database } = form;
    if (database === undefined) return { errors: { [fields.database]: 'Choose a database.' } };
    const snapshot = await chosenSnapshot(parts, database, form.snapshot ?? 'newest');
    if (snapshot === undefined)
      return { errors: { [form.snapshotBlock]: 'That snapshot is gone. Choose another one.' } };

    const key = `${person.team}:${view.root_view_id ?? view.id}`;
    const answer = await parts.door.request({
      database,
      snapshot,
      reason: form.reason.trim(),
      requester: person,
      channel,
      key,
    });
    if (answer.ok)
      return {
        show: notice(
          'Request sent',
          md`Request ${code(answer.run.id, 20)} is on its way, in ${conversation(channel)}. Its plan appears there in a moment.`,
        ),
      };
    const { code: problemCode, message, hint } = answer.problem;
    const isSentTwice = problemCode === 'already-requested';
    if (isSentTwice)
      return { show: notice('Request sent', md`This request is on its way already, in ${conversation(channel)}.`) };
    const mentioned = [...`${message} ${hint}`.matchAll(/<@([A-Z0-9]+)>/g)].map((match) => match[1] ?? '');
    const nameOf = await names([...new Set(mentioned)]);
    return { errors: { [fieldOf(problemCode, form)]: problemPlain(answer.problem, nameOf) } };
  },
};

const aboutTheSnapshot: readonly ProblemCode[] = [
  'snapshot-not-found',
  'snapshot-not-ready',
  'snapshot-other-engine',
  'snapshot-other-version',
];

function fieldOf(problemCode: ProblemCode, form: FormState): string {
  if (problemCode === 'reason-missing') return fields.reason;
  return aboutTheSnapshot.includes(problemCode) ? form.snapshotBlock : fields.database;
}

/** The id behind an option: a hash stands for an id that was too long for Slack. */
async function chosenSnapshot({ databases }: Parts, database: string, value: string): Promise<string | undefined> {
  if (!isHashed(value)) return value;
  const all = await databases.snapshotsOf(database);
  return all.find(({ id }) => snapshotValue(id) === value)?.id;
}
