import { workedSeconds } from '../../orchestrator/history';
import type { Run } from '../../orchestrator/run';
import { subjectOf } from '../../orchestrator/wish';
import { approvalGate, goAheadGate } from '../gates';
import type { House } from '../house';
import type { Rank } from '../notifier/pace';
import { type Message, section } from './blocks';
import { leftover, summary } from './card';
import { glassWords } from './glass';
import { code, escape, join, lines, type Mrkdwn, md, sentence, user } from './mrkdwn';
import { planDetails, s } from './plan';
import { problemText, spoken } from './problem';
import { reportCounts, reportLines } from './report';
import { deciders } from './state';
import { duration, moment } from './times';
import { executionLink, trouble } from './trouble';

/** A message in the run's thread. Its id says whether it was posted already; it never changes. */
export interface Reply extends Message {
  id: string;
  /** Shown in the channel too: only what somebody has to act on. */
  broadcast?: boolean;
  /** How much it matters that it is read now; default: later. */
  rank?: Rank;
}

/** All replies that this record calls for, oldest first. The record only grows, so a later one calls for these too. */
export function replies(run: Run, house: House): Reply[] {
  return sources.flatMap((source) => source(run, house));
}

type Source = (run: Run, house: House) => Reply[];

const sources: Source[] = [
  plan,
  glass,
  goAhead,
  decisions,
  safetySnapshot,
  swap,
  report,
  finished,
  endsSoon,
  undone,
  needsHelp,
  released,
  failed,
  ended,
  removed,
  leftovers,
];

function reply(
  id: string,
  text: Mrkdwn,
  { details, ...more }: { details?: Mrkdwn; broadcast?: true; rank?: Rank } = {},
): Reply[] {
  const blocks = [section(text), ...(details ? [section(details)] : [])];
  return [{ id, text, blocks, ...more }];
}

/** How it ended: the requester waits for it. */
const atOnce = { rank: 'first' } as const;

const short = (hash: string | undefined): string => (hash ?? 'none').slice(0, 8);
const requesterOf = (run: Run): Mrkdwn => user(run.request.requester.id);
const database = (run: Run): Mrkdwn => code(subjectOf(run.request));
const isClone = (run: Run): boolean => run.request.target.kind === 'new';

/** Mentions those who may decide: an edit of the card notifies nobody. */
function plan(run: Run): Reply[] {
  if (!run.plan) return [];
  const { approvals } = run.plan.rule;
  const who = addressed(run);
  const again = run.planMoved ? md`The plan has changed, so please look again. ` : md``;
  const asks = md`${who}${again}${requesterOf(run)} asks to ${asked(run)}, which takes ${approvals} approval${s(approvals)}. Approve or deny it on the card above.`;
  const text = approvals === 0 ? md`The plan for ${database(run)} is made; it needs no approval.` : asks;
  return reply(`plan:${short(run.planHash)}`, text, { details: lines(planDetails(run.plan)), rank: 'soon' });
}

/** “@ben, @dba: ”, without those who do not want to be called; nobody at all where the rule calls nobody. */
function addressed(run: Run): Mrkdwn {
  const quiet = run.plan?.rule.quiet ?? [];
  const called = deciders(run, []).filter((id) => !quiet.includes(id));
  return called.length === 0 ? md`` : md`${join(called.slice(0, 20).map(user), ', ')}: `;
}

/** An emergency concerns all who were not asked, the quiet ones too, and the requester; in the channel, for all to see. */
function glass(run: Run): Reply[] {
  // Before there is a plan nobody knows whom the rule names.
  const approvers = run.plan?.rule.approvers;
  if (approvers === undefined) return [];
  return (run.glass ?? []).flatMap((one) => {
    const asker = run.request.requester.id;
    const all = [...new Set([...approvers, ...(asker === one.by ? [] : [asker])])].slice(0, 20).map(user);
    const to = all.length === 0 ? md`` : md`${join(all, ', ')}: `;
    return reply(`glass:${one.at}`, md`${to}${glassWords(one)}`, { broadcast: true, rank: 'first' });
  });
}

/** The copy is ready: somebody has to look once more. */
function goAhead(run: Run): Reply[] {
  const begun = run.steps[goAheadGate]?.startedAt;
  if (begun === undefined || !run.plan?.goAhead?.secondLook) return [];
  const text = md`${addressed(run)}the copy of ${database(run)} is ready and proven equal. Say “Swap now” on the card above when the outage suits, or deny it.`;
  return reply(`go-ahead:${begun}`, text, { rank: 'first' });
}

