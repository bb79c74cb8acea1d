import type { KnownBlock } from '@slack/types';
import { windowWords } from '../../orchestrator/calendar';
import { beginning, expectedEnd } from '../../orchestrator/history';
import { isClosed, type Leftover, type Run } from '../../orchestrator/run';
import type { House } from '../house';
import { actions, context, fields, header, type Message, section } from './blocks';
import { cardButtons } from './card-buttons';
import { checklist, progress } from './checklist';
import { glassWords } from './glass';
import { clamp, code, conversation, escape, join, lines, type Mrkdwn, md, quote, sentence, user } from './mrkdwn';
import { planLines, s } from './plan';
import { spoken } from './problem';
import { reportCounts } from './report';
import {
  approvals,
  deciders,
  isHolding,
  isSwapAsked,
  isWaitingForApproval,
  isWaitingForGoAhead,
  stateOf,
} from './state';
import { duration, moment } from './times';
import { executionLink, trouble } from './trouble';
import { headingWords, plannedSourceWords, runWords, sourceWords, targetWords } from './wish';

/** The one message of a run, whatever the run's state: a function of its record. */
export function renderCard(run: Run, house: House): Message {
  const buttons = cardButtons(run);
  const parts: (Mrkdwn | undefined)[] = [
    trouble(run, house),
    moved(run),
    starts(run),
    willHappen(run),
    steps(run, house),
    glass(run),
    decisions(run),
    goAhead(run),
    result(run),
    leftovers(run),
  ];
  const blocks: KnownBlock[] = [
    header(heading(run)),
    facts(run),
    section(md`*Reason*\n${quote(run.request.reason || 'none given')}`),
    ...parts.filter((part) => part !== undefined).map(section),
    ...(buttons.length > 0 ? [actions(buttons)] : []),
    context(footer(run, house)),
  ];
  return { text: summary(run, house), blocks };
}

/** One whole sentence: what notifications and screen readers say. */
export function summary(run: Run, house: House): Mrkdwn {
  const { request } = run;
  const state = stateOf(run);
  const at = run.status === 'running' && run.finishedAt === undefined ? progress(run, house.stages) : undefined;
  const where = at && md`, at step ${at.index} of ${at.count}`;
  const outage = run.facts.outageSeconds;
  const numbers =
    run.status === 'succeeded' && outage !== undefined ? md` with an outage of ${duration(outage * 1000)}` : undefined;
  const why =
    run.stop && ['failed', 'needs-help'].includes(run.status)
      ? md` ${sentence(spoken(run.stop.problem, house).message, 400)}`
      : undefined;
  return md`${runWords(request)} (run ${escape(run.id, 20)}) ${escape(state.says, 200)}${join([where, numbers], '')}.${join([why], '')}`;
}

/** The word and the emoji, and which database. */
function heading(run: Run): string {
  const { emoji, word } = stateOf(run);
  return `${emoji} ${word}: ${clamp(headingWords(run.request), 130)}`;
}

function facts(run: Run): KnownBlock {
  const { request, plan } = run;
  const source = plan ? plannedSourceWords(plan.source) : sourceWords(request.source);
  const engine =
    plan &&
    md`\n${escape(plan.target.engine, 40)} ${escape(plan.target.version, 40)} · ${escape(plan.target.class, 40)}`;
  // What a plan says of the target is not said of where its data comes from.
  const isOther = request.target.kind === 'onto';
  return fields([
    md`*Database*\n${code(request.database)}${join([isOther ? undefined : engine], '')}`,
    md`*Data from*\n${source}`,
    md`*Target*\n${targetWords(request)}${join([isOther ? engine : undefined], '')}`,
    md`*Requested by*\n${user(request.requester.id)}, ${moment(request.at)}`,
  ]);
}

/** A run that waits for its time says when that is, from its request on. */
function starts(run: Run): Mrkdwn | undefined {
  const { startAt } = run.request;
  const isAhead = run.steps[beginning] === undefined && run.stop === undefined && !isClosed(run);
  if (startAt === undefined || !isAhead) return undefined;
  if (run.startedNow) return md`*Starts now*, as ${user(run.startedNow.by)} asked, and not ${moment(startAt)}.`;
  return md`*Starts at ${moment(startAt)}*, once it is approved. Nothing is touched before.`;
}

