import { refused } from '../errors';
import { awsRequester, mention, type PolicyRule } from '../policy';

/** Who may ask for this database. */
export const requester: PolicyRule = ({ rule, person, database }) => {
  const isEveryone = rule.request === 'everyone' && person !== awsRequester;
  const mayRequest = isEveryone || (rule.request !== 'everyone' && rule.request.includes(person));
  const allowed = rule.request === 'everyone' ? 'everyone in Slack' : mention(rule.request);
  return mayRequest ? { ok: true } : refused('not-a-requester', { rule: rule.name, database, allowed });
};
