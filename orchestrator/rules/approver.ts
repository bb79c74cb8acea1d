import { refused } from '../errors';
import { mention, type PolicyRule } from '../policy';

/** Who may decide on a request for this database. */
export const approver: PolicyRule = ({ rule, person, run }) =>
  rule.approve.by.includes(person)
    ? { ok: true }
    : refused('not-an-approver', { run, rule: rule.name, allowed: mention(rule.approve.by) });
