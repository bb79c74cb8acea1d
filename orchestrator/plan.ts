import { createHash } from 'node:crypto';
import { z } from 'zod';

/** One setting of a database, as plain data that can be compared, stored and shown. */
export const SettingValue = z.json();
export type SettingValue = z.infer<typeof SettingValue>;

/** Settings by their key in the fidelity tables, for example `parameterGroup`. */
export const Settings = z.record(z.string(), SettingValue);
export type Settings = z.infer<typeof Settings>;

export const Plan = z.object({
  madeAt: z.number(),
  target: z.object({
    name: z.string(),
    kind: z.enum(['instance', 'cluster']),
    resourceId: z.string(),
    engine: z.string(),
    version: z.string(),
    class: z.string(),
  }),
  source: z.object({
    snapshot: z.string(),
    arn: z.string(),
    createdAt: z.number(),
    engine: z.string(),
    version: z.string(),
    sizeGib: z.number(),
    type: z.string(),
    encrypted: z.boolean(),
  }),
  /** Every name that this run will ever give; all derive from the run id. */
  names: z.object({
    copy: z.string(),
    aside: z.string(),
    safetySnapshot: z.string(),
    finalSnapshot: z.string(),
    copySnapshot: z.string(),
  }),
  /** Ids of the steps and gates that apply, in order. */
  steps: z.array(z.string()),
  settingCount: z.number(),
  settingsDigest: z.string(),
  pending: z.array(z.string()),
  replicas: z.array(z.string()),
  proxies: z.array(z.string()),
  rule: z.object({ name: z.string(), digest: z.string(), approvals: z.number(), approvers: z.array(z.string()) }),
  holdHours: z.number(),
  /** Seconds in which nobody answers under the name: what two renames usually take. */
  outageSeconds: z.object({ from: z.number(), to: z.number() }),
  /** Sentences that people should read before they approve. */
  warnings: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;

/**
 * What an approval is bound to. Not in it: ages, costs, durations, quota, status, and the names that follow from the
 * run id, since none of them changes what would be done.
 */
function bound(plan: Plan): Record<string, unknown> {
  return {
    'the database itself': plan.target.resourceId,
    'the target name': plan.target.name,
    'the snapshot': plan.source.arn,
    'the snapshot’s creation time': plan.source.createdAt,
    'the engine version of the database': `${plan.target.engine} ${plan.target.version}`,
    'the engine version of the snapshot': `${plan.source.engine} ${plan.source.version}`,
    'the steps': plan.steps,
    'the settings': plan.settingsDigest,
    'pending modifications': plan.pending,
    'read replicas': plan.replicas,
    'proxies': plan.proxies,
    'the policy rule': plan.rule.digest,
  };
}

/** A digest that moves exactly when what people approve moves. */
export function planHash(plan: Plan): string {
  return digest(bound(plan));
}

/** What moved between two plans, in words; empty when their hashes are equal. */
export function planDifferences(before: Plan, after: Plan): string[] {
  const old = bound(before);
  const now = bound(after);
  return Object.keys(now).filter((key) => digest(old[key]) !== digest(now[key]));
}

/** SHA-256 over JSON with sorted keys: the same data gives the same digest, whatever order it was built in. */
export function digest(data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('hex').slice(0, 32);
}

function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(',')}]`;
  if (data !== null && typeof data === 'object') {
    const entries = Object.entries(data).filter(([, value]) => value !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
  }
  return JSON.stringify(data ?? null);
}
