import { canUndo } from '../../orchestrator/run';
import { acting } from '../callers/acting';
import type { Command } from '../command';
import { confirmForm } from '../views/confirm-form';
import { problemText } from '../views/problem';
import { undoFormId, undoQuestion } from '../views/run-questions';
import { findRun } from './find-run';

/** Opens the dialog that asks once more. */
export const undo: Command = {
  verb: 'undo',
  usage: '<run or database>',
  summary: 'Brings the set-aside original back under its name, as long as it is kept.',
  who: 'the requester and the rule’s approvers',
  answers: 'a dialog that asks once more',
  examples: ['undo r7k3q9xz', 'undo orders-staging'],
  async run(parts, call) {
    const found = await findRun(parts, call.words, 'undo', (run) => canUndo(run) && run.stop === undefined);
    if ('said' in found) return found.said;
    const possible = await parts.door.mayStop(await acting(call, found.run.id, call.channel), found.run);
    if (!possible.ok) return { text: problemText(possible.problem, parts.house) };
    const view = confirmForm({ form: undoFormId, value: found.run.id, ...undoQuestion(found.run, parts.house) });
    await call.client.views.open({ trigger_id: call.trigger, view });
    return undefined;
  },
};
