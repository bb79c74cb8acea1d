import { acting } from '../callers/acting';
import type { Command } from '../command';
import { confirmForm } from '../views/confirm-form';
import { problemText } from '../views/problem';
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
  async run(parts, call) {
    const found = await findRun(parts, call.words, 'cancel', canCancel);
    if ('said' in found) return found.said;
    const possible = await parts.door.mayStop(await acting(call, found.run.id, call.channel), found.run);
    if (!possible.ok) return { text: problemText(possible.problem, parts.house) };
    const view = confirmForm({ form: cancelFormId, value: found.run.id, ...cancelQuestion(found.run, parts.house) });
    await call.client.views.open({ trigger_id: call.trigger, view });
    return undefined;
  },
};
