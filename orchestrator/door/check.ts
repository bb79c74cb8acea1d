import { type Problem, problem, type Refused, refused, refusedFor } from '../errors';
import { ruleForWish } from '../plan/rule';
import { chooseSnapshot } from '../plan/source';
import { misfitOf, unfitClone, unfitDatabase, unfitTime, unfitWish } from '../plan/unfit';
import type { Rule } from '../policy';
import { judge, type RuleFacts, type Verdict } from '../policy';
import type { Database, Snapshot } from '../ports';
import { channel } from '../rules/channel';
import { reason } from '../rules/reason';
import { requester } from '../rules/requester';
import { ticket } from '../rules/ticket';
import type { RestoreRequest } from '../run';
import { givesName, isLive, subjectOf, Target, type Wish } from '../wish';
import { aboutWish } from './acting';
import type { DoorParts } from './parts';
import { suggestion } from './suggestion';

/** What a run can wait for its time: what it restores was chosen when it was asked for. */
const startWithinMs = 7 * 86_400_000;
/** A time that has just passed while the form was read is no mistake. */
const startSlackMs = 5 * 60_000;

const requestRules = [requester, channel, reason, ticket];

/** What is known of a request before it is made. */
export interface Reviewed {
  ok: true;
  wish: Wish;
  rule: Rule;
  /** Who has the name now that the run takes or works on. */
  holder: Database | undefined;
  /** Whose data it is; absent when the database itself is gone. */
  from: Database | undefined;
  /** The snapshot that would be restored, as far as one is there already. */
  snapshot: Snapshot | undefined;
}

/** Everything that policy.yml and a few reads of RDS can say against a request. */
export async function check<T extends Omit<RestoreRequest, 'at' | 'key'>>(
  parts: DoorParts,
  input: T,
  run: string,
): Promise<(Reviewed & { wish: T; facts: RuleFacts }) | Refused> {
  const { databases, policy, clock } = parts;
  const asked = { ...input, database: input.database.toLowerCase() };
  const isNamed = Target.safeParse(asked.target).success;
  const misnamed = isNamed ? [] : [problem('not-a-name', { name: subjectOf(asked) })];
  // What else is wrong does not depend on how the copy would be called.
  const named = isNamed ? asked : { ...asked, target: { kind: 'replace' as const } };
  const rule = ruleForWish(policy, named);
  if (rule === undefined) {
    const unruled = unruledOf(parts, named);
    return (await databases.find(unruled))
      ? refused('no-rule', { database: unruled })
      : unknownDatabase(parts, unruled);
  }
  const { channel, reason } = input;
  const facts = { ...aboutWish(named, rule, input.requester.id), channel, reason, run };
  // Whoever may not ask at all is not told the rest.
  const stranger = judge([requester], facts);
  if (!stranger.ok) return stranger;
  const wrong = [
    ...misnamed,
    ...requestRules.map((one) => problemOf(one(facts))),
    unfitWish(policy, rule, named),
    unfitStart(asked.startAt, clock.now()),
  ].filter((one) => one !== undefined);
  const holder = await databases.find(subjectOf(named));
  const wish = await settled(parts, named, holder);
  const found = await trouble(parts, wish, holder);
  if (!found.ok) return refusedFor([...wrong, found.problem, ...(found.also ?? [])]) ?? found;
  return refusedFor(wrong) ?? { ...found, wish, rule, holder, facts };
}

/** What is wrong with the databases and the source of a wish, as far as a few reads tell; the plan reads the rest. */
async function trouble(
  parts: DoorParts,
  wish: Wish,
  holder: Database | undefined,
): Promise<Refused | (Pick<Reviewed, 'from' | 'snapshot'> & { ok: true })> {
  const { databases } = parts;
  const subject = subjectOf(wish);
  const isNew = givesName(wish.target.kind);
  const taken = isNew && holder ? [problem('name-taken', { name: subject })] : [];
  if (!isNew && holder === undefined) return unknownDatabase(parts, subject);
  const from = subject === wish.database ? holder : await databases.find(wish.database);
  if (from === undefined && !(await isKept(parts, wish)) && wish.target.kind !== 'onto')
    return unknownDatabase(parts, wish.database);
  for (const one of [holder, from]) {
    const unfit = one && unfitDatabase(one);
    // A stopped database's snapshots can be restored elsewhere.
    const counts = one === holder || isLive(wish.source);
    if (unfit && counts) return { ok: false, problem: unfit };
  }
  const source = await sourceTrouble(parts, wish, from, wish.target.kind === 'onto' ? holder : from);
  if (source && 'code' in source) return refusedFor([...taken, source]) ?? { ok: false, problem: source };
  return refusedFor(taken) ?? { ok: true, from, snapshot: source };
}

