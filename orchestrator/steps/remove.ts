import { isOwnName, runTag } from '../names';
import { settingsFor } from '../policy';
import type { Database } from '../ports';
import { keptOf } from '../run';
import {
  type Context,
  done,
  fact,
  idling,
  keptWith,
  modelOf,
  type Outcome,
  planOf,
  remember,
  type Step,
  stop,
  waiting,
} from '../step';
import { takesName } from '../wish';

/** Removes what the hold released: the point of no return. */
export const remove: Step = {
  kind: 'step',
  id: 'remove',
  title: 'Remove the set-aside original',
  titles: { new: 'Remove the clone' },
  limitHours: 24,
  applies: ({ target }) => takesName(target) || target === 'new',
  async look(context) {
    const { run, databases, snapshots, policy, locks, ahead, now } = context;
    const plan = planOf(run);
    const kept = keptOf(run);
    if (kept === undefined) throw new Error(`run ${run.id} has kept nothing`);
    const { removal } = run.facts;
    const aside = await databases.byResourceId(kept.resourceId);
    const startedAt = removal?.startedAt ?? now();
    if (aside === undefined) {
      if (plan.target.kind === 'new') await locks.freeLock(plan.target.name, run.id);
      const final = run.facts.finalSnapshot;
      return done(
        final ? `Removed; ${final} holds its last state` : 'Removed',
        fact({ removal: { startedAt, doneAt: now() } }),
      );
    }
    const later = waiting(`Removing ${aside.name}`, [aside.resourceId]);
    if (aside.isLeaving) return idling(`Removing ${aside.name}`, [aside.resourceId]);

    const isClone = plan.target.kind === 'new' && aside.name === plan.target.name;
    const hasOwnName = aside.name === plan.names.aside && isOwnName(aside.name, run.id);
    const isOurs = (hasOwnName || isClone) && aside.tags[runTag] === run.id;
    if (!isOurs) return stop('not-ours', { name: aside.name });
    if (aside.replicas.length > 0)
      return stop('has-replicas', { name: aside.name, replicas: aside.replicas.join(', ') });
    if (aside.readiness === 'resting' || aside.readiness === 'failed')
      return stop('not-removable', { name: aside.name, status: aside.status });
    if (aside.deletionProtection) {
      await databases.protect(aside, false);
      return later;
    }
    if (aside.readiness !== 'ready' || aside.renamingTo !== undefined) return later;
    if (isClone) return setAside(context, aside);
    const keeping = settingsFor(policy, plan.model.name);
    const finalSnapshot = keeping.finalSnapshot ? plan.names.finalSnapshot : undefined;
    if (finalSnapshot) {
      // As it was while it served: set aside, it has lost its members' names and its protection, and has our tag.
      const { settings, tags } = run.facts.original ?? modelOf(run);
      const last = { ...aside, name: plan.target.name, settings, tags };
      await snapshots.write(keptWith(finalSnapshot, last, { run: run.id, purpose: 'final', at: now() }));
    }
    const begun = fact({ removal: { startedAt }, ...(finalSnapshot && { finalSnapshot }) });
    const removing = idling(`Removing ${aside.name}`, [aside.resourceId], begun);
    // An Undo that came while this look was under way wins: from this record on there is no way back.
    ahead(removing);
    await databases.remove(aside, { finalSnapshot, keepBackups: keeping.keepAutomatedBackups });
    return removing;
  },
};

/**
 * A clone first gives up its name for one of our own form: what answers under a name that people chose is never deleted.
 * The lock keeps another run from restoring it meanwhile.
 */
async function setAside({ run, record, databases, locks, now }: Context, clone: Database): Promise<Outcome> {
  const plan = planOf(run);
  const { id: requester } = run.request.requester;
  const note = `Moving ${clone.name} to ${plan.names.aside}, to be removed`;
  // An accepted rename shows within a minute; sent again before, it might begin again.
  const isSent = record.actedAt !== undefined && now() - record.actedAt < 60_000;
  if (isSent) return waiting(note, [clone.resourceId]);
  const isFree = await locks.takeLock({ database: clone.name, run: run.id, requester, state: 'held', at: now() });
  if (!isFree) return waiting(`Waiting until another run is done with ${clone.name}`, [clone.resourceId]);
  await databases.rename(clone, plan.names.aside);
  return waiting(note, [clone.resourceId], remember('remove', { actedAt: now() }));
}
