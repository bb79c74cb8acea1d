import { gateAtHand } from '../../orchestrator/run';
import { planValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Command } from '../command';
import { denyForm } from '../views/deny-form';
import { escape } from '../views/mrkdwn';
import { problemText } from '../views/problem';
import { findRun } from './find-run';
import { freeText, type Mistake, readArguments } from './parse';

/** The same no as the card's button; a reason that was typed stands in the form already. */
export const deny: Command = {
  verb: 'deny',
  usage: '<run or database> ["reason"]',
  summary: 'Denies a run that waits for approval or for its go-ahead.',
  who: 'the rule’s approvers',
  answers: 'a dialog that asks why',
  examples: ['deny r7k3q9xz "not before the release"'],
  async run(parts, call) {
    const read = readDenial(call.words);
    if ('mistake' in read) return { text: escape(read.mistake) };
    const found = await findRun(parts, read.words, 'deny', (run) => gateAtHand(run) !== undefined);
    if ('said' in found) return found.said;
    const who = await acting(call, found.run.id, call.channel);
    const possible = await parts.door.mayDecide({ ...who, decision: 'deny' }, found.run);
    if (!possible.ok) return { text: problemText(possible.problem, parts.house) };
    const { run } = possible;
    const view = denyForm(planValue(run), run.id, read.reason);
    await call.client.views.open({ trigger_id: call.trigger, view });
    return undefined;
  },
};

/** What follows the run is the reason, whatever it looks like; before it stand options. */
function readDenial(words: readonly string[]): { words: string[]; reason: string } | Mistake {
  const [name, ...rest] = words;
  if (name === undefined) return { words: [], reason: '' };
  if (!name.startsWith('-')) return { words: [name], reason: freeText(rest) };
  const read = readArguments([...words], { values: ['reason'] });
  if ('mistake' in read) return read;
  const [run, ...more] = read.words;
  const reason = [read.options.reason, ...more].filter((part) => part !== undefined).join(' ');
  return { words: run === undefined ? [] : [run], reason };
}
