import { canUndo } from '../../orchestrator/run';
import type { Command } from '../command';
import { confirmForm } from '../views/confirm-form';
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
  async run(parts, { words, client, trigger }) {
    const found = await findRun(parts, words, 'undo', (run) => canUndo(run) && run.stop === undefined);
    if ('said' in found) return found.said;
    const view = confirmForm({ form: undoFormId, value: found.run.id, ...undoQuestion(found.run, parts.house) });
    await client.views.open({ trigger_id: trigger, view });
    return undefined;
  },
};
