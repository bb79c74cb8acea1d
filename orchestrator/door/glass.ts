import { type Problem, problem, type Refused, refused } from '../errors';
import type { Rule } from '../policy';
import { countsAs, judge, type Membership, mention, type RuleFacts } from '../policy';
import { glassBreaker } from '../rules/glass-breaker';
import type { BrokenGlass, Run } from '../run';
import { subjectOf } from '../wish';
import { identities } from './acting';

/** An emergency that was there already when somebody asked. */
export interface GlassAtRequest {
  reason: string;
  typed: string;
  groups?: Membership | undefined;
}

/** Why the glass is not broken: it takes the right, a reason, and the database's name typed by hand. */
export function glassRefusal(
  { reason: why, typed }: { reason: string; typed: string },
  facts: RuleFacts,
): Refused | undefined {
  const verdict = judge([glassBreaker], facts);
  if (!verdict.ok) return verdict;
  if (why.trim() === '') return refused('glass-reason-missing');
  const isConfirmed = typed.trim().toLowerCase() === facts.database;
  return isConfirmed ? undefined : refused('glass-not-confirmed', { database: facts.database });
}

export function glassAtRequest(
  rule: Rule,
  by: string,
  { reason: why, groups }: GlassAtRequest,
  { at, voidable, from }: { at: number; voidable: string | undefined; from: string },
): BrokenGlass {
  const as = rule.breakGlass ? countsAs(rule.breakGlass, identities({ by, groups })).filter((id) => id !== by) : [];
  return {
    by,
    at,
    reason: why.trim(),
    gate: 'request',
    from,
    ...(as.length > 0 && { as }),
    ...(voidable !== undefined && { voided: voidable }),
  };
}

export function glassVoids(run: Run, { by, reason: why }: BrokenGlass): { why: Problem; by: string } {
  const values = { by: mention([by]), database: subjectOf(run.request), reason: why.replace(/[.!]+$/, '') };
  return { why: problem('voided-by-glass', values), by };
}
