import { refused } from '../errors';
import { mention, type PolicyRule } from '../policy';

/** Who may ask for this database. */
export const requester: PolicyRule = ({ rule, person, database }) => {
  const mayRequest = rule.request === 'everyone' || rule.request.includes(person);
  return mayRequest
    ? { ok: true }
    : refused('not-a-requester', { rule: rule.name, database, allowed: mention(rule.request) });
};
