import { nextReminder, reminding } from '../asking';
import { durationWords } from '../duration-words';
import { expiryOf } from '../expiry';
import { planDifferences, planHash } from '../plan/hash';
import { makePlan } from '../plan/make-plan';
import type { Plan } from '../plan/plan';
import { ruleForWish } from '../plan/rule';
import { pinned } from '../plan/source';
import { isPassing } from '../plan/unfit';
import { mention } from '../policy';
import { brokenGlass, countingDecisions, countsFor } from '../run';
import { standstill } from '../standstill';
import { type Change, type Gate, type Outcome, planInput, planOf, stop } from '../step';
import { subjectOf } from '../wish';

/** How often the facts are read again while people think: a plan that moved should not wait for a click to be noticed. */
const rereadSeconds = 300;
/** How often while the database is in the middle of something that will pass. */
const passingSeconds = 15;

/** Enough people have said yes to the plan as it is now. */
export const approval: Gate = {
  kind: 'gate',
  id: 'approval',
  title: 'Get approval',
  applies: (choice) => choice.approvals > 0,
  async look(context) {
    const { run, record, policy, freezes, now } = context;
    const { requester } = run.request;
    const before = planOf(run);
    const rule = ruleForWish(policy, run.request);
    if (rule === undefined) return stop('no-rule', { database: subjectOf(run.request) });

    const denial = run.decisions.find((one) => one.decision === 'deny' && one.planHash === run.planHash);
    if (denial) return stop('denied', { by: mention([denial.by]), reason: denial.reason ?? '' }, 'denied');
    const glass = brokenGlass(run, 'approval');
    const standing = standstill(policy, await freezes.current(), [subjectOf(run.request)], now(), rule.breakGlass);
    const frozen = glass && standing?.yieldsToGlass ? undefined : standing;
    const life = { from: run.request.at, lastsMs: rule.expires };
    const { isOver, until, change: clock } = expiryOf({ id: approval.id, record }, life, frozen, now());
    if (isOver) return stop('expired', { time: durationWords(rule.expires) }, 'expired');

    const made = await makePlan(planInput(context, pinned(run.request, before)));
    const inSeconds = until === undefined ? rereadSeconds : Math.min(rereadSeconds, (until - now()) / 1000);
    const timed: Change = (one) => withEnd(until)(clock(one));
    if ('code' in made && isPassing(made))
      // Whoever decides now should not have to wait for the next reading of the facts.
      return {
        state: 'waiting',
        inSeconds: Math.min(passingSeconds, inSeconds),
        note: made.message,
        change: timed,
      };
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    const hasMoved = planHash(made) !== run.planHash;
    if (hasMoved)
      return {
        state: 'waiting',
        inSeconds: rereadSeconds,
        note: 'The plan changed; it needs approval again',
        change: (one) => timed(moved(before, made, now())(one)),
      };

    const yes = new Set(
      countingDecisions(run)
        .filter((one) => one.decision === 'approve' && countsFor(rule, requester.id, one))
        .map((one) => one.by),
    );
    const given = `${yes.size} of ${rule.approve.count} approvals`;
    const open = (note: string): Outcome => ({ state: 'done', note, change: ({ until: _, ...run }) => run });
    if (frozen) return { state: 'waiting', inSeconds, note: `${given}. ${frozen.problem.message}`, change: timed };
    if (glass) return open(`Glass broken by ${mention([glass.by])}, with ${given}`);
    if (yes.size >= rule.approve.count) return open(`Approved by ${mention([...yes])}`);
    const askedAt = run.planMoved?.at ?? record.startedAt;
    const remindAt = nextReminder(run, 'approval', rule, askedAt, until);
    const isDue = remindAt !== undefined && now() >= remindAt;
    const remind = reminding('approval', askedAt, now());
    return {
      state: 'waiting',
      inSeconds: remindAt === undefined || isDue ? inSeconds : Math.min(inSeconds, (remindAt - now()) / 1000),
      note: given,
      change: (one) => timed(isDue ? remind(one) : one),
    };
  },
};

/** Decisions carry the hash of the plan they saw, so the old ones stop counting by themselves. */
function moved(before: Plan, after: Plan, at: number): Change {
  const planMoved = { at, differences: planDifferences(before, after) };
  return (run) => ({ ...run, plan: after, planHash: planHash(after), planMoved });
}

/** The moment at which it expires, for those who read the card; none while a freeze holds it. */
const withEnd =
  (until: number | undefined): Change =>
  ({ until: before, ...run }) =>
    until === undefined ? run : { ...run, until };
