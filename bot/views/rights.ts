import { countsAs, type Membership, type Policy, ruleFor } from '../../orchestrator/policy';
import type { InventoryEntry } from '../../orchestrator/ports';
import { type Right, rightsOf } from '../../orchestrator/rights';
import { conversation, escape, join, type Mrkdwn, md, user } from './mrkdwn';
import { s } from './plan';
import { ownWords, patterns } from './rule-words';

/** What a person may do and why, one line for each rule that lets him do anything. */
export function rightsLines(
  policy: Policy,
  person: string,
  entries: readonly InventoryEntry[],
  groups: Membership = { of: [], unknown: [] },
): Mrkdwn[] {
  const counts = new Map<string, number>();
  for (const { name } of entries) {
    const rule = ruleFor(policy, name)?.name;
    if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const rights = rightsOf(policy, person, groups.of).filter(
    ({ mayRequest, mayApprove, mayBreakGlass }) => mayRequest || mayApprove || mayBreakGlass,
  );
  const isAdministrator = countsAs({ by: policy.administrators }, [person, ...groups.of]).length > 0;
  const unread = join(groups.unknown.map(user), ', ');
  return [
    ...rights.map((right) => line(right, counts.get(right.rule.name) ?? 0)),
    ...(isAdministrator ? [md`You are an administrator: you may *freeze* and *unfreeze* everything.`] : []),
    ...(groups.unknown.length > 0
      ? [md`I could not ask who is in ${unread}: what you may do as one of them is left out.`]
      : []),
  ];
}

function line({ rule, mayRequest, mayApprove, mayBreakGlass }: Right, count: number): Mrkdwn {
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
  return md`*${escape(rule.name, 80)}* (${patterns(rule)}; ${count} database${s(count)} now): ${request}${approve}${mayBreakGlass ? md` You may *break the glass* in an emergency.` : md``}`;
}

/** What to say to whom no rule names. */
export const noRights: Mrkdwn = md`No rule of policy.yml lets you request or approve anything. Ask whoever owns policy.yml if that should change.`;
