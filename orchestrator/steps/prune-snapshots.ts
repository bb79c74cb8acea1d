import { problem, ServiceRefusal } from '../errors';
import { settingsFor } from '../policy';
import type { Databases, OwnSnapshot } from '../ports';
import { type Change, done, fact, planOf, type Step, waiting } from '../step';

/**
 * Deletes snapshots that people asked for earlier and that are past their retention. Only those in our own table, only
 * of this database, never the newest good one, and only after the new one is available.
 */
export const pruneSnapshots: Step = {
  kind: 'step',
  id: 'prune-snapshots',
  title: 'Delete snapshots past their retention',
  limitHours: 6,
  applies: ({ target, prunes }) => target === 'none' && prunes,
  async look({ run, databases, snapshots, policy, now }) {
    const { model } = planOf(run);
    const fresh = run.facts.freshSnapshot && (await databases.snapshot(run.facts.freshSnapshot.id));
    if (!fresh?.isAvailable) return done('Nothing deleted: the new snapshot is gone');
    const { keep, maximumAge } = settingsFor(policy, model.name).snapshots;
    const asked = await goodOnes(databases, await snapshots.ofDatabase(model.name));
    const isPast = (one: OwnSnapshot, index: number) =>
      one.id !== fresh.id &&
      (keep === undefined || index >= keep) &&
      (maximumAge === undefined || now() - one.takenAt > maximumAge);
    const past = asked.filter(isPast).at(-1);
    const pruned = run.facts.pruned ?? [];
    if (past === undefined)
      return done(
        pruned.length === 0 ? 'None is past its retention' : `${pruned.length} deleted: ${pruned.join(', ')}`,
      );
    try {
      await databases.removeSnapshot(past);
    } catch (error) {
      if (!(error instanceof ServiceRefusal) || error.reason === 'transient' || error.reason === 'busy') throw error;
      const why = problem('not-pruned', { snapshot: past.id, detail: error.message });
      const left = { what: 'snapshot', name: past.id, why: why.message } as const;
      const change: Change = (run) => ({ ...run, leftovers: [...run.leftovers, left] });
      return { state: 'stop', kind: 'failed', problem: why, change };
    }
    await snapshots.forget(past.id);
    return waiting(`Deleted ${past.id}`, [], fact({ pruned: [...pruned, past.id] }));
  },
};

/** Those that people asked for and that could be restored now: one that failed, or that somebody deleted, keeps no place. */
async function goodOnes(databases: Pick<Databases, 'snapshot'>, all: OwnSnapshot[]): Promise<OwnSnapshot[]> {
  const asked = all.filter((one) => one.purpose === 'asked');
  const found = await Promise.all(asked.map(({ id }) => databases.snapshot(id)));
  return asked.filter((_, index) => found[index]?.isAvailable === true);
}