function willHappen(run: Run): Mrkdwn | undefined {
  const isAhead = run.finishedAt === undefined && run.stop === undefined && !isClosed(run);
  if (!run.plan || !isAhead) return undefined;
  return lines([md`*What will happen*`, ...planLines(run.plan)]);
}

function moved(run: Run): Mrkdwn | undefined {
  if (!run.planMoved || !isWaitingForApproval(run)) return undefined;
  const { at, differences } = run.planMoved;
  const what = differences.map((difference) => md`• ${escape(difference, 200)}`);
  const before = md`:warning: *The plan changed* ${moment(at)}, so earlier approvals do not count any more. What moved:`;
  return lines([before, ...what]);
}

function steps(run: Run, house: House): Mrkdwn | undefined {
  const list = checklist(run, house.stages);
  return list.length === 0 ? undefined : lines([md`*Steps*`, ...expectation(run), ...list]);
}

/** When the restore will be proven, by what this database's own runs took. */
function expectation(run: Run): Mrkdwn[] {
  const isUnderWay = run.finishedAt === undefined && run.stop === undefined && !isClosed(run);
  const hasBegun = run.steps[beginning] !== undefined;
  if (!isUnderWay || !hasBegun) return [];
  const end = expectedEnd(run);
  if (end === undefined) return [md`Expected end: no history yet.`];
  const why = end.runs === 1 ? md`its last run` : md`its last ${end.runs} runs`;
  const when = end.from === end.to ? md`about ${moment(end.from)}` : md`${moment(end.from)} to ${moment(end.to)}`;
  return [md`Expected end: ${when} (${why}).`];
}

/** The badge of an emergency; it stays on the card for good. */
function glass(run: Run): Mrkdwn | undefined {
  return run.glass && run.glass.length > 0 ? lines(run.glass.map(glassWords)) : undefined;
}

function goAhead(run: Run): Mrkdwn | undefined {
  if (!isWaitingForGoAhead(run)) return undefined;
  const windows = run.plan?.goAhead?.windows ?? [];
  const when = windows.length > 0 ? md` Names are swapped ${escape(windows.map(windowWords).join('; '), 500)}.` : md``;
  if (isSwapAsked(run)) {
    const until = run.until === undefined ? md`` : md` If nobody does by ${moment(run.until)}, the copy is removed.`;
    return md`*Go-ahead*\nThe copy is ready. ${who(deciders(run, []))} may say “Swap now”.${when}${until}`;
  }
  const opens = run.until === undefined ? md`` : md` It goes on ${moment(run.until)}.`;
  return md`*Go-ahead*\nThe copy is ready.${when}${opens}`;
}

const who = (ids: readonly string[]): Mrkdwn =>
  ids.length === 0 ? md`The rule’s approvers` : join(ids.slice(0, 20).map(user), ', ');

function decisions(run: Run): Mrkdwn | undefined {
  const asked = run.plan?.rule.approvals ?? 0;
  if (asked === 0 || !run.plan) return undefined;
  const given = approvals(run);
  const who = given.length > 0 ? md`: ${join(given.map(user), ', ')}` : md``;
  const count = md`*Approvals*\n${given.length} of ${asked} given${who}.`;
  if (!isWaitingForApproval(run)) return count;
  const others = deciders(run, given);
  const may = others.length > 0 ? md` ${join(others.slice(0, 20).map(user), ', ')} may decide.` : md``;
  const until = run.until === undefined ? md`` : md` The request expires ${moment(run.until)}.`;
  return md`${count}${may}${until}`;
}

