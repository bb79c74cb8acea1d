import { type Refused, refused } from '../errors';
import { ruleForWish } from '../plan/rule';
import { judge, type Membership, mention, type Policy, Rule } from '../policy';
import { approver } from '../rules/approver';
import type { Run } from '../run';
import { subjectOf, type Wish } from '../wish';

export type Accepted = { ok: true; run: Run };
export type Answer = Accepted | Refused;

/** A person who wants something of a run. Who that is comes from a signed request, and never from what was typed. */
export interface Acting {
  run: string;
  by: string;
  /** The groups of the policy that this person is in; absent: none. */
  groups?: Membership | undefined;
  /** The channel from which it came. */
  from?: string | undefined;
}

/** As whom a person may be let in. */
export const identities = ({ by, groups }: Pick<Acting, 'by' | 'groups'>): string[] => [by, ...(groups?.of ?? [])];

export function aboutWish(wish: Pick<Wish, 'database' | 'target'>, rule: Rule, person: string) {
  return { rule, database: subjectOf(wish), person, requester: person };
}

export function aboutRun(run: Run, rule: Rule, { by, groups }: Pick<Acting, 'by' | 'groups'>) {
  const { channel, reason, requester } = run.request;
  return { ...aboutWish(run.request, rule, by), groups, channel, reason, requester: requester.id, run: run.id };
}

/** The rule that a run stands under; when policy.yml has lost it since, what the plan recorded of it. */
export function ruleOf(policy: Policy, run: Run): Rule | undefined {
  const rule = ruleForWish(policy, run.request);
  if (rule || !run.plan) return rule;
  const { name, approvers, approvals, also } = run.plan.rule;
  const approve = { by: approvers, count: approvals };
  const kept = Rule.parse({ name, databases: ['*'], request: 'everyone', approve });
  return also ? { ...kept, approve: { ...kept.approve, also } } : kept;
}

export function stopRefusal(run: Run, rule: Rule, acting: Pick<Acting, 'by' | 'groups'>): Refused | undefined {
  const requester = run.request.requester.id;
  if (acting.by === requester || judge([approver], aboutRun(run, rule, acting)).ok) return undefined;
  const unread = (acting.groups?.unknown ?? []).filter((id) => rule.approve.by.includes(id));
  if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
  return refused('not-a-canceller', {
    run: run.id,
    allowed: mention([...new Set([requester, ...rule.approve.by])]),
  });
}
