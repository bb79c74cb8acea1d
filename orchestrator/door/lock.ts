import { type Refused, refused } from '../errors';
import { mention } from '../policy';
import type { Lock } from '../ports';
import { isClosed, type Run } from '../run';
import { subjectOf } from '../wish';
import type { DoorParts } from './parts';

/** Between an Undo's lock and its record lies one write. */
const undoGraceMs = 60_000;

/** Takes the database's lock for a run, from nobody but a run that has ended or, in an emergency, `voidable`. */
export async function reserve(
  parts: Pick<DoorParts, 'runs' | 'clock'>,
  run: Run,
  voidable?: string,
): Promise<Refused | undefined> {
  const subject = subjectOf(run.request);
  const wanted: Lock = {
    database: subject,
    run: run.id,
    requester: run.request.requester.id,
    state: 'reserved',
    at: parts.clock.now(),
  };
  const givingWay = voidable === undefined ? undefined : ({ run: voidable, state: 'reserved' } as const);
  if (await parts.runs.takeLock(wanted, givingWay)) return undefined;
  const lock = await parts.runs.lockOf(subject);
  if (lock === undefined)
    return (await parts.runs.takeLock(wanted)) ? undefined : refused('reserved', lockValues(wanted));
  const holder = await parts.runs.load(lock.run);
  if (isLeft(lock, holder, parts.clock.now()) && (await parts.runs.takeLock(wanted, lock))) return undefined;
  return lockRefusal(lock);
}

export async function lockHeld(parts: DoorParts, database: string): Promise<(Lock & { holder: Run }) | undefined> {
  const lock = await parts.runs.lockOf(database);
  if (lock === undefined) return undefined;
  const holder = await parts.runs.load(lock.run);
  return holder === undefined || isLeft(lock, holder, parts.clock.now()) ? undefined : { ...lock, holder };
}

/** An Undo is a rescue: it takes the lock from a run that still waits for approval, and from nobody else. */
export async function takeLockForUndo(parts: DoorParts, run: Run): Promise<{ ok: true; gaveWay?: Run } | Refused> {
  const { runs, clock } = parts;
  const database = subjectOf(run.request);
  const wanted: Lock = { database, run: run.id, requester: run.request.requester.id, state: 'held', at: clock.now() };
  const [isFree, lock] = await Promise.all([runs.takeLock(wanted), runs.lockOf(database)]);
  if (isFree) return { ok: true };
  // Given back at this very moment.
  if (lock === undefined) return (await runs.takeLock(wanted)) ? { ok: true } : refused('held', lockValues(wanted));
  const holding = runs.load(lock.run);
  const mayTake = lock.state === 'reserved' || (await holding.then((run) => run === undefined || isClosed(run)));
  const [holder, isTaken] = await Promise.all([holding, mayTake && runs.takeLock(wanted, lock)]);
  if (!isTaken) return lockRefusal(lock);
  return holder && !isClosed(holder) ? { ok: true, gaveWay: holder } : { ok: true };
}

/**
 * Whether a lock's holder has gone without freeing it. A finished run that is not being undone holds nothing: it freed
 * its lock, or an Undo took it a moment ago and has yet to say so on the record.
 */
function isLeft(lock: Lock, holder: Run | undefined, now: number): boolean {
  if (holder === undefined || isClosed(holder)) return true;
  return holder.finishedAt !== undefined && holder.stop === undefined && now - lock.at > undoGraceMs;
}

export function lockRefusal(lock: Lock): Refused {
  return refused(lock.state, lockValues(lock));
}

function lockValues(lock: Lock): Record<string, string> {
  return { database: lock.database, run: lock.run, requester: mention([lock.requester]) };
}
