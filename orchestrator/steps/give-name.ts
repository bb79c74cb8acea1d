import { type MemberNames, memberNames, standIn, writerName } from '../member-names';
import { accepted, moveMembers } from '../move-members';
import { runTag } from '../names';
import type { Database } from '../ports';
import type { Run } from '../run';
import {
  type Context,
  done,
  fact,
  modelOf,
  type Outcome,
  planOf,
  remember,
  type Step,
  settledMs,
  stop,
  waiting,
} from '../step';
import { givesName } from '../wish';

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
  applies: ({ target }) => givesName(target),
  look,
  undo: { title: 'Take the name off the copy', limitHours: 6, look: takeOff },
};

async function look(context: Context): Promise<Outcome> {
  const { run, record, databases, locks, save, now } = context;
  const { name } = planOf(run).target;
  const copy = run.facts.copy && (await databases.byResourceId(run.facts.copy.resourceId));
  if (copy === undefined) return stop('copy-gone', { copy: run.facts.copy?.name ?? name });
  const later = (note: string) => waiting(note, [copy.resourceId]);
  if (copy.name === name) {
    if (run.facts.named?.membersFrom !== undefined) return nameMembers(context, copy);
    if (!answers(copy)) return waiting(`${name} is ${copy.status}`, [copy.resourceId], unsettled);
    const readyAt = record.readyAt ?? now();
    const named = { startedAt: run.facts.named?.startedAt ?? readyAt, answeredAt: readyAt };
    const answered = fact({ named });
    if (now() - readyAt >= settledMs && membersToName(run).length > 0)
      return waiting('Moving the members’ names', [copy.resourceId], (run) =>
        unsettled(fact({ named: { ...named, membersFrom: now() } })(run)),
      );
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

  const members = membersToName(run);
  const heir = standIn(copy, members.find(({ own }) => own === writerName(modelOf(run).settings))?.temporary);
  if (heir !== undefined) {
    await accepted(() => databases.failOver(copy, heir));
    return later('Making ready to move the members’ names');
  }
  if (run.facts.verifiedAt === undefined) throw new Error(`run ${run.id} was never verified`);
  const lock = await locks.lockOf(name);
  if (lock?.run !== run.id || lock.state !== 'held') return stop('lock-lost', { database: name });
  if (await databases.find(name)) return stop('name-taken', { name });
  await save(fact({ named: { startedAt: now() } }));
  await databases.rename(copy, name);
  return waiting(`${copy.name} becomes ${name}`, [copy.resourceId], remember('give-name', { actedAt: now() }));
}

/** Whoever comes back has members with names of their own; a clone's keep those of the run, beside their models. */
function membersToName(run: Run): MemberNames[] {
  const isBack = run.request.target.kind === 'back';
  return isBack ? memberNames(modelOf(run).settings, planOf(run).names) : [];
}

async function nameMembers(context: Context, holder: Database): Promise<Outcome> {
  const { run } = context;
  const arriving = membersToName(run).map(({ own, temporary }) => ({ from: temporary, to: own }));
  const writer = writerName(modelOf(run).settings);
  const moved = await moveMembers(context, { holder, other: undefined, arriving, leaving: [], writer }, 'give-name');
  return moved.state === 'done' ? { ...moved, note: `${holder.name} answers` } : moved;
}

/** Back to a name of our own form, under which it may be deleted. */
async function takeOff({ run, record, databases, save, now }: Context): Promise<Outcome> {
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
  // It has the name and is available: people may have met it, although no look has seen it answer. What was written to
  // it is kept when it goes.
  if (named.answeredAt === undefined) await save(fact({ named: { ...named, answeredAt: now() } }));
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
