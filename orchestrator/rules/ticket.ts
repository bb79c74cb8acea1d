import { refused } from '../errors';
import type { PolicyRule } from '../policy';

/** A reason names a ticket, where the rule asks for one. */
export const ticket: PolicyRule = ({ rule, reason }) => {
  const missing = rule.ticket?.find((pattern) => !new RegExp(pattern, 'i').test(reason));
  return missing === undefined ? { ok: true } : refused('ticket-missing', { rule: rule.name, pattern: missing });
};
