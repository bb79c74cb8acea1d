import { type Problem, problem } from '../errors';
import { isKeepsake, sharedCopyName } from '../names';
import type { Database, Databases, Snapshot } from '../ports';
import { isSetAsideFirst, type Source, subjectOf, type Wish } from '../wish';
import type { PlanInput } from './make-plan';
import type { Plan, PlannedSource } from './plan';
import { unfitClone, unfitTime } from './unfit';

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

/** The wish's source, resolved, with what a restore of it makes; or why it does not serve. At most one read. */
export async function planSource(
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

/** The wish with its source resolved as the plan has resolved it: “newest” is chosen once. */
export function pinned<T extends Wish>(wish: T, plan: Plan | undefined): T {
  if (plan?.source.kind !== 'snapshot') return wish;
  const source: Source = { kind: 'snapshot', snapshot: plan.source.snapshot };
  return { ...wish, source };
}
