import { type Problem, problem } from '../errors';
import { runTag } from '../names';
import { hasEnough, type Policy, type Rule, settingsFor } from '../policy';
import type { Database, Databases } from '../ports';
import { givesName, isLive, isSetAsideFirst, subjectOf, takesName, type Wish } from '../wish';
import { utc } from '../zones';
import type { Choice } from './choice';
import type { Model } from './model';
import { keepingMs, modelName } from './rule';

const maxTags = 50;

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
    at: utc(at),
    from: utc(window.from),
    to: utc(window.to),
  });
}

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

/** What is wrong with the databases that a wish names. */
export function troubleOf(wish: Wish, holder: Database | undefined, from: Database | undefined): Problem | undefined {
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

export async function unfitAccount(
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

/** What stands in the way of a plan for a while only: a run that was asked for waits for it. */
export function isPassing(why: Problem): boolean {
  return ['not-ready', 'quota', 'pending-modifications'].includes(why.code);
}

export function isOtherVersion(
  source: { engine: string; version: string },
  model: { engine: string; version: string },
): boolean {
  return majorVersion(source.engine, source.version) !== majorVersion(model.engine, model.version);
}

/** PostgreSQL from 10 on counts majors in one number, the others in two: a parameter group fits one of them. */
function majorVersion(engine: string, version: string): string {
  const parts = version.split('.');
  return engine.includes('postgres') ? (parts[0] ?? version) : parts.slice(0, 2).join('.');
}
