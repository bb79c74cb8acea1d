import { refused } from '../errors';
import { mentionApprovers, type PolicyRule } from '../policy';

/** Nobody approves what he asked for, unless the rule says that it counts. */
export const fourEyes: PolicyRule = ({ rule, person, requester, run }) => {
  if (person !== requester || rule.approve.self) return { ok: true };
  const others = { ...rule.approve, by: rule.approve.by.filter((id) => id !== requester) };
  return refused('own-request', { run, rule: rule.name, allowed: mentionApprovers(others) });
};
