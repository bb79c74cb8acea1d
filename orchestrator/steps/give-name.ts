import { runTag } from '../names';
import type { Database } from '../ports';
import { type Context, done, fact, type Outcome, planOf, remember, type Step, settledMs, stop, waiting } from '../step';

/** A rename that was accepted shows within this time; sent again before, it might begin again. */
const resendMs = 60_000;

/**
 * A clone is restored under a name of our own like every copy, and gets its final name only when it is proven equal:
 * nobody meets a half-made database, a failure deletes only what carries our form of name, and no right to delete names
 * that people chose is needed.
 */
export const giveName: Step = {
  kind: 'step',
  id: 'give-name',
  title: 'Give it its name',
  limitHours: 12,
  applies: ({ target }) => target === 'new',
  look,
  undo: { title: 'Take the name off the copy', limitHours: 6, look: takeOff },
};

async function look({ run, record, databases, locks, save, now }: Context): Promise<Outcome> {
  const { name } = planOf(run).target;
  const copy = run.facts.copy && (await databases.byResourceId(run.facts.copy.resourceId));
  if (copy === undefined) return stop('copy-gone', { copy: run.facts.copy?.name ?? name });
  const later = (note: string) => waiting(note, [copy.resourceId]);
  if (copy.name === name) {
    if (!answers(copy)) return waiting(`${name} is ${copy.status}`, [copy.resourceId], unsettled);
    const readyAt = record.readyAt ?? now();
    const answered = fact({ named: { startedAt: run.facts.named?.startedAt ?? readyAt, answeredAt: readyAt } });
    if (now() - readyAt >= settledMs) return done(`${name} answers`, answered);
    return waiting(`${name} answers; looking again to be sure`, [copy.resourceId], (run) =>
      remember('give-name', { readyAt })(answered(run)),
    );
  }
  const isMoving = copy.renamingTo !== undefined || copy.status === 'renaming' || isSent(record.actedAt, now());
  if (isMoving) return later(`${copy.name} becomes ${name}`);
  if (copy.readiness === 'failed') return stop('restore-failed', { copy: copy.name, status: copy.status });
  if (copy.readiness !== 'ready' || copy.pending.length > 0)
    return later(`Waiting until ${copy.name} is available (${copy.status})`);

  if (run.facts.verifiedAt === undefined) throw new Error(`run ${run.id} was never verified`);
  const lock = await locks.lockOf(name);
  if (lock?.run !== run.id || lock.state !== 'held') return stop('lock-lost', { database: name });
  if (await databases.find(name)) return stop('name-taken', { name });
  await save(fact({ named: { startedAt: now() } }));
  await databases.rename(copy, name);
  return waiting(`${copy.name} becomes ${name}`, [copy.resourceId], remember('give-name', { actedAt: now() }));
}

/** Back to a name of our own form, under which it may be deleted. */
async function takeOff({ run, record, databases, now }: Context): Promise<Outcome> {
  const { copy: known, named } = run.facts;
  if (run.plan === undefined || known === undefined || named === undefined) return done();
  const copy = await databases.byResourceId(known.resourceId);
  if (copy === undefined) return done();
  const { names, target } = run.plan;
  const note = `Moving ${copy.name} to ${names.copy}`;
  const later = waiting(note, [copy.resourceId]);
  const isMoving = copy.renamingTo !== undefined || copy.status === 'renaming';
  // The rename to the final name may have been sent a moment ago and not be visible yet.
  const isUnclear = copy.name === names.copy && now() - named.startedAt < resendMs;
  if (isMoving || isUnclear || isSent(record.actedAt, now())) return later;
  if (copy.name !== target.name) return done();
  if (copy.tags[runTag] !== run.id) return stop('not-ours', { name: copy.name });
  if (copy.readiness !== 'ready') return later;
  await databases.rename(copy, names.copy);
  return waiting(note, [copy.resourceId], remember('give-name', { actedAt: now() }));
}

const unsettled = remember('give-name', { readyAt: undefined });

const isSent = (actedAt: number | undefined, now: number): boolean => actedAt !== undefined && now - actedAt < resendMs;

/** A database answers under its name when its address carries it and it takes changes. */
function answers(database: Database): boolean {
  const hasAddress = database.endpoint?.startsWith(`${database.name}.`) ?? false;
  return hasAddress && database.readiness === 'ready' && database.renamingTo === undefined;
}
