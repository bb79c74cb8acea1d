import { runTag } from '../names';
import { done, fact, lookSeconds, planOf, type Step, stop, waiting } from '../step';

/** A snapshot of the original before anything is renamed; kept when the run is taken back. */
export const snapshot: Step = {
  kind: 'step',
  id: 'snapshot',
  title: 'Take a safety snapshot',
  limitHours: 24,
  applies: (choice) => choice.safetySnapshot,
  async look({ run, databases }) {
    const plan = planOf(run);
    const id = plan.names.safetySnapshot;
    const taken = await databases.snapshot(id);
    if (taken?.isAvailable) return done(`${id} is available`, fact({ safetySnapshot: id }));
    if (taken?.hasFailed) return stop('snapshot-failed', { snapshot: id, status: taken.status });
    if (taken)
      return {
        state: 'waiting',
        inSeconds: lookSeconds,
        note: `Making ${id}`,
        watching: [id],
        ...(taken.percent !== undefined && { percent: taken.percent }),
      };

    const original = await databases.find(plan.target.name);
    if (original?.resourceId !== plan.target.resourceId) return stop('database-gone', { database: plan.target.name });
    if (original.readiness !== 'ready')
      return waiting(`Waiting until ${original.name} is available (${original.status})`);
    await databases.takeSnapshot(original, id, { [runTag]: run.id });
    return waiting(`Making ${id}`, [id], fact({ safetySnapshot: id }));
  },
  undo: {
    title: 'Keep the safety snapshot',
    limitHours: 1,
    async look({ run, databases }) {
      const id = run.plan?.names.safetySnapshot;
      const taken = id === undefined ? undefined : await databases.snapshot(id);
      if (id === undefined || taken === undefined || taken.hasFailed) return done();
      const leftover = {
        what: 'snapshot',
        name: id,
        why: 'the safety snapshot; delete it when you no longer need it',
      } as const;
      return done(`Kept ${id}`, (run) =>
        run.leftovers.some((one) => one.name === id) ? run : { ...run, leftovers: [...run.leftovers, leftover] },
      );
    },
  },
};
