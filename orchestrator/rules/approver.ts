import { refused } from '../errors';
import { countsAs, mention, mentionApprovers, type PolicyRule } from '../policy';

/** Who may decide on a request for this database: by name, or as a member of a group that the rule names. */
export const approver: PolicyRule = ({ rule, person, groups, run }) => {
  if (countsAs(rule.approve, [person, ...(groups?.of ?? [])]).length > 0) return { ok: true };
  // Whether he is in a group that nobody could read is not known: then it does not count.
  const unread = (groups?.unknown ?? []).filter((id) =>
    [rule.approve.by, ...(rule.approve.also ?? [])].flat().includes(id),
  );
  if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
  return refused('not-an-approver', { run, rule: rule.name, allowed: mentionApprovers(rule.approve) });
};
