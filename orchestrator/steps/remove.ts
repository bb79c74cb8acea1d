import { isOwnName, runTag } from '../names';
import { settingsFor } from '../policy';
import { done, fact, planOf, type Step, stop, waiting } from '../step';

/** Removes what the hold released: the point of no return. */
export const remove: Step = {
  kind: 'step',
  id: 'remove',
  title: 'Remove the set-aside original',
  limitHours: 24,
  applies: () => true,
  async look({ run, databases, policy, save, now }) {
    const plan = planOf(run);
    const { original, removal } = run.facts;
    if (original === undefined) throw new Error(`run ${run.id} captured nothing`);
    const aside = await databases.byResourceId(original.resourceId);
    const startedAt = removal?.startedAt ?? now();
    if (aside === undefined) {
      const kept = run.facts.finalSnapshot;
      return done(
        kept ? `Removed; ${kept} holds it up to the swap` : 'Removed',
        fact({ removal: { startedAt, doneAt: now() } }),
      );
    }
    const later = waiting(`Removing ${aside.name}`, [aside.resourceId]);
    if (aside.isLeaving) return later;

    const isOurs = aside.name === plan.names.aside && isOwnName(aside.name, run.id) && aside.tags[runTag] === run.id;
    if (!isOurs) return stop('not-ours', { name: aside.name });
    if (aside.replicas.length > 0)
      return stop('has-replicas', { name: aside.name, replicas: aside.replicas.join(', ') });
    if (aside.readiness === 'resting' || aside.readiness === 'failed')
      return stop('not-removable', { name: aside.name, status: aside.status });
    if (aside.deletionProtection) {
      await databases.protect(aside, false);
      return later;
    }
    if (aside.readiness !== 'ready') return later;
    const keeping = settingsFor(policy, plan.target.name);
    const finalSnapshot = keeping.finalSnapshot ? plan.names.finalSnapshot : undefined;
    const begun = fact({ removal: { startedAt }, ...(finalSnapshot && { finalSnapshot }) });
    // An Undo that came while this look was under way wins: from this record on there is no way back.
    const saved = await save((newest) => (newest.stop ? newest : begun(newest)));
    if (saved.stop) return later;
    await databases.remove(aside, { finalSnapshot, keepBackups: keeping.keepAutomatedBackups });
    return later;
  },
};
