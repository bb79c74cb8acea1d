import { gateAtHand } from '../../orchestrator/run';
import { acting } from '../acting';
import { planValue } from '../buttons';
import type { Command } from '../command';
import { denyForm } from '../views/deny-form';
import { problemText } from '../views/problem';
import { findRun } from './find-run';

/** The same no as the card's button; a reason that was typed stands in the form already. */
export const deny: Command = {
  verb: 'deny',
  usage: '<run or database> ["reason"]',
  summary: 'Denies a run that waits for approval or for its go-ahead.',
  who: 'the rule’s approvers',
  answers: 'a dialog that asks why',
  examples: ['deny r7k3q9xz "not before the release"'],
  async run(parts, call) {
    const [name, ...reason] = call.words;
    const words = name === undefined ? [] : [name];
    const found = await findRun(parts, words, 'deny', (run) => gateAtHand(run) !== undefined);
    if ('said' in found) return found.said;
    const who = await acting(call, found.run.id, call.channel);
    const possible = await parts.door.mayDecide({ ...who, decision: 'deny' });
    if (!possible.ok) return { text: problemText(possible.problem, parts.house) };
    const { run } = possible;
    const view = denyForm(planValue(run), run.id, reason.filter((word) => word !== '--reason').join(' '));
    await call.client.views.open({ trigger_id: call.trigger, view });
    return undefined;
  },
};
