import { isPassing, makePlan, type Plan, pinned, planDifferences, planHash, ruleForWish } from '../plan';
import { mention } from '../policy';
import { countingDecisions } from '../run';
import { type Change, type Gate, planInput, planOf, stop } from '../step';
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
    const { run, policy, now } = context;
    const { requester } = run.request;
    const before = planOf(run);
    const rule = ruleForWish(policy, run.request);
    if (rule === undefined) return stop('no-rule', { database: subjectOf(run.request) });

    const denial = run.decisions.find((one) => one.decision === 'deny' && one.planHash === run.planHash);
    if (denial) return stop('denied', { by: mention([denial.by]), reason: denial.reason ?? '' }, 'denied');
    const until = run.request.at + rule.expires;
    if (now() >= until) return stop('expired', { time: hours(rule.expires) }, 'expired');

    const made = await makePlan(planInput(context, pinned(run.request, before)));
    const inSeconds = Math.min(rereadSeconds, (until - now()) / 1000);
    if ('code' in made && isPassing(made))
      // Whoever decides now should not have to wait for the next reading of the facts.
      return {
        state: 'waiting',
        inSeconds: Math.min(passingSeconds, inSeconds),
        note: made.message,
        change: (run) => ({ ...run, until }),
      };
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