function result(run: Run): Mrkdwn | undefined {
  const { facts, hold } = run;
  if (run.finishedAt === undefined) return undefined;
  const outage =
    facts.outageSeconds === undefined
      ? undefined
      : md`• Nobody answered under the name for ${duration(facts.outageSeconds * 1000)}.`;
  const report = facts.report && md`• ${reportCounts(facts.report)}.`;
  const aside = run.plan && facts.removal?.doneAt === undefined && hold && !run.stop ? original(run) : undefined;
  const isClone = run.request.target.kind === 'new';
  const what = isClone ? md`The clone` : md`The set-aside original`;
  const removed =
    facts.removal?.doneAt === undefined ? undefined : md`• ${what} was removed ${moment(facts.removal.doneAt)}.`;
  const fresh =
    facts.freshSnapshot === undefined ? undefined : md`• The snapshot is ${code(facts.freshSnapshot.id, 260)}.`;
  const shared =
    facts.sharedCopy === undefined
      ? undefined
      : md`• The shared snapshot was copied to ${code(facts.sharedCopy, 260)}, which stays.`;
  const pruned =
    facts.pruned === undefined
      ? undefined
      : md`• Past their retention and deleted: ${join(
          facts.pruned.slice(0, 10).map((id) => code(id)),
          ', ',
        )}.`;
  const final =
    facts.finalSnapshot === undefined ? undefined : md`• Its final snapshot is ${code(facts.finalSnapshot, 260)}.`;
  const copy =
    facts.copySnapshot === undefined
      ? undefined
      : md`• What was written to the restored database is in snapshot ${code(facts.copySnapshot, 260)}.`;
  const undo =
    facts.undo?.answeredAt === undefined
      ? undefined
      : md`• Undo took the name away for another ${duration(facts.undo.answeredAt - facts.undo.startedAt)}.`;
  const took = md`• Finished ${moment(run.finishedAt)}, ${duration(run.finishedAt - run.request.at)} after the request.`;
  const all = [took, fresh, shared, outage, undo, report, aside, removed, final, copy, pruned].filter(
    (line) => line !== undefined,
  );
  return lines([md`*Result*`, ...all]);
}

function original(run: Run): Mrkdwn {
  if (run.request.target.kind === 'new') return clone(run);
  const name = code(run.plan?.names.aside ?? '');
  if (run.hold?.released) return md`• The original, ${name}, is being removed, as ${user(run.hold.released.by)} asked.`;
  if (isHolding(run))
    return md`• The original is kept as ${name} until ${moment(run.hold?.until ?? 0)}; until then Undo brings it back.`;
  return md`• The original is set aside as ${name}.`;
}

function clone(run: Run): Mrkdwn {
  const name = code(run.plan?.target.name ?? '');
  if (run.hold?.released) return md`• The clone, ${name}, is being removed, as ${user(run.hold.released.by)} asked.`;
  if (isHolding(run)) return md`• The clone ${name} lives until ${moment(run.hold?.until ?? 0)}.`;
  return md`• The clone is ${name}.`;
}

function leftovers(run: Run): Mrkdwn | undefined {
  if (run.leftovers.length === 0) return undefined;
  const count = run.leftovers.length;
  const isKeptOnPurpose = run.leftovers.every(({ what }) => what === 'snapshot');
  const title = isKeptOnPurpose
    ? md`*Kept: ${count} snapshot${s(count)}*`
    : md`*Still there: ${count} resource${s(count)} of this run*`;
  return lines([title, ...run.leftovers.map(leftover)]);
}

export function leftover({ what, name, resourceId, why }: Leftover): Mrkdwn {
  const id = resourceId && md` (${code(resourceId)})`;
  return md`• ${escape(what)} ${code(name, 260)}${join([id || undefined], '')}: ${sentence(why, 500)}`;
}

function footer(run: Run, house: House): Mrkdwn {
  return join(
    [
      md`Run ${code(run.id, 20)}`,
      run.plan && md`rule “${escape(run.plan.rule.name, 80)}”`,
      md`\`${escape(house.command)} status ${escape(run.id, 20)}\``,
      executionLink(run, house),
      house.label === undefined ? undefined : escape(house.label, 40),
      run.closedAt === undefined ? undefined : md`closed ${moment(run.closedAt)}`,
    ],
    ' · ',
  );
}

/** Where the run's messages are, for people who ask elsewhere. */
export const whereIsIt = (run: Run): Mrkdwn =>
  run.request.channel === '' ? md`It has no card.` : md`Its card is in ${conversation(run.request.channel)}.`;
