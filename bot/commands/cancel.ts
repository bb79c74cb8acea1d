import type { Command } from '../command';
import { confirmForm } from '../views/confirm-form';
import { cancelFormId, cancelQuestion } from '../views/run-questions';
import { canCancel } from '../views/state';
import { findRun } from './find-run';

/** Opens the dialog that asks once more. */
export const cancel: Command = {
  verb: 'cancel',
  usage: '<run or database>',
  summary: 'Stops a run that has not finished; what it made is taken back.',
  who: 'the requester and the rule’s approvers',
  answers: 'a dialog that asks once more',
  examples: ['cancel r7k3q9xz', 'cancel orders-staging'],
  async run(parts, { words, client, trigger }) {
    const found = await findRun(parts, words, 'cancel', canCancel);
    if ('said' in found) return found.said;
    const view = confirmForm({ form: cancelFormId, value: found.run.id, ...cancelQuestion(found.run, parts.house) });
    await client.views.open({ trigger_id: trigger, view });
    return undefined;
  },
};
