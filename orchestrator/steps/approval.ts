import { isPassing, makePlan, type Plan, planDifferences, planHash } from '../plan';
import { mention, ruleFor } from '../policy';
import { countingDecisions } from '../run';
import { type Change, type Gate, planOf, stop } from '../step';

/** How often the facts are read again while people think: a plan that moved should not wait for a click to be noticed. */
const rereadSeconds = 300;

/** Enough people have said yes to the plan as it is now. */
export const approval: Gate = {
  kind: 'gate',
  id: 'approval',
  title: 'Get approval',
  applies: (choice) => choice.approvals > 0,
  async look({ run, databases, policy, stages, now }) {
    const { database, requester } = run.request;
    const before = planOf(run);
    const rule = ruleFor(policy, database);
    if (rule === undefined) return stop('no-rule', { database });

    const denial = run.decisions.find((one) => one.decision === 'deny' && one.planHash === run.planHash);
    if (denial) return stop('denied', { by: mention([denial.by]), reason: denial.reason ?? '' }, 'denied');
    const until = run.request.at + rule.expires;
    if (now() >= until) return stop('expired', { time: hours(rule.expires) }, 'expired');

    const made = await makePlan({
      run: run.id,
      database,
      snapshot: before.source.snapshot,
      databases,
      policy,
      stages,
      now: now(),
    });
    const inSeconds = Math.min(rereadSeconds, (until - now()) / 1000);
    if ('code' in made && isPassing(made))
      return { state: 'waiting', inSeconds, note: made.message, change: (run) => ({ ...run, until }) };
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    const hasMoved = planHash(made) !== run.planHash;
    if (hasMoved)
      return {
        state: 'waiting',
        inSeconds: rereadSeconds,
        note: 'The plan changed; it needs approval again',
        change: moved(before, made, now(), until),
      };

    const counts = (by: string) => rule.approve.by.includes(by) && (rule.approve.self || by !== requester.id);
    const yes = new Set(
      countingDecisions(run)
        .filter((one) => one.decision === 'approve' && counts(one.by))
        .map((one) => one.by),
    );
    if (yes.size >= rule.approve.count)
      return { state: 'done', note: `Approved by ${mention([...yes])}`, change: ({ until: _, ...run }) => run };
    return {
      state: 'waiting',
      inSeconds,
      note: `${yes.size} of ${rule.approve.count} approvals`,
      change: (run) => (run.until === until ? run : { ...run, until }),
    };
  },
};

/** Decisions carry the hash of the plan they saw, so the old ones stop counting by themselves. */
function moved(before: Plan, after: Plan, at: number, until: number): Change {
  const planMoved = { at, differences: planDifferences(before, after) };
  return (run) => ({ ...run, plan: after, planHash: planHash(after), planMoved, until });
}

function hours(ms: number): string {
  const count = ms / 3_600_000;
  return count >= 1 ? `${count} hour${count === 1 ? '' : 's'}` : `${ms / 60_000} minutes`;
}