function asked(run: Run): Mrkdwn {
  const { database: from, target } = run.request;
  if (target.kind === 'new') return md`clone ${code(from)} as ${code(target.name)}`;
  if (target.kind === 'back') return md`bring back ${code(from)}, which is gone`;
  if (target.kind === 'none') return md`take a snapshot of ${code(from)}`;
  return target.kind === 'onto'
    ? md`restore the data of ${code(from)} onto ${code(target.name)}`
    : md`restore ${code(from)}`;
}

function decisions(run: Run): Reply[] {
  return run.decisions.flatMap(({ by, decision, planHash, reason, at, gate = approvalGate }) => {
    const isSwap = gate === goAheadGate;
    const verb = decision === 'deny' ? md`denied` : isSwap ? md`said “Swap now” to` : md`approved`;
    const why = reason === undefined ? md`.` : md`: ${escape(reason, 1000)}`;
    return reply(
      `${isSwap ? 'go-ahead-' : ''}decision:${by}:${short(planHash)}`,
      md`${user(by)} ${verb} the plan ${moment(at)}${why}`,
    );
  });
}

/** The copy is begun only when the safety snapshot is available. */
function safetySnapshot(run: Run): Reply[] {
  const { safetySnapshot: id, copy } = run.facts;
  if (id === undefined || copy === undefined) return [];
  return reply(
    'safety-snapshot',
    md`Safety snapshot ${code(id, 260)} of ${database(run)} is available. It stays when the run ends.`,
  );
}

function swap(run: Run): Reply[] {
  const made = run.facts.swap;
  if (made?.answeredAt === undefined) return [];
  if (made.refusedAt !== undefined)
    return reply(
      'swap-refused',
      md`The copy could not take the name ${database(run)}, so the original took it back after ${duration(made.answeredAt - made.startedAt)}.`,
    );
  // How long nobody answered is known for certain only at the end.
  return reply('swap', md`The swap is done: the copy has the name ${database(run)} since ${moment(made.answeredAt)}.`);
}

function report(run: Run): Reply[] {
  const isFinal = run.finishedAt !== undefined || run.stop !== undefined;
  if (!run.facts.report || !isFinal) return [];
  return reply('report', reportLines(run.facts.report));
}

function finished(run: Run): Reply[] {
  if (run.finishedAt === undefined) return [];
  const fresh = run.facts.freshSnapshot?.id;
  if (run.request.target.kind === 'none')
    return reply(
      'finished',
      md`${requesterOf(run)}: snapshot ${code(fresh ?? '', 260)} of ${database(run)} is available.`,
      atOnce,
    );
  if (isClone(run)) return reply('finished', cloned(run), atOnce);
  if (run.request.target.kind === 'back')
    return reply(
      'finished',
      md`${requesterOf(run)}: ${database(run)} is back, and answers under its name.${numbers(run)}${newId(run)}`,
      atOnce,
    );
  const outage = run.facts.outageSeconds;
  const gap = outage === undefined ? md`` : md` Nobody answered under the name for ${duration(outage * 1000)}.`;
  const aside =
    run.plan && run.hold
      ? md` The original is kept as ${code(run.plan.names.aside)}; Undo on the card brings it back.`
      : md``;
  return reply(
    'finished',
    md`${requesterOf(run)}: ${database(run)} is restored.${gap}${numbers(run)}${aside}${newId(run)}`,
    atOnce,
  );
}

/** IAM policies for rds-db:connect, Performance Insights and log streams go by it. */
function newId({ facts }: Run): Mrkdwn {
  return facts.copy === undefined ? md`` : md` Its resource id is now ${code(facts.copy.resourceId)}.`;
}

function cloned(run: Run): Mrkdwn {
  const from = code(run.request.database);
  const until = run.plan
    ? md` It lives for ${run.plan.holdHours} hour${s(run.plan.holdHours)}; the card says until when.`
    : md``;
  return md`${requesterOf(run)}: ${database(run)} answers, a clone of ${from}.${numbers(run)}${until}`;
}

