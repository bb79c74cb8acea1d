import { digest } from '../digest';
import { isSetAsideFirst } from '../wish';
import type { Plan } from './plan';

const settingsMoved = 'the settings';

/** A digest that moves exactly when what people approve moves. */
export function planHash(plan: Plan): string {
  return digest(bound(plan));
}

/** What moved between two plans, in words, with what it was and is where that is short; empty when their hashes are equal. */
export function planDifferences(before: Plan, after: Plan): string[] {
  const old = bound(before);
  const now = bound(after);
  const moved = Object.keys(now).filter((key) => digest(old[key]) !== digest(now[key]));
  return moved.map((key) =>
    key === settingsMoved ? key + settingsThatMoved(before, after) : key + beforeAndAfter(old[key], now[key]),
  );
}

/**
 * What an approval is bound to. Not in it: ages, costs, durations, quota, status, and the names that follow from the
 * run id, since none of them changes what would be done.
 */
function bound(plan: Plan): Record<string, unknown> {
  const { source, target, model } = plan;
  return {
    'the database itself': target.resourceId,
    'the target name': target.name,
    'the database whose settings count': [model.name, model.resourceId],
    'the snapshot': source.kind === 'snapshot' ? source.arn : source.kind,
    'the snapshot’s creation time': source.kind === 'snapshot' ? source.createdAt : undefined,
    'the point in time': source.kind === 'time' ? source.at : undefined,
    'whether every write is kept': isSetAsideFirst(source) ? true : undefined,
    'the database whose data is taken': source.kind === 'snapshot' ? undefined : source.resourceId,
    'the engine version of the database': `${target.engine} ${target.version}`,
    'the engine version of the source': `${source.engine} ${source.version}`,
    'the steps': plan.steps,
    [settingsMoved]: plan.settingsDigest,
    'the default parameter and option groups that the yes is for': plan.unfitSettings,
    'pending modifications': plan.pending,
    'read replicas': plan.replicas,
    proxies: plan.proxies,
    'when it begins': plan.startAt,
    'the policy rule': plan.rule.digest,
    'how long the clone lives': target.kind === 'new' ? plan.holdHours : undefined,
  };
}

/** The keys of the fidelity tables are words: `backupWindow`. What none of them tells are the tags of the service. */
function settingsThatMoved({ settingDigests: old = {} }: Plan, { settingDigests: now = {} }: Plan): string {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => old[key] !== now[key]);
  const words = keys.map((key) => key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function beforeAndAfter(before: unknown, after: unknown): string {
  const [was, is] = [before, after].map((value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') || 'none' : value,
  );
  const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= 80;
  return isShort(was) && isShort(is) ? ` (${was} → ${is})` : '';
}
