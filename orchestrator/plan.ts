import * as z from 'zod';
import { digest } from './digest';
import { type Problem, problem } from './errors';
import { isKeepsake, namesFor, runTag } from './names';
import { type Policy, ruleDigest, ruleFor, settingsFor } from './policy';
import type { Database, Databases, Snapshot } from './ports';

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
    proxies: plan.proxies,
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

/** Why a database cannot be restored in place now. */
export function unfitDatabase(database: Database): Problem | undefined {
  const run = database.tags[runTag];
  if (run !== undefined) return problem('unsupported', { database: database.name, why: `it belongs to run ${run}` });
  if (database.unsupported) return problem('unsupported', { database: database.name, why: database.unsupported });
  if (database.readiness === 'ready' || (database.readiness === 'busy' && database.isBackingUp)) return undefined;
  return problem('not-ready', { database: database.name, status: database.status });
}

/** The snapshot that a request means, or why it does not serve. */
export async function chooseSnapshot(
  databases: Databases,
  database: Database,
  wanted: string,
): Promise<Snapshot | Problem> {
  const snapshot =
    wanted === 'newest'
      ? (await databases.snapshotsOf(database.name)).find(
          (one) => one.isAvailable && one.engine === database.engine && !isKeepsake(one.id),
        )
      : await databases.snapshot(wanted);
  if (snapshot === undefined) return problem('snapshot-not-found', { snapshot: wanted, database: database.name });
  const values = {
    snapshot: snapshot.id,
    status: snapshot.status,
    snapshotEngine: snapshot.engine,
    engine: database.engine,
    database: database.name,
  };
  if (!snapshot.isAvailable) return problem('snapshot-not-ready', values);
  if (snapshot.engine !== database.engine) return problem('snapshot-other-engine', values);
  const fits = majorVersion(snapshot.engine, snapshot.version) === majorVersion(database.engine, database.version);
  if (!fits)
    return problem('snapshot-other-version', {
      ...values,
      snapshotVersion: snapshot.version,
      version: database.version,
    });
  return snapshot;
}

/** What stands in the way of a plan for a while only: a run that was asked for waits for it. */
export function isPassing(why: Problem): boolean {
  return ['not-ready', 'quota', 'pending-modifications'].includes(why.code);
}

/** What decides which steps a run has. */
export interface Choice {
  approvals: number;
  safetySnapshot: boolean;
}

/** A stage of the pipeline, as far as a plan cares. */
interface Applicable {
  id: string;
  applies(choice: Choice): boolean;
}

export interface PlanInput {
  run: string;
  database: string;
  /** A snapshot's identifier, or `newest`. */
  snapshot: string;
  databases: Databases;
  policy: Policy;
  stages: readonly Applicable[];
  now: number;
}

/** Two renames take one to four minutes by report, and "about 10 minutes" each by the RDS User Guide (Renaming a DB instance). */
const twoRenamesSeconds = { from: 120, to: 1200 };
const maxTags = 50;

/** Reads what is true and decides everything once; a Problem when the restore cannot work. */
export async function makePlan(input: PlanInput): Promise<Plan | Problem> {
  const { databases, policy } = input;
  const rule = ruleFor(policy, input.database);
  if (rule === undefined) return problem('no-rule', { database: input.database });
  const database = await databases.find(input.database);
  if (database === undefined) return problem('unknown-database', { database: input.database });
  const unfit = unfitDatabase(database);
  if (unfit) return unfit;
  const tags = Object.keys(database.tags).length;
  if (tags >= maxTags) return problem('tag-limit', { database: database.name, count: String(tags) });
  if (database.pending.length > 0)
    return problem('pending-modifications', { database: database.name, pending: database.pending.join(', ') });
  const snapshot = await chooseSnapshot(databases, database, input.snapshot);
  if ('code' in snapshot) return snapshot;
  const room = await databases.room();
  const isFull = room.databases.used >= room.databases.max;
  if (isFull)
    return problem('quota', {
      detail: `${room.databases.used} of ${room.databases.max} DB instances are in use, and the copy needs one more`,
    });

  const keeping = settingsFor(policy, database.name);
  if (keeping.safetySnapshot && room.snapshots.used >= room.snapshots.max)
    return problem('quota', {
      detail: `${room.snapshots.used} of ${room.snapshots.max} manual snapshots exist, and the safety snapshot needs one more`,
    });
  const choice: Choice = { approvals: rule.approve.count, safetySnapshot: keeping.safetySnapshot };
  const proxies = await databases.proxiesOf(database.name);
  const unmoved = Object.entries(database.settings).filter(([key]) => !movesWithData.has(key));
  return {
    madeAt: input.now,
    target: {
      name: database.name,
      kind: database.kind,
      resourceId: database.resourceId,
      engine: database.engine,
      version: database.version,
      class: database.class,
    },
    source: {
      snapshot: snapshot.id,
      arn: snapshot.arn,
      createdAt: snapshot.createdAt ?? 0,
      engine: snapshot.engine,
      version: snapshot.version,
      sizeGib: snapshot.sizeGib,
      type: snapshot.type,
      encrypted: snapshot.encrypted,
    },
    names: namesFor(database.name, input.run),
    steps: input.stages.filter((stage) => stage.applies(choice)).map((stage) => stage.id),
    settingCount: Object.keys(database.settings).length,
    settingsDigest: digest({ settings: Object.fromEntries(unmoved), tags: database.tags }),
    pending: database.pending,
    replicas: database.replicas,
    proxies,
    rule: {
      name: rule.name,
      digest: ruleDigest(rule, keeping),
      approvals: rule.approve.count,
      approvers: rule.approve.by,
    },
    holdHours: keeping.hold / 3_600_000,
    outageSeconds: twoRenamesSeconds,
    warnings: warnings(database, snapshot, proxies),
  };
}

/** Storage grows by itself while people decide; that is no other plan. */
const movesWithData = new Set(['allocatedStorage']);

function warnings(database: Database, snapshot: Snapshot, proxies: string[]): string[] {
  const found: string[] = [];
  if (database.replicas.length > 0)
    found.push(
      `Its read replicas (${database.replicas.join(', ')}) follow the old database and not the name; they have to be made again.`,
    );
  if (proxies.length > 0)
    found.push(`The proxies ${proxies.join(', ')} send connections to it; check their targets afterwards.`);
  if (snapshot.version !== database.version)
    found.push(
      `The snapshot holds ${snapshot.engine} ${snapshot.version}; the database runs ${database.version} and will be back on the older one.`,
    );
  if (Object.keys(database.tags).some((key) => key.startsWith('aws:cloudformation:')))
    found.push('CloudFormation manages this database: the stack will show drift, and its tags cannot be copied.');
  const managed = database.settings.managedPassword;
  if (managed !== null && managed !== undefined)
    found.push(
      'Its master password is managed in Secrets Manager: the copy gets a new secret with a new ARN, so whoever reads the old one has to be pointed to it.',
    );
  return found;
}

/** PostgreSQL from 10 on counts majors in one number, the others in two: a parameter group fits one of them. */
function majorVersion(engine: string, version: string): string {
  const parts = version.split('.');
  return engine.includes('postgres') ? (parts[0] ?? version) : parts.slice(0, 2).join('.');
}
