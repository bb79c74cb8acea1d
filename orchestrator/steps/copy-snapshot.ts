import { runTag } from '../names';
import {
  type Context,
  done,
  fact,
  lookSeconds,
  modelOf,
  type Outcome,
  planOf,
  type Step,
  stop,
  waiting,
} from '../step';

/** RDS restores an encrypted snapshot of another account only from a copy that this account has made under a key of its own. */
export const copySnapshot: Step = {
  kind: 'step',
  id: 'copy-snapshot',
  title: 'Copy the shared snapshot',
  limitHours: 72,
  applies: ({ copiesSnapshot }) => copiesSnapshot,
  look,
  undo: { title: 'Delete the copied snapshot', limitHours: 6, look: deleteCopy },
};

async function look({ run, databases, snapshots, now }: Context): Promise<Outcome> {
  const { source } = planOf(run);
  if (source.kind !== 'snapshot' || source.copyAs === undefined) return done();
  const id = source.copyAs;
  const copied = await databases.snapshot(id);
  if (copied?.hasFailed) return stop('snapshot-failed', { snapshot: id, status: copied.status });
  if (copied?.isAvailable) return done(`${id} is available, under a key of this account`, fact({ sharedCopy: id }));
  if (copied) {
    const percent = copied.percent === undefined ? {} : { percent: copied.percent };
    return { state: 'waiting', inSeconds: lookSeconds, note: `Making ${id}`, watching: [id], ...percent };
  }
  const shared = await databases.snapshot(source.snapshot);
  if (shared === undefined) return stop('snapshot-not-found', { snapshot: source.snapshot });
  if (shared.arn !== source.arn || shared.createdAt !== source.createdAt)
    return stop('changed-since-approval', { database: source.database, differences: 'the snapshot' });
  const { name: database, settings, tags } = modelOf(run);
  const { kind, engine, version } = shared;
  const taken = { run: run.id, purpose: 'shared', takenAt: now(), resourceId: planOf(run).model.resourceId } as const;
  // Written first: what is not written down is never ours to delete.
  await snapshots.write({
    id,
    database,
    ...taken,
    kind,
    engine,
    version,
    class: planOf(run).target.class,
    settings,
    tags,
  });
  const kmsKey = typeof settings.kmsKey === 'string' ? settings.kmsKey : undefined;
  await databases.copySnapshot(shared, id, kmsKey, { [runTag]: run.id });
  return waiting(`Making ${id}`, [id], fact({ sharedCopy: id }));
}

/** Nobody but this run needs it. A copy that is still being made is deleted when it is there. */
async function deleteCopy({ run, databases, snapshots }: Context): Promise<Outcome> {
  const id = run.facts.sharedCopy;
  const own = id === undefined ? undefined : await snapshots.find(id);
  if (id === undefined || own === undefined) return done();
  const copied = await databases.snapshot(id);
  if (copied === undefined) {
    await snapshots.forget(id);
    return done('Deleted');
  }
  if (!copied.isAvailable && !copied.hasFailed) return waiting(`Waiting until ${id} can be deleted`, [id]);
  await databases.removeSnapshot(own);
  return waiting(`Deleting ${id}`, [id]);
}
