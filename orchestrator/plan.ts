import * as z from 'zod/mini';
import { WeeklyWindow } from './calendar';
import { digest } from './digest';
import { type Problem, problem } from './errors';
import { historyOf } from './history';
import { isKeepsake, namesFor, runTag, sharedCopyName } from './names';
import {
  type DatabaseSettings,
  hasEnough,
  type Policy,
  type Rule,
  ruleDigest,
  ruleForAll,
  settingsFor,
} from './policy';
import type { Database, Databases, OwnSnapshot, OwnSnapshots, Runs, Snapshot } from './ports';
import { monthlyCost, pricesAsOf, pricesOf } from './prices';
import {
  givesName,
  isForGood,
  isLive,
  isSetAsideFirst,
  type Source,
  subjectOf,
  type Target,
  type TargetKind,
  takesName,
  targetKinds,
  type Wish,
} from './wish';

/** One setting of a database, as plain data that can be compared, stored and shown. */
export const SettingValue = z.json();
export type SettingValue = z.infer<typeof SettingValue>;

/** Settings by their key in the fidelity tables, for example `parameterGroup`. */
export const Settings = z.record(z.string(), SettingValue);
export type Settings = z.infer<typeof Settings>;

/** The settings of each member by its name, where a database has members with names of their own. */
export function membersOf(settings: Settings): Record<string, Settings> {
  return z.record(z.string(), Settings).safeParse(settings.members).data ?? {};
}

/** How many settings are compared: a member's are its own. */
export function countSettings(settings: Settings): number {
  const members = Object.values(membersOf(settings));
  const own = Object.keys(settings).filter((key) => key !== 'members').length;
  return own + members.reduce((sum, member) => sum + Object.keys(member).length, 0);
}

const Data = {
  /** Whose data it is. */
  database: z.string(),
  engine: z.string(),
  version: z.string(),
  sizeGib: z.number(),
  encrypted: z.boolean(),
};

/** A wish's source, resolved for good. */
const PlannedSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    snapshot: z.string(),
    arn: z.string(),
    createdAt: z.number(),
    type: z.string(),
    /** Another account's encrypted one: the copy of it that the run makes and restores. */
    copyAs: z.optional(z.string()),
    ...Data,
  }),
  z.object({
    kind: z.literal('now'),
    /** No write is lost: the database is set aside before the snapshot is taken. */
    keepsWrites: z.optional(z.boolean()),
    snapshot: z.string(),
    resourceId: z.string(),
    ...Data,
  }),
  z.object({ kind: z.literal('clone'), resourceId: z.string(), ...Data }),
  z.object({ kind: z.literal('time'), at: z.number(), resourceId: z.string(), ...Data }),
]);
export type PlannedSource = z.infer<typeof PlannedSource>;

const Expected = z.object({ runs: z.number(), from: z.number(), to: z.number() });

