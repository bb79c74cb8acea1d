import { brokenGlass, countingDecisions, type DecisionGate, gateAtHand, type Run } from '../../orchestrator/run';
import { approvalGate, goAheadGate } from '../gates';
import type { House } from '../house';
import { actions, context, type Message, section } from './blocks';
import { whereIsIt } from './card';
import { approve, deny, swapNow } from './card-buttons';
import { glassWords } from './glass';
import { escape, join, type Mrkdwn, md, sentence, user } from './mrkdwn';
import { spoken } from './problem';
import { deciders, isSwapAsked } from './state';
import { moment } from './times';
import { runWords } from './wish';

/** What one message says to several people, each in private. */
export interface Direct {
  id: string;
  /** People and groups. */
  to: readonly string[];
  /** Of whom not these. */
  without: readonly string[];
}

/** What has to be said in private now, to whoever was not told yet. */
export function directs(run: Run): Direct[] {
  return [...reminder(run), ...emergencies(run)];
}

/** The message behind an id as the record stands now: what was decided elsewhere has no buttons here. */
export function directMessage(run: Run, id: string, person: string, house: House): Message {
  const glass = run.glass?.find((one) => id === `glass:${one.at}`);
  if (glass) return said(md`${runWords(run.request)}: ${glassWords(glass)}`, run);
  const gate = gateAtHand(run);
  const isNewest = reminder(run).some((one) => one.id === id);
  const hasDecided = gate !== undefined && countingDecisions(run, gate).some(({ by }) => by === person);
  if (gate === undefined || !isNewest || hasDecided) return said(over(run, id, person, house), run);
  const until = run.until === undefined ? md`` : md` It expires ${moment(run.until)}.`;
  const what = gate === approvalGate ? md`still waits for approval` : md`is ready and waits for “Swap now”`;
  const text = md`Reminder: ${runWords(run.request)}, asked for by ${user(run.request.requester.id)}, ${what}.${until}`;
  const buttons = gate === approvalGate ? [approve(run), deny(run)] : [swapNow(run), deny(run)];
  return { text, blocks: [section(text), actions(buttons), context(whereIsIt(run))] };
}

const said = (text: Mrkdwn, run: Run): Message => ({ text, blocks: [section(text), context(whereIsIt(run))] });

function reminder(run: Run): Direct[] {
  const { reminded } = run;
  const gate = gateAtHand(run);
  if (reminded === undefined || gate !== reminded.gate || brokenGlass(run, gate)) return [];
  if (gate === goAheadGate && !isSwapAsked(run)) return [];
  const decided = countingDecisions(run, gate).map(({ by }) => by);
  const requester = run.plan?.rule.self ? [] : [run.request.requester.id];
  const without = [...(run.plan?.rule.quiet ?? []), ...decided, ...requester];
  return [{ id: `remind:${gate}:${reminded.at}`, to: deciders(run, decided), without }];
}

/** Everybody who was not asked is told, the quiet ones too. */
function emergencies(run: Run): Direct[] {
  const to = run.plan?.rule.approvers ?? [];
  return (run.glass ?? []).map(({ at, by }) => ({ id: `glass:${at}`, to, without: [by] }));
}

/** Why there is nothing to press here any more; the same words until something else is decided. */
function over(run: Run, id: string, person: string, house: House): Mrkdwn {
  const gate: DecisionGate = id.startsWith(`remind:${goAheadGate}:`) ? goAheadGate : approvalGate;
  const decisions = countingDecisions(run, gate);
  const mine = decisions.find(({ by }) => by === person);
  const glass = brokenGlass(run, gate);
  const yes = decisions.filter(({ decision }) => decision === 'approve').map(({ by }) => user(by));
  const name = runWords(run.request);
  if (mine)
    return md`${name}: you ${escape(mine.decision === 'approve' ? 'said yes' : 'denied it')} ${moment(mine.at)}.`;
  if (glass) return md`${name}: ${glassWords(glass)}`;
  if (gateAtHand(run) === gate) return md`${name} still waits; there is a newer message about it.`;
  if (run.stop) return md`${name} does not wait any more. ${sentence(spoken(run.stop.problem, house).message, 400)}`;
  if (yes.length > 0) return md`${name} does not wait any more: ${join(yes, ', ')} said yes.`;
  return md`${name} does not wait any more.`;
}