/** Why the source does not serve; else the snapshot that was chosen, where it is one. */
async function sourceTrouble(
  parts: DoorParts,
  wish: Wish,
  from: Database | undefined,
  model: Database | undefined,
): Promise<Problem | Snapshot | undefined> {
  const { databases } = parts;
  const { source } = wish;
  if (isLive(source) && from === undefined) return problem('unknown-database', { database: wish.database });
  if (source.kind === 'now' || source.kind === 'clone') {
    const unfit = source.kind === 'clone' && from ? unfitClone(from) : undefined;
    return unfit ?? (from && model && misfitOf(wish, { ...from, database: from.name }, model));
  }
  if (source.kind === 'time') {
    if (from === undefined) return problem('unknown-database', { database: wish.database });
    return (
      (await unfitTime(databases, from, source.at)) ??
      (model && misfitOf(wish, { ...from, database: from.name }, model))
    );
  }
  const found = await chooseSnapshot(databases, wish.database, from, source);
  if ('code' in found) return found;
  return (model && misfitOf(wish, { ...found, snapshot: found.id }, model)) ?? found;
}

/** The database is gone, but a snapshot of ours has kept its settings: it can be cloned, or come back. */
export async function isKept(
  parts: DoorParts,
  { database, target }: Pick<Wish, 'database' | 'target'>,
): Promise<boolean> {
  const canBe = givesName(target.kind) || target.kind === 'replace';
  return canBe && (await parts.snapshots.ofDatabase(database)).length > 0;
}

/** “Its own name” of a database that is gone: there is nothing to replace, so that it comes back. */
async function settled<T extends Wish>(parts: DoorParts, wish: T, holder: Database | undefined): Promise<T> {
  const isGone = wish.target.kind === 'replace' && holder === undefined && (await isKept(parts, wish));
  return isGone ? { ...wish, target: { kind: 'back' } } : wish;
}

/** Of two databases, the one that no rule covers. */
export function unruledOf(parts: DoorParts, wish: Pick<Wish, 'database' | 'target'>): string {
  const alone = { database: wish.database, target: { kind: 'replace' as const } };
  return ruleForWish(parts.policy, alone) ? subjectOf(wish) : wish.database;
}

export async function unknownDatabase(parts: DoorParts, database: string, names?: string[]): Promise<Refused> {
  // Known to RDS and not to the list: a part of another database, which says so itself.
  const { databases } = parts;
  const [there, owner] = await Promise.all([databases.find(database), databases.ownerElsewhere(database)]);
  const unfit = there?.unsupported === undefined ? undefined : unfitDatabase(there);
  if (unfit) return { ok: false, problem: unfit };
  if (there === undefined && owner !== undefined) {
    const why = `it belongs to account ${owner}, which shares it through AWS RAM, and only its owner can rename it`;
    return refused('unsupported', { database, why });
  }
  const known = names ?? (await parts.inventory.list()).map((entry) => entry.name);
  return refused('unknown-database', { database, suggestion: suggestion(database, known) ?? '' });
}

const problemOf = (verdict: Verdict): Problem | undefined => (verdict.ok ? undefined : verdict.problem);

/** Why a run may not begin at this time. */
function unfitStart(startAt: number | undefined, now: number): Problem | undefined {
  if (startAt === undefined) return undefined;
  if (startAt < now - startSlackMs) return problem('start-past');
  const days = String(startWithinMs / 86_400_000);
  return startAt > now + startWithinMs ? problem('start-too-far', { days }) : undefined;
}
