import { isPassing, makePlan, planDifferences, planHash } from '../plan';
import { done, fact, planOf, type Step, stop, waiting } from '../step';

/** Records the original as it is, for good; a database that changed since the approval ends the run untouched. */
export const capture: Step = {
  kind: 'step',
  id: 'capture',
  title: 'Record every setting of the original',
  limitHours: 1,
  applies: () => true,
  async look({ run, databases, policy, stages, locks, now }) {
    const { database, requester } = run.request;
    const approved = planOf(run);
    const made = await makePlan({
      run: run.id,
      database,
      snapshot: approved.source.snapshot,
      databases,
      policy,
      stages,
      now: now(),
    });
    if ('code' in made && isPassing(made)) return waiting(made.message);
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    if (planHash(made) !== run.planHash)
      return stop('changed-since-approval', { database, differences: planDifferences(approved, made).join(', ') });

    const original = await databases.find(database);
    if (original === undefined || original.resourceId !== approved.target.resourceId)
      return stop('database-gone', { database });
    const lock = { database, run: run.id, requester: requester.id, state: 'held', at: now() } as const;
    const isOurs = await locks.takeLock(lock);
    if (!isOurs) return stop('lock-lost', { database });
    const { name, resourceId, arn, settings, tags } = original;
    return done(
      `${Object.keys(settings).length} settings recorded`,
      fact({ original: { name, resourceId, arn, settings, tags } }),
    );
  },
};
