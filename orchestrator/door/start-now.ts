import { type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { judge, mentionApprovers, type Verdict } from '../policy';
import { approver } from '../rules/approver';
import { fourEyes } from '../rules/four-eyes';
import type { Run } from '../run';
import { type Acting, type Answer, aboutRun, stopRefusal } from './acting';
import { change } from './change';
import type { DoorParts } from './parts';
import { statusWords } from './status-words';

/** Begins a run at once that was to wait for its time. Whoever said yes to that time has a say in another. */
export async function startNow(parts: DoorParts, input: Acting): Promise<Answer> {
  return change(parts, input, 'start now', (run, rule) => {
    const needsApproval = rule.approve.count > 0 && run.request.target.kind !== 'none';
    const facts = aboutRun(run, rule, input);
    const refusal = needsApproval
      ? earlyRefusal(judge([approver, fourEyes], facts), run, rule)
      : stopRefusal(run, rule, input);
    if (refusal) return refusal;
    const isWaiting = run.status === 'waiting' && run.at?.step === 'start-time' && run.stop === undefined;
    if (!isWaiting || run.startedNow) return refused('not-waiting', { run: run.id, status: statusWords(run) });
    return { ...run, startedNow: { by: input.by, at: parts.clock.now() } };
  });
}

/** Who asked for a time, and may not approve another. */
function earlyRefusal(verdict: Verdict, run: Run, rule: Rule): Refused | undefined {
  return verdict.ok
    ? undefined
    : refused('not-an-early-starter', { run: run.id, allowed: mentionApprovers(rule.approve) });
}
