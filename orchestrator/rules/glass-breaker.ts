import { refused } from '../errors';
import { countsAs, mention, mentionApprovers, type PolicyRule } from '../policy';

/** Who may pass over approvals and the calendar in an emergency. */
export const glassBreaker: PolicyRule = ({ rule, person, groups, database }) => {
  const { breakGlass } = rule;
  if (breakGlass === undefined) return refused('no-break-glass', { rule: rule.name, database });
  if (countsAs(breakGlass, [person, ...(groups?.of ?? [])]).length > 0) return { ok: true };
  const unread = (groups?.unknown ?? []).filter((id) =>
    [breakGlass.by, ...(breakGlass.also ?? [])].flat().includes(id),
  );
  if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
  return refused('not-a-glass-breaker', { rule: rule.name, allowed: mentionApprovers(breakGlass) });
};
