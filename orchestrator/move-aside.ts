import { accepted } from './move-members';
import type { Database } from './ports';
import {
  type Change,
  type Context,
  fact,
  type Outcome,
  planOf,
  remember,
  renameSeconds,
  resting,
  settledMs,
  stop,
  waiting,
} from './step';
import { quietTime } from './windows';

/** The first rename is tried for this long; until it is accepted nothing has happened. */
const tryMs = 30 * 60_000;
/** A rename that was accepted shows within this time. */
export const resendMs = 60_000;

/** Why nothing should be renamed now: an end is busy, has something pending, or is near one of its windows. */
export function whyNotYet(ends: readonly Database[], now: number): string | undefined {
  for (const end of ends) {
    if (end.readiness !== 'ready') return `Waiting until ${end.name} is available (${end.status})`;
    if (end.pending.length > 0) return `Waiting until ${end.name} has applied ${end.pending.join(', ')}`;
    const window = quietTime(end, now);
    if (window) return window;
  }
  return undefined;
}

/** Undefined when everything has been ready for long enough to believe it. */
export function settling(context: Context, step: string, watching: string[]): Outcome | undefined {
  const readyAt = context.record.readyAt ?? context.now();
  const settlesIn = readyAt + settledMs - context.now();
  if (settlesIn <= 0) return undefined;
  return resting('Ready; looking again to be sure', watching, remember(step, { readyAt }), settlesIn / 1000);
}

/**
 * Sends the original away from its name, as long as it is what was captured and the lock is ours. From here on nobody
 * answers under the name, and the outage is counted.
 */
export async function leaveName(
  { run, record, databases, locks, ahead, now }: Context,
  step: string,
  original: Database,
  watching: string[],
): Promise<Outcome> {
  const plan = planOf(run);
  const { name } = plan.target;
  const changed = databases
    .compare(run.facts.original?.settings ?? {}, original)
    .filter((row) => row.verdict === 'different');
  if (changed.length > 0)
    return stop('changed-since-approval', { database: name, differences: changed.map((row) => row.title).join(', ') });
  const lock = await locks.lockOf(name);
  if (lock?.run !== run.id || lock.state !== 'held') return stop('lock-lost', { database: name });

  // Written before the rename is sent: an outage is never reported shorter than it was. A rename that was refused, or
  // whose answer was lost, is sent again at the next look; only when that goes on does the clock start again.
  const sentAt = run.facts.swap?.startedAt;
  const isResent = sentAt !== undefined && now() - sentAt <= resendMs;
  const begun = isResent ? undefined : fact({ swap: { startedAt: now() } });
  const leaving = inFlight({ watching }, `Moving the original to ${plan.names.aside}`, begun);
  ahead(leaving);
  if (await accepted(() => databases.rename(original, plan.names.aside))) return leaving;
  const triedSince = record.actedOn === original.resourceId ? (record.actedAt ?? now()) : now();
  if (now() - triedSince > tryMs) return stop('rename-refused', { database: name });
  const tried = remember(step, { actedAt: triedSince, actedOn: original.resourceId });
  return waiting('RDS does not take the first rename yet; nothing has moved', watching, tried);
}

/** Nobody answers under the name: look again soon. */
export function inFlight(
  { watching }: { watching: string[] },
  note: string | undefined,
  change?: Change,
): Outcome & { state: 'waiting' } {
  return {
    state: 'waiting',
    inSeconds: renameSeconds,
    ...(note && { note }),
    watching,
    isNameInFlight: true,
    ...(change && { change }),
  };
}

/** Whose status says so while its name already has moved, or not yet. */
export const isRenaming = (database: Database): boolean => database.status === 'renaming';

/** A database answers under a name when its address carries it and it takes changes. */
export function isAnswering(database: Database, name: string): boolean {
  return (
    database.name === name &&
    (database.readiness === 'ready' || database.isBackingUp) &&
    database.renamingTo === undefined &&
    (database.endpoint?.startsWith(`${name}.`) ?? false)
  );
}
