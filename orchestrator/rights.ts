import { countsAs, type Policy, type Rule, ruleFor } from './policy';
import { requester } from './rules/requester';

/** What one rule lets one person do, and why. */
export interface Right {
  rule: Rule;
  mayRequest: boolean;
  mayApprove: boolean;
  mayBreakGlass: boolean;
}

/** What a person may do, rule by rule, in the order in which rules are tried. */
export function rightsOf(policy: Policy, person: string, groups: readonly string[] = []): Right[] {
  const identities = [person, ...groups];
  return policy.rules.map((rule) => ({
    rule,
    mayRequest: requester({ rule, person, database: '', channel: '', reason: '', requester: person, run: '' }).ok,
    mayApprove: countsAs(rule.approve, identities).length > 0,
    mayBreakGlass: rule.breakGlass !== undefined && countsAs(rule.breakGlass, identities).length > 0,
  }));
}

/** The pattern by which a rule counts for a database: the first that matches. */
export function patternFor(policy: Policy, database: string): { rule: Rule; pattern: string } | undefined {
  const rule = ruleFor(policy, database);
  const pattern = rule?.databases.find((one) =>
    ruleFor({ ...policy, rules: [{ ...rule, databases: [one] }] }, database),
  );
  return rule && pattern !== undefined ? { rule, pattern } : undefined;
}
