import { refused } from '../errors';
import type { PolicyRule } from '../policy';

/** Where this database may be asked for. */
export const channel: PolicyRule = ({ rule, database, channel }) => {
  const isAllowedHere = rule.channels === undefined || rule.channels.includes(channel);
  if (isAllowedHere) return { ok: true };
  return refused('wrong-channel', {
    rule: rule.name,
    database,
    channels: rule.channels?.map((id) => `<#${id}>`).join(', ') ?? '',
  });
};
