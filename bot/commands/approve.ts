import { problem } from '../../orchestrator/errors';
import { gateAtHand } from '../../orchestrator/run';
import { acting } from '../callers/acting';
import type { Command } from '../command';
import { confirmForm } from '../views/confirm-form';
import { approveQuestion } from '../views/decision-questions';
import { problemText } from '../views/problem';
import { findRun } from './find-run';

/** The same yes as the card's buttons, for keyboards and phones: the plan is read once more before it counts. */
export const approve: Command = {
  verb: 'approve',
  usage: '<run or database>',
  summary: 'Approves a run that waits for it, or says “Swap now” when its copy is ready.',
  who: 'the rule’s approvers',
  answers: 'a dialog with the plan, in which you approve it',
  examples: ['approve r7k3q9xz', 'approve orders-staging'],
  async run(parts, call) {
    const { door, house } = parts;
    const found = await findRun(parts, call.words, 'approve', (run) => gateAtHand(run) !== undefined);
    if ('said' in found) return found.said;
    const gate = gateAtHand(found.run) ?? 'approval';
    const who = await acting(call, found.run.id, call.channel);
    const possible = await door.mayDecide({ ...who, decision: 'approve', gate }, found.run);
    if (!possible.ok) return { text: problemText(possible.problem, house) };
    const { run } = possible;
    if (run.plan === undefined) return { text: problemText(problem('stale-plan', { run: run.id }), house) };
    const view = confirmForm(approveQuestion(run, gate, house));
    await call.client.views.open({ trigger_id: call.trigger, view });
    return undefined;
  },
};