export const Plan = z.object({
  madeAt: z.number(),
  /** Under which name the data answers in the end, and who has that name now. */
  target: z.object({
    kind: z.enum(targetKinds),
    name: z.string(),
    /** Of the database that has the name now; absent when nobody has it yet. */
    resourceId: z.optional(z.string()),
    engine: z.string(),
    version: z.string(),
    class: z.string(),
  }),
  /** Whose settings the copy gets. */
  model: z.object({
    name: z.string(),
    resourceId: z.string(),
    kind: z.enum(['instance', 'cluster']),
    /** The database is gone: its settings were kept beside this snapshot. */
    keptWith: z.optional(z.string()),
  }),
  source: PlannedSource,
  /** Every name that this run will ever give; all derive from the run id. */
  names: z.object({
    copy: z.string(),
    aside: z.string(),
    safetySnapshot: z.string(),
    finalSnapshot: z.string(),
    copySnapshot: z.string(),
    freshSnapshot: z.string(),
  }),
  /** The snapshots that the run takes before anything else, in order. */
  snapshots: z.array(
    z.object({
      id: z.string(),
      purpose: z.enum(['asked', 'safety', 'source']),
      database: z.string(),
      resourceId: z.string(),
    }),
  ),
  /** The copy has no automated backups until the swap is done; absent: the swap waits for the first. */
  firstBackup: z.optional(z.literal('after')),
  /** Ids of the steps and gates that apply, in order. */
  steps: z.array(z.string()),
  settingCount: z.number(),
  settingsDigest: z.string(),
  /** A digest of each setting, so that people can be told which one moved. */
  settingDigests: z.optional(z.record(z.string(), z.string())),
  /** Keys of settings that only fit another major version: RDS chooses them for the copy. */
  unfitSettings: z.array(z.string()),
  pending: z.array(z.string()),
  replicas: z.array(z.string()),
  proxies: z.array(z.string()),
  rule: z.object({
    name: z.string(),
    digest: z.string(),
    approvals: z.number(),
    /** Ids of people and groups who may decide; where rules were joined, every list of `also` counts as well. */
    approvers: z.array(z.string()),
    also: z.optional(z.array(z.array(z.string()))),
    /** Those of them who are not to be mentioned or reminded. */
    quiet: z.optional(z.array(z.string())),
    /** Who may break the glass. */
    breakers: z.optional(z.array(z.string())),
    /** Whether the requester's own approval counts. */
    self: z.optional(z.boolean()),
  }),
  /** When the run begins at the earliest. */
  startAt: z.optional(z.number()),
  /** What has to happen before the names are swapped. */
  goAhead: z.optional(z.object({ secondLook: z.boolean(), windows: z.array(WeeklyWindow) })),
  /** How long what is set aside, or the clone, is kept. */
  holdHours: z.number(),
  /**
   * Seconds in which nobody answers under the name: what two renames usually take, or a whole restore where it is set
   * aside first, or what either took here before.
   */
  outageSeconds: z.object({ from: z.number(), to: z.number() }),
  /** What this database's own finished runs took; absent without any. */
  history: z.object({ durationSeconds: z.optional(Expected), outageSeconds: z.optional(Expected) }),
  /**
   * What the database that stands beside costs a month, in US dollars, by the price list of a month and a Region; what
   * comes on top. Absent where no price is known.
   */
  cost: z.optional(
    z.object({
      monthly: z.number(),
      asOf: z.string(),
      of: z.optional(z.string()),
      without: z.optional(z.array(z.string())),
    }),
  ),
  /** Sentences that people should read before they approve. */
  warnings: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;

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

/** A digest that moves exactly when what people approve moves. */
export function planHash(plan: Plan): string {
  return digest(bound(plan));
}

const settingsMoved = 'the settings';

/** What moved between two plans, in words, with what it was and is where that is short; empty when their hashes are equal. */
export function planDifferences(before: Plan, after: Plan): string[] {
  const old = bound(before);
  const now = bound(after);
  const moved = Object.keys(now).filter((key) => digest(old[key]) !== digest(now[key]));
  return moved.map((key) =>
    key === settingsMoved ? key + settingsThatMoved(before, after) : key + beforeAndAfter(old[key], now[key]),
  );
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

/** The wish with its source resolved as the plan has resolved it: “newest” is chosen once. */
export function pinned<T extends Wish>(wish: T, plan: Plan | undefined): T {
  if (plan?.source.kind !== 'snapshot') return wish;
  const source: Source = { kind: 'snapshot', snapshot: plan.source.snapshot };
  return { ...wish, source };
}

/** The rule for a wish: of every database that it touches. A new name has no database yet, but it may have a rule. */
export function ruleForWish(policy: Policy, wish: Pick<Wish, 'database' | 'target'>): Rule | undefined {
  const subject = subjectOf(wish);
  const isNew = wish.target.kind === 'new';
  return ruleForAll(policy, isNew ? [wish.database] : [wish.database, subject], isNew ? [subject] : []);
}

/** Whose settings count, and so what policy.yml says about keeping things. */
export const modelName = (wish: Pick<Wish, 'database' | 'target'>): string =>
  wish.target.kind === 'onto' ? wish.target.name : wish.database;

/** How long what the run leaves beside the database is kept, and how long at most, in milliseconds. */
export function keepingMs(target: Target, keeping: DatabaseSettings): { keep: number; maximum: number } {
  if (target.kind !== 'new') return { keep: keeping.hold, maximum: keeping.maximumHold };
  return { keep: target.keepMs ?? keeping.timeToLive, maximum: keeping.maximumTimeToLive };
}

/** Why a database cannot take part now. */
export function unfitDatabase(database: Database): Problem | undefined {
  const run = database.tags[runTag];
  if (run !== undefined) return problem('unsupported', { database: database.name, why: `it belongs to run ${run}` });
  if (database.unsupported) return problem('unsupported', { database: database.name, why: database.unsupported });
  if (database.readiness === 'ready' || (database.readiness === 'busy' && database.isBackingUp)) return undefined;
  return problem('not-ready', { database: database.name, status: database.status });
}

/** What a wish asks of policy.yml alone. */
export function unfitWish(policy: Policy, rule: Rule, wish: Wish): Problem | undefined {
  const subject = subjectOf(wish);
  if (wish.target.kind === 'onto' && subject === wish.database) return problem('onto-itself', { database: subject });
  if (wish.target.kind !== 'none' && !hasEnough(rule.approve, rule.approve.count))
    return problem('no-common-approver', { rule: rule.name, count: String(rule.approve.count) });
  if (isSetAsideFirst(wish.source) && wish.target.kind !== 'replace')
    return problem('keeps-writes-elsewhere', { database: wish.database });
  // Nobody answers while such a gate is closed, and it may be closed for days.
  if (isSetAsideFirst(wish.source) && (rule.secondLook || rule.windows !== undefined))
    return problem('keeps-writes-gated', { database: wish.database, rule: rule.name });
  const { keep, maximum } = keepingMs(wish.target, settingsFor(policy, modelName(wish)));
  if (wish.target.kind === 'new' && keep > maximum)
    return problem('lives-too-long', { name: subject, maximum: `${maximum / 3_600_000} hours` });
  return undefined;
}

/** What stands in the way of a plan for a while only: a run that was asked for waits for it. */
export function isPassing(why: Problem): boolean {
  return ['not-ready', 'quota', 'pending-modifications'].includes(why.code);
}

/** What decides which steps a run has. */
export interface Choice {
  approvals: number;
  source: PlannedSource['kind'];
  target: TargetKind;
  /** The snapshot has to be copied before it can be restored. */
  copiesSnapshot: boolean;
  /** The original gives up its name before its snapshot is taken. */
  setAsideFirst: boolean;
  /** A person or a change window has to open the way to the swap. */
  goAhead: boolean;
  /** It was asked for at a later time. */
  isLater: boolean;
  /** Of the database that loses its name. */
  safetySnapshot: boolean;
  /** policy.yml gives snapshots of this database a retention. */
  prunes: boolean;
}

/** A stage of the pipeline, as far as a plan cares. */
interface Applicable {
  id: string;
  applies(choice: Choice): boolean;
}

export interface PlanInput {
  run: string;
  wish: Wish;
  databases: Databases;
  snapshots: OwnSnapshots;
  history: Pick<Runs, 'ofDatabase'>;
  policy: Policy;
  stages: readonly Applicable[];
  now: number;
}

/** Two renames take one to four minutes by report, and "about 10 minutes" each by the RDS User Guide (Renaming a DB instance). */
const twoRenamesSeconds = { from: 120, to: 1200 };
/** Aurora User Guide, High availability for Aurora: a failover to a reader takes less than a minute, and most often half of one. */
const failoverSeconds = { from: 30, to: 60 };
/** An only member restarts with its rename; a restart takes minutes, as every rename of an instance does. */
const onlyMemberSeconds = { from: 120, to: 240 };
/**
 * A snapshot, a restore and the first backup of the copy: a quarter of an hour for a small database, hours for a large
 * one. AWS gives no figure; restores of small instances by report take ten minutes and more.
 */
const wholeRestoreSeconds = { from: 900, to: 14_400 };
const maxTags = 50;

/** The database whose settings the copy gets: as it is now, or as it was when a snapshot of ours was taken. */
type Model = Pick<Database, 'name' | 'kind' | 'resourceId' | 'engine' | 'version' | 'class' | 'settings' | 'tags'> & {
  keptWith?: string;
};

/** Reads what is true and decides everything once; a Problem when it cannot work. */
export async function makePlan(input: PlanInput): Promise<Plan | Problem> {
  const { databases, policy, wish } = input;
  const rule = ruleForWish(policy, wish);
  const subject = subjectOf(wish);
  if (rule === undefined) return problem('no-rule', { database: subject });
  const unfit = unfitWish(policy, rule, wish);
  if (unfit) return unfit;

  const holder = await databases.find(subject);
  const from = subject === wish.database ? holder : await databases.find(wish.database);
  const target = wish.target.kind;
  const troubled = troubleOf(wish, holder, from);
  if (troubled) return troubled;
  const names = namesFor(subject, input.run, wish.database);
  const planned = await planSource(input, from, names.freshSnapshot);
  if ('code' in planned) return planned;
  const { source } = planned;
  const model = await findModel(input, target === 'onto' ? holder : from, source);
  if ('code' in model) return model;
  const misfit = misfitOf(wish, { ...source, kind: planned.kind }, model);
  if (misfit) return misfit;

  const keeping = settingsFor(policy, model.name);
  const choice: Choice = {
    approvals: target === 'none' ? 0 : rule.approve.count,
    source: source.kind,
    target,
    copiesSnapshot: source.kind === 'snapshot' && source.copyAs !== undefined,
    setAsideFirst: isSetAsideFirst(source),
    goAhead: takesName(target) && (rule.secondLook || rule.windows !== undefined),
    isLater: wish.startAt !== undefined,
    safetySnapshot: keeping.safetySnapshot && takesName(target),
    prunes: keeping.snapshots.keep !== undefined || keeping.snapshots.maximumAge !== undefined,
  };
  const firstBackup = firstBackupOf(choice, keeping, model, holder);
  const snapshots = snapshotsToTake(choice, names, holder, from);
  const made = snapshots.length + (choice.copiesSnapshot ? 1 : 0);
  const full = await unfitAccount(databases, choice, made, model);
  if (full) return full;

  const proxies = takesName(target) ? await databases.proxiesOf(subject) : [];
  const replaced = takesName(target) ? holder : undefined;
  const unfitSettings = isOtherVersion(source, model) ? groupsOfVersion : [];
  const unmoved = Object.entries(model.settings).filter(([key]) => !movesWithData.has(key));
  const { keep } = keepingMs(wish.target, keeping);
  const { setAsideFirst } = choice;
  const history = await historyOf(input.history, { database: wish.database, subject, setAsideFirst });
  const beside = replaced ?? model;
  const cost = target === 'none' ? undefined : monthlyCost(beside, Object.values(membersOf(beside.settings)));
  return {
    madeAt: input.now,
    target: {
      kind: target,
      name: subject,
      ...(holder && { resourceId: holder.resourceId }),
      engine: model.engine,
      version: model.version,
      class: model.class,
    },
    model: {
      name: model.name,
      resourceId: model.resourceId,
      kind: model.kind,
      ...(model.keptWith !== undefined && { keptWith: model.keptWith }),
    },
    source,
    names,
    snapshots,
    ...(firstBackup.isAfter && { firstBackup: 'after' as const }),
    steps: input.stages.filter((stage) => stage.applies(choice)).map((stage) => stage.id),
    settingCount: countSettings(model.settings),
    settingsDigest: digest({ settings: Object.fromEntries(unmoved), tags: model.tags }),
    settingDigests: Object.fromEntries(unmoved.map(([key, value]) => [key, digest(value).slice(0, 8)])),
    unfitSettings,
    pending: replaced?.pending ?? [],
    replicas: replaced?.replicas ?? [],
    proxies,
    rule: {
      name: rule.name,
      digest: ruleDigest(rule, keeping),
      approvals: choice.approvals,
      approvers: rule.approve.by,
      ...(rule.approve.also && { also: rule.approve.also }),
      quiet: rule.approve.quiet,
      ...(rule.breakGlass && { breakers: rule.breakGlass.by }),
      self: rule.approve.self,
    },
    ...(choice.goAhead && { goAhead: { secondLook: rule.secondLook, windows: rule.windows ?? [] } }),
    ...(wish.startAt !== undefined && { startAt: wish.startAt }),
    holdHours: keep / 3_600_000,
    outageSeconds: usualOutage(choice, replaced, keeping, history),
    history,
    ...(cost && { cost: { ...cost, asOf: pricesAsOf, of: pricesOf } }),
    warnings: [
      ...warnings(target, model, source, proxies, replaced),
      ...(replaced ? memberWarnings(replaced, keeping) : []),
      ...versionWarning(unfitSettings, source, model),
      ...(target === 'none' ? [] : databases.impossible(model.kind, model.settings)).map(
        ({ title, why }) => `${title} cannot be restored: ${why}.`,
      ),
      ...(firstBackup.says === undefined ? [] : [firstBackup.says]),
    ],
  };
}

type Range = Plan['outageSeconds'];

/** How long nobody will answer under the name: what it took here before, or what AWS and others say about its parts. */
function usualOutage(
  { setAsideFirst }: Choice,
  replaced: Database | undefined,
  { onlyMember }: DatabaseSettings,
  history: Plan['history'],
): Range {
  if (history.outageSeconds) return history.outageSeconds;
  // The copy is made meanwhile: its making is the outage.
  if (setAsideFirst) return history.durationSeconds ?? wholeRestoreSeconds;
  const count = replaced?.members.length ?? 0;
  if (count > 1) return sum(twoRenamesSeconds, failoverSeconds);
  return count === 1 && onlyMember === 'rename' ? sum(twoRenamesSeconds, onlyMemberSeconds) : twoRenamesSeconds;
}

const sum = (one: Range, other: Range): Range => ({ from: one.from + other.from, to: one.to + other.to });

/** What is wrong with the databases that a wish names. */
function troubleOf(wish: Wish, holder: Database | undefined, from: Database | undefined): Problem | undefined {
  const subject = subjectOf(wish);
  const target = wish.target.kind;
  if (givesName(target) && holder) return problem('name-taken', { name: subject });
  if (!givesName(target) && holder === undefined) return problem('unknown-database', { database: subject });
  // Its data may come from a snapshot although the database itself is gone; only its own sources need it.
  const needsSource = isLive(wish.source);
  if (needsSource && from === undefined) return problem('unknown-database', { database: wish.database });
  const unfit = (holder && unfitDatabase(holder)) ?? (needsSource && from ? unfitDatabase(from) : undefined);
  if (unfit) return unfit;
  if (holder && takesName(target)) {
    const tags = Object.keys(holder.tags).length;
    if (tags >= maxTags) return problem('tag-limit', { database: holder.name, count: String(tags) });
    if (holder.pending.length > 0)
      return problem('pending-modifications', { database: holder.name, pending: holder.pending.join(', ') });
  }
  return undefined;
}

/** The wish's source, resolved, with what a restore of it makes; or why it does not serve. At most one read. */
async function planSource(
  { databases, wish, run }: Pick<PlanInput, 'databases' | 'wish' | 'run'>,
  from: Database | undefined,
  freshSnapshot: string,
): Promise<{ source: PlannedSource; kind: Database['kind'] } | Problem> {
  const { source } = wish;
  if (source.kind === 'snapshot' || source.kind === 'newest') {
    const found = await chooseSnapshot(databases, wish.database, from, source);
    if ('code' in found) return found;
    const { id, arn, createdAt = 0, engine, version, sizeGib, type, encrypted } = found;
    const copyAs = found.isToCopy ? { copyAs: sharedCopyName(subjectOf(wish), run) } : {};
    const data = { database: found.database, engine, version, sizeGib, encrypted };
    return { source: { kind: 'snapshot', snapshot: id, arn, createdAt, type, ...copyAs, ...data }, kind: found.kind };
  }
  if (from === undefined) return problem('unknown-database', { database: wish.database });
  const data = {
    database: from.name,
    resourceId: from.resourceId,
    engine: from.engine,
    version: from.version,
    sizeGib: Number(from.settings.allocatedStorage ?? 0),
    encrypted: from.settings.storageEncrypted === true,
  };
  if (source.kind === 'now') {
    const keepsWrites = isSetAsideFirst(source) ? { keepsWrites: true } : {};
    return { source: { kind: 'now', ...keepsWrites, snapshot: freshSnapshot, ...data }, kind: from.kind };
  }
  if (source.kind === 'clone') return unfitClone(from) ?? { source: { kind: 'clone', ...data }, kind: from.kind };
  const unfit = await unfitTime(databases, from, source.at);
  return unfit ?? { source: { kind: 'time', at: source.at, ...data }, kind: from.kind };
}

/** Why no clone can be made of the database. */
export function unfitClone({ name, unclonable }: Database): Problem | undefined {
  return unclonable === undefined ? undefined : problem('not-clonable', { database: name, why: unclonable });
}

/** Why the database cannot be restored to this moment. */
export async function unfitTime(databases: Databases, database: Database, at: number): Promise<Problem | undefined> {
  const window = await databases.restorable(database);
  if (window === undefined) return problem('no-point-in-time', { database: database.name });
  if (at >= window.from && at <= window.to) return undefined;
  return problem('outside-window', {
    database: database.name,
    at: minute(at),
    from: minute(window.from),
    to: minute(window.to),
  });
}

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The snapshot that is meant, or why it does not serve. One read. */
export async function chooseSnapshot(
  databases: Databases,
  database: string,
  from: Pick<Database, 'engine' | 'kind'> | undefined,
  source: Source & { kind: 'snapshot' | 'newest' },
): Promise<Snapshot | Problem> {
  const isNewest = source.kind === 'newest';
  const isLike = (one: Snapshot) => from === undefined || (one.engine === from.engine && one.kind === from.kind);
  const found = isNewest
    ? (await databases.snapshotsOf(database)).find((one) => one.isAvailable && isLike(one) && !isKeepsake(one.id))
    : await databases.snapshot(source.snapshot);
  if (found === undefined)
    return problem('snapshot-not-found', { snapshot: isNewest ? 'newest' : source.snapshot, database });
  if (!found.isAvailable) return problem('snapshot-not-ready', { snapshot: found.id, status: found.status });
  if (found.unusable) return problem('snapshot-unusable', { snapshot: found.id, why: found.unusable });
  return found;
}

async function findModel(
  { snapshots, wish }: Pick<PlanInput, 'snapshots' | 'wish'>,
  live: Database | undefined,
  source: PlannedSource,
): Promise<Model | Problem> {
  if (live) return live;
  const own = source.kind === 'snapshot' ? await snapshots.find(source.snapshot) : undefined;
  // A snapshot of somebody else's carries no settings: then the last known ones of the database count.
  const kept = own ?? (await snapshots.ofDatabase(wish.database))[0];
  return kept ? modelOfSnapshot(kept) : problem('settings-unknown', { database: wish.database });
}

const modelOfSnapshot = (kept: OwnSnapshot): Model => ({ ...kept, name: kept.database, keptWith: kept.id });

/** Why data and settings do not go together. */
export function misfitOf(
  wish: Pick<Wish, 'target' | 'acceptsOtherVersion'>,
  source: Pick<Database, 'engine' | 'version' | 'kind'> & { snapshot?: string; database: string },
  model: Pick<Model, 'name' | 'engine' | 'version' | 'kind'>,
): Problem | undefined {
  const values = {
    snapshot: source.snapshot ?? source.database,
    snapshotEngine: source.engine,
    snapshotVersion: source.version,
    engine: model.engine,
    version: model.version,
    database: model.name,
  };
  if (source.kind !== model.kind) return problem('snapshot-other-kind', values);
  if (source.engine !== model.engine) return problem('snapshot-other-engine', values);
  if (!isOtherVersion(source, model)) return undefined;
  if (wish.target.kind === 'onto') return problem('onto-other-version', values);
  return wish.acceptsOtherVersion ? undefined : problem('snapshot-other-version', values);
}

function snapshotsToTake(
  choice: Choice,
  names: Plan['names'],
  holder: Database | undefined,
  from: Database | undefined,
): Plan['snapshots'] {
  const of = (id: string, purpose: Plan['snapshots'][number]['purpose'], database: Database | undefined) =>
    database ? [{ id, purpose, database: database.name, resourceId: database.resourceId }] : [];
  if (choice.target === 'none') return of(names.freshSnapshot, 'asked', holder);
  const fresh = choice.source === 'now' ? of(names.freshSnapshot, 'source', from) : [];
  // Of the same database at the same moment: one snapshot serves both ends.
  const isBoth = fresh.length > 0 && choice.target === 'replace';
  return [...fresh, ...(choice.safetySnapshot && !isBoth ? of(names.safetySnapshot, 'safety', holder) : [])];
}

async function unfitAccount(
  databases: Databases,
  choice: Choice,
  snapshots: number,
  model: Model,
): Promise<Problem | undefined> {
  const room = await databases.room(model);
  const full = choice.target === 'none' ? undefined : room.copy.find(({ used, max, needed }) => used + needed > max);
  if (full)
    return problem('quota', {
      detail: `${full.used} of ${full.max} ${full.what} are in use, and the copy needs ${full.needed === 1 ? 'one' : full.needed} more`,
    });
  const { what, used, max } = room.snapshots;
  if (snapshots > 0 && used + snapshots > max)
    return problem('quota', { detail: `${used} of ${max} ${what} exist, and this run needs ${snapshots} more` });
  return undefined;
}

/** Storage grows by itself while people decide, and a cluster fails over; that is no other plan. */
const movesWithData = new Set(['allocatedStorage', 'writer']);

/** Settings that belong to one major version of an engine. */
const groupsOfVersion = ['parameterGroup', 'optionGroup'];

function isOtherVersion(
  source: { engine: string; version: string },
  model: { engine: string; version: string },
): boolean {
  return majorVersion(source.engine, source.version) !== majorVersion(model.engine, model.version);
}

function versionWarning(unfit: string[], source: PlannedSource, model: Model): string[] {
  if (unfit.length === 0) return [];
  return [
    `The snapshot holds ${source.engine} ${source.version}, whose parameter and option groups are not those of ${model.version}: the copy gets RDS’s default groups.`,
  ];
}

function warnings(
  target: TargetKind,
  model: Model,
  source: PlannedSource,
  proxies: string[],
  replaced: Database | undefined,
): string[] {
  const found: string[] = [];
  if (source.kind === 'now') {
    const isOneZone =
      model.kind === 'instance' && (model.settings.multiAz !== true || source.engine.startsWith('sqlserver'));
    if (isOneZone) found.push('Taking the snapshot may suspend I/O for a moment, as RDS does on Single-AZ databases.');
    if (source.keepsWrites) found.push(...cutOffWarnings(model));
    else if (takesName(target))
      found.push(
        `Writes between the fresh snapshot and the swap will be lost: stop writers first if they matter${target === 'replace' ? ', or request again with “Keep every write”' : ''}.`,
      );
  }
  if (source.kind === 'clone' && takesName(target))
    found.push('Writes between the clone and the swap will be lost: stop writers first if they matter.');
  if (target === 'none') return found;
  if (source.kind === 'snapshot' && source.copyAs !== undefined)
    found.push(
      `The snapshot is another account’s and encrypted: a copy of it under a key of this account, ${source.copyAs}, is made first, which can take hours. It stays.`,
    );
  if (replaced && replaced.replicas.length > 0)
    found.push(
      `Its read replicas (${replaced.replicas.join(', ')}) follow the old database and not the name; they have to be made again.`,
    );
  if (proxies.length > 0)
    found.push(`The proxies ${proxies.join(', ')} send connections to it; in the end their targets are put right.`);
  if (target === 'onto') found.push(`The data of ${source.database} goes to whoever may read ${replaced?.name ?? ''}.`);
  if (source.version !== model.version && takesName(target))
    found.push(
      `The snapshot holds ${source.engine} ${source.version}; the database runs ${model.version} and will be back on the older one.`,
    );
  if (Object.keys(model.tags).some((key) => key.startsWith('aws:cloudformation:')))
    found.push(
      takesName(target)
        ? 'CloudFormation manages this database: the stack will show drift, and its tags cannot be copied.'
        : 'CloudFormation manages the database: those tags cannot be copied.',
    );
  if (model.keptWith !== undefined)
    found.push(`${model.name} is gone: the settings are those that were kept with ${model.keptWith}.`);
  if (isForGood(target) && model.settings.iamAuthentication === true)
    found.push(
      `IAM authentication is on: policies for rds-db:connect name the database by its resource id ${model.resourceId}, and the copy has another. Put the new id into them; the thread tells it.`,
    );
  const managed = model.settings.managedPassword;
  if (managed !== null && managed !== undefined)
    found.push(
      'Its master password is managed in Secrets Manager: the copy gets a new secret with a new ARN, so whoever reads the old one has to be pointed to it.',
    );
  return found;
}

/**
 * Whether the first backup may wait, and what people should know. Without backups RDS has neither a mirror of SQL Server
 * nor read replicas (RDS User Guide, Backup retention period; ModifyDBInstance), and a cluster keeps one day at least.
 */
function firstBackupOf(
  { target }: Choice,
  keeping: DatabaseSettings,
  { kind, engine, settings }: Model,
  holder: Database | undefined,
): { isAfter: boolean; says?: string } {
  const isAsked = keeping.firstBackup === 'after' && takesName(target) && Number(settings.backupRetention ?? 0) > 0;
  if (!isAsked) return { isAfter: false };
  const why = [
    kind === 'cluster' && 'a cluster keeps backups for one day at least',
    engine.startsWith('sqlserver') && settings.multiAz === true && 'SQL Server with Multi-AZ needs backups',
    (holder?.replicas.length ?? 0) > 0 && 'read replicas need backups of their source',
  ].find((reason) => reason !== false);
  return why === undefined
    ? {
        isAfter: true,
        says: 'Its first backup is made after the swap: AWS documents a second outage for switching automated backups on, and until it is finished there is no point in time to restore to.',
      }
    : {
        isAfter: false,
        says: `policy.yml lets the first backup wait until after the swap, but ${why}: the swap waits for it.`,
      };
}

/** What it means to set the database aside before its snapshot is taken, beyond the outage that the plan shows. */
function cutOffWarnings({ name, kind, settings }: Model): string[] {
  const isOwnKeeper = kind === 'cluster' && Object.keys(membersOf(settings)).length === 0;
  return [
    `From the moment that ${name} is set aside until the copy has its name nobody answers; if anything fails, it gets its name back.`,
    ...(isOwnKeeper
      ? [
          'AWS does not say whether a renamed Multi-AZ DB cluster closes open connections: stop writers that stay connected.',
        ]
      : []),
  ];
}

/** Aurora User Guide, High availability: a failover to a reader takes less than a minute, and most often half of one. */
function memberWarnings({ members }: Database, { onlyMember }: DatabaseSettings): string[] {
  const [first, second] = members;
  if (first === undefined) return [];
  if (second !== undefined)
    return [
      'The names of its members move after the swap: each reader restarts once, and one failover keeps writers waiting for about half a minute.',
    ];
  return onlyMember === 'rename'
    ? [`Its only member ${first.name} restarts when it gets its name: a second outage of two to four minutes.`]
    : [
        `Its only member keeps a temporary name: whoever connects to ${first.name} and not to the cluster has to change.`,
      ];
}

/** PostgreSQL from 10 on counts majors in one number, the others in two: a parameter group fits one of them. */
function majorVersion(engine: string, version: string): string {
  const parts = version.split('.');
  return engine.includes('postgres') ? (parts[0] ?? version) : parts.slice(0, 2).join('.');
}