/** How long it took without the people who decided, and what was proven. */
function numbers(run: Run): Mrkdwn {
  const seconds = workedSeconds(run);
  const took = seconds === undefined ? undefined : md` It took ${duration(seconds * 1000)}.`;
  const proven = run.facts.report && md` ${reportCounts(run.facts.report)}.`;
  return join([took, proven], '');
}

/** One warning for each end: a clone that is kept for longer gets another one. */
function endsSoon(run: Run): Reply[] {
  const { hold } = run;
  if (hold?.warned === undefined || !isClone(run)) return [];
  const text = md`${requesterOf(run)}: the clone ${database(run)} is removed ${moment(hold.warned)}. Keep longer on the card gives it more time, up to ${moment(hold.maximum)}.`;
  return reply(`ends-soon:${hold.warned}`, text, { rank: 'soon' });
}

function undone(run: Run): Reply[] {
  if (run.status !== 'undone') return [];
  const copy = run.facts.copySnapshot;
  const kept =
    copy === undefined ? md`` : md` What was written to the restored database is in snapshot ${code(copy, 260)}.`;
  const by = run.stop?.by === undefined ? md`` : md` ${user(run.stop.by)} asked for it.`;
  return reply(
    'undone',
    md`${requesterOf(run)}: the restore is undone, and the original answers as ${database(run)} again.${by}${kept}`,
    atOnce,
  );
}

function needsHelp(run: Run, house: House): Reply[] {
  if (!run.help) return [];
  const who = join(
    [...new Set([run.request.requester.id, ...(run.plan?.rule.approvers ?? [])])].slice(0, 20).map(user),
    ', ',
  );
  const text = md`${who}: run ${code(run.id)} of ${database(run)} needs help. ${problemText(run.help.problem, house)}`;
  return reply(`needs-help:${run.help.at}`, text, { broadcast: true, ...atOnce, details: inDetail(run, house) });
}

function released(run: Run): Reply[] {
  if (!run.help?.released) return [];
  const { by, at } = run.help.released;
  return reply(
    `released:${at}`,
    md`${user(by)} released the lock ${moment(at)}: ${database(run)} can be restored again.`,
  );
}

function failed(run: Run, house: House): Reply[] {
  if (run.status !== 'failed' || run.closedAt === undefined || !run.stop) return [];
  const { hint } = spoken(run.stop.problem, house);
  const text = md`${requesterOf(run)}: ${summary(run, { ...house, stages: [] })} ${sentence(hint, 800)}`;
  return reply('failed', text, { broadcast: true, ...atOnce, details: inDetail(run, house) });
}

function ended(run: Run, house: House): Reply[] {
  const isQuietEnd = run.status === 'denied' || run.status === 'expired' || run.status === 'cancelled';
  if (!isQuietEnd || !run.stop) return [];
  return reply(`ended:${run.status}`, md`${requesterOf(run)}: ${problemText(run.stop.problem, house)}`, {
    ...atOnce,
    ...named(run),
  });
}

function removed(run: Run): Reply[] {
  const { removal, finalSnapshot } = run.facts;
  if (removal?.doneAt === undefined) return [];
  const kept =
    finalSnapshot === undefined
      ? md`No final snapshot was asked for.`
      : md`Final snapshot ${code(finalSnapshot, 260)} holds every write ${escape(isClone(run) ? 'to it' : 'up to the swap')}.`;
  const what = isClone(run) ? md`The clone ${database(run)}` : md`The original that was set aside`;
  return reply('removed', md`${what} was removed ${moment(removal.doneAt)}. ${kept}`);
}

function leftovers(run: Run): Reply[] {
  const hasDatabase = run.leftovers.some(({ what }) => what === 'database');
  if (run.status !== 'succeeded' || run.closedAt === undefined || !hasDatabase) return [];
  return reply(
    `leftovers:${run.closedAt}`,
    md`${requesterOf(run)}: the run succeeded, but something is left behind. Press Retry removal on the card, or remove it in the RDS console.`,
    named(run),
  );
}

/** What a failure was, what it means and what to do, where to look, and every resource that is left. */
function inDetail(run: Run, house: House): Mrkdwn {
  const left = run.leftovers.map(leftover);
  return lines([trouble(run, house), executionLink(run, house), ...left].filter((line) => line !== undefined));
}

/** Every resource that is left, by name. */
function named(run: Run): { details?: Mrkdwn } {
  return run.leftovers.length === 0 ? {} : { details: lines(run.leftovers.map(leftover)) };
}
