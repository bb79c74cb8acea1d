import type { Rule } from './policy';
import type { DecisionGate, Run } from './run';
import type { Change } from './step';

/**
 * When the people of a gate are reminded next: a while after they were asked, then after twice as long, and so on, so
 * that a request that nobody can decide does not become noise. Undefined: never, or not before it expires.
 */
export function nextReminder(
  run: Run,
  gate: DecisionGate,
  rule: Rule,
  askedAt: number,
  until: number | undefined,
): number | undefined {
  if (rule.remind === 'never') return undefined;
  const isHere = run.reminded?.gate === gate && run.reminded.at >= askedAt;
  const count = isHere ? (run.reminded?.count ?? 0) : 0;
  const at = askedAt + rule.remind * (2 ** (count + 1) - 1);
  return until === undefined || at < until ? at : undefined;
}

/** The record says that people were reminded; whoever shows it does the rest. */
export function reminding(gate: DecisionGate, askedAt: number, at: number): Change {
  return (run) => {
    const before = run.reminded?.gate === gate && run.reminded.at >= askedAt ? run.reminded.count : 0;
    return { ...run, reminded: { gate, count: before + 1, at } };
  };
}
