import { type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { countsAs, judge, mention } from '../policy';
import type { Freeze } from '../ports';
import { approver } from '../rules/approver';
import { fourEyes } from '../rules/four-eyes';
import { countingDecisions, countsFor, type Decision, type DecisionGate, gateAtHand, type Run } from '../run';
import { standstill } from '../standstill';
import { subjectOf } from '../wish';
import { type Acting, type Answer, aboutRun, identities, ruleOf } from './acting';
import { change } from './change';
import type { DoorParts } from './parts';
import { statusWords } from './status-words';

const decisionRules = { approve: [approver, fourEyes], deny: [approver] };

export interface DecisionInput extends Acting {
  decision: 'approve' | 'deny';
  /** For which gate a yes is meant; a no ends the run at whichever it waits. Absent: the approval. */
  gate?: DecisionGate;
  /** The hash on the card that the person looked at. */
  planHash: string;
  reason?: string;
}

/** Whether this person may say yes or no to this run now, as far as anybody knows before he does. `known`: just read. */
export async function mayDecide(
  parts: DoorParts,
  input: Omit<DecisionInput, 'planHash' | 'reason'>,
  known?: Run,
): Promise<Answer> {
  const { runs, freezes } = parts;
  const [run, freeze] = await Promise.all([known ?? runs.load(input.run), freezes.current()]);
  if (run === undefined) return refused('unknown-run', { run: input.run });
  const rule = ruleOf(parts.policy, run);
  if (rule === undefined) return refused('no-rule', { database: subjectOf(run.request) });
  const seen = { ...input, planHash: run.planHash ?? '' };
  return decisionRefusal(parts, run, rule, seen, freeze) ?? { ok: true, run };
}

/** One person's yes or no to the plan that this person saw. */
export async function decide(parts: DoorParts, input: DecisionInput): Promise<Answer> {
  const { by, decision, planHash, from, reason } = input;
  if (decision === 'deny' && !reason?.trim()) return refused('deny-reason-missing');
  const { runs, freezes } = parts;
  const [known, freeze] = await Promise.all([runs.load(input.run), freezes.current()]);
  const decided = (run: Run, rule: Rule): Run | Refused => {
    const refusal = decisionRefusal(parts, run, rule, input, freeze);
    if (refusal) return refusal;
    const as = countsAs(rule.approve, identities(input)).filter((id) => id !== by);
    const made: Decision = { by, at: parts.clock.now(), decision, planHash };
    const gate = gateAtHand(run);
    const more = {
      ...(as.length > 0 && { as }),
      ...(gate !== 'approval' && { gate }),
      ...(from !== undefined && { from }),
      ...(reason && { reason: reason.trim() }),
    };
    return { ...run, decisions: [...run.decisions, { ...made, ...more }] };
  };
  return change(parts, input, decision, decided, { known });
}

function decisionRefusal(
  parts: DoorParts,
  run: Run,
  rule: Rule,
  input: Omit<DecisionInput, 'reason'>,
  freeze: Freeze | undefined,
): Refused | undefined {
  const { by, decision, planHash } = input;
  const verdict = judge(decisionRules[decision], aboutRun(run, rule, input));
  if (!verdict.ok) return verdict;
  const gate = gateAtHand(run);
  const isMeant = decision === 'deny' || gate === (input.gate ?? 'approval');
  if (gate === undefined || !isMeant) return refused('not-waiting', { run: run.id, status: statusWords(run) });
  if (run.planHash !== planHash) return refused('stale-plan', { run: run.id });
  const counting = countingDecisions(run, gate);
  if (counting.some((one) => one.by === by)) return refused('already-decided', { run: run.id });
  if (decision === 'deny') return undefined;
  const { policy, clock } = parts;
  const frozen = standstill(policy, freeze, [subjectOf(run.request)], clock.now(), rule.breakGlass);
  if (frozen) return { ok: false, problem: frozen.problem };
  const yes = counting.filter((one) => one.decision === 'approve' && countsFor(rule, run.request.requester.id, one));
  const isEnough = yes.length >= (gate === 'approval' ? rule.approve.count : 1);
  if (isEnough) return refused('enough-approvals', { run: run.id, by: mention(yes.map((one) => one.by)) });
  return undefined;
}
