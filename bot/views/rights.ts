import { type Policy, ruleFor } from '../../orchestrator/policy';
import type { InventoryEntry } from '../../orchestrator/ports';
import { type Right, rightsOf } from '../../orchestrator/rights';
import { conversation, escape, join, type Mrkdwn, md } from './mrkdwn';
import { s } from './plan';
import { ownWords, patterns } from './rule-words';

/** What a person may do and why, one line for each rule that lets him do anything. */
export function rightsLines(policy: Policy, person: string, entries: readonly InventoryEntry[]): Mrkdwn[] {
  const counts = new Map<string, number>();
  for (const { name } of entries) {
    const rule = ruleFor(policy, name)?.name;
    if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const rights = rightsOf(policy, person).filter(({ mayRequest, mayApprove }) => mayRequest || mayApprove);
  return rights.map((right) => line(right, counts.get(right.rule.name) ?? 0));
}

function line({ rule, mayRequest, mayApprove }: Right, count: number): Mrkdwn {
  const where = rule.channels === undefined ? md`` : md` in ${join(rule.channels.map(conversation), ', ')}`;
  const names = rule.request === 'everyone' ? md`everyone may` : md`the rule names you`;
  const request = mayRequest
    ? md`you may *request*${where}: ${names}.`
    : md`you may not request: the rule names others.`;
  const needed = rule.approve.count;
  const approve = mayApprove
    ? md` You may *approve* (${needed} needed): you are among its approvers. ${ownWords(rule.approve.self)}`
    : needed === 0
      ? md` No approval is needed.`
      : md` You may not approve: others are its approvers.`;
  return md`*${escape(rule.name, 80)}* (${patterns(rule)}; ${count} database${s(count)} now): ${request}${approve}`;
}

/** What to say to whom no rule names. */
export const noRights: Mrkdwn = md`No rule of policy.yml lets you request or approve anything. Ask whoever owns policy.yml if that should change.`;
