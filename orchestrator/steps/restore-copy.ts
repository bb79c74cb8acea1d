import { ServiceRefusal } from '../errors';
import { isOwnName, runTag } from '../names';
import type { Database, Databases } from '../ports';
import { named } from '../reads';
import type { Run } from '../run';
import {
  type Context,
  done,
  fact,
  keptWith,
  modelOf,
  type Outcome,
  planOf,
  remember,
  resting,
  type Step,
  settingsUntilSwap,
  stop,
  waiting,
} from '../step';
import { subjectOf } from '../wish';
import { utc } from '../zones';

/** A restore whose answer was lost shows within this time, or was never begun. */
const appearMs = 5 * 60_000;

/** Restores beside the original, under a name of our own, with every setting that the call takes. */
export const restoreCopy: Step = {
  kind: 'step',
  id: 'restore-copy',
  title: 'Restore a copy beside it',
  titles: { back: 'Restore it under a temporary name' },
  limitHours: 72,
  applies: ({ target }) => target !== 'none',
  look,
  undo: { title: 'Delete the copy', limitHours: 24, look: deleteCopy },
};

async function look(context: Context): Promise<Outcome> {
  const { run, databases } = context;
  const from = sourceWords(run);
  const copy = await findCopy(databases, run);
  if (copy === undefined) {
    if (run.facts.copy) return stop('copy-gone', { copy: run.facts.copy.name });
    return begin(context, `Restoring ${planOf(run).names.copy} from ${from}`);
  }

  if (copy.tags[runTag] !== run.id) return stop('name-taken', { name: copy.name });
  const { name, resourceId, arn } = copy;
  const change = run.facts.copy ? undefined : fact({ copy: { name, resourceId, arn } });
  if (copy.readiness === 'failed')
    return { ...stop('restore-failed', { copy: name, status: copy.status }), ...(change && { change }) };
  const answers = copy.endpoint !== undefined && (copy.readiness === 'ready' || copy.isBackingUp);
  if (answers) return done(`${name} answers`, change);
  return resting(`Restoring ${name} from ${from} (${copy.status})`, [resourceId], change);
}

/** Sends the one call that makes the copy; answers what stands in the way of it. */
async function begin({ run, databases, ahead, now }: Context, note: string): Promise<Outcome> {
  const { source, names, model } = planOf(run);
  const wanted = modelOf(run);
  const copy = { name: names.copy, settings: settingsUntilSwap(run), tags: { ...wanted.tags, [runTag]: run.id } };
  const send = async (call: () => Promise<void>): Promise<Outcome> => {
    const sent = waiting(note, [named(names.copy)], remember('restore-copy', { actedAt: now() }));
    ahead(sent);
    await unlessTaken(call);
    return sent;
  };
  if (source.kind === 'time' || source.kind === 'clone') {
    const from = await databases.byResourceId(source.resourceId);
    if (from === undefined) return stop('database-gone', { database: source.database });
    if (source.kind === 'clone') return send(() => databases.clone({ from, ...copy }));
    return send(() => databases.restoreToTime({ from, at: source.at, ...copy }));
  }
  const copyAs = source.kind === 'snapshot' ? source.copyAs : undefined;
  const snapshot = await databases.snapshot(copyAs ?? source.snapshot);
  if (snapshot === undefined) return stop('snapshot-not-found', { snapshot: copyAs ?? source.snapshot });
  const isOwn = source.kind === 'now' || copyAs !== undefined;
  const isApproved = isOwn || (snapshot.arn === source.arn && snapshot.createdAt === source.createdAt);
  if (!isApproved) return stop('changed-since-approval', { database: source.database, differences: 'the snapshot' });
  const like = model.keptWith === undefined ? await databases.byResourceId(model.resourceId) : undefined;
  if (like === undefined && model.keptWith === undefined) return stop('database-gone', { database: model.name });
  return send(() => databases.restore({ snapshot, like, ...copy }));
}

function sourceWords(run: Run): string {
  const { source } = planOf(run);
  if (source.kind === 'clone') return `${source.database}, as a clone`;
  return source.kind === 'time' ? `${source.database} as of ${utc(source.at)}` : source.snapshot;
}

/** Deletes what this run made, and only that; a copy that people have used is kept as a snapshot. */
async function deleteCopy({ run, record, databases, snapshots, save, now }: Context): Promise<Outcome> {
  if (run.plan === undefined) return done();
  const copy = await findCopy(databases, run);
  if (copy === undefined && run.facts.copy) return done(deletedNote(run));
  const sentAt = Math.max(record.actedAt ?? 0, record.undoStartedAt ?? 0);
  const mayAppear = record.actedAt !== undefined && now() - sentAt < appearMs;
  if (copy === undefined) return mayAppear ? waiting('Making sure that no copy appears') : done();
  if (copy.isLeaving) return resting(`Deleting ${copy.name}`, [copy.resourceId]);

  const isRecorded = run.facts.copy === undefined || run.facts.copy.resourceId === copy.resourceId;
  const isOurs =
    isRecorded && copy.tags[runTag] === run.id && isOwnName(copy.name, run.id) && copy.name !== subjectOf(run.request);
  if (!isOurs && run.facts.copy === undefined) return done();
  if (!isOurs) return stop('not-ours', { name: copy.name });
  if (copy.replicas.length > 0) return stop('has-replicas', { name: copy.name, replicas: copy.replicas.join(', ') });
  if (copy.deletionProtection) {
    await databases.protect(copy, false);
    return waiting(`Deleting ${copy.name}`, [copy.resourceId]);
  }
  const hasAnswered = run.facts.swap?.takenAt !== undefined || run.facts.named?.answeredAt !== undefined;
  const finalSnapshot = hasAnswered ? run.plan.names.copySnapshot : undefined;
  if (finalSnapshot) {
    // As it answered under the name, and not under the one of the run's that it has by now.
    const { settings, tags } = modelOf(run);
    const known = { ...copy, name: run.plan.target.name, settings, tags };
    await snapshots.write(keptWith(finalSnapshot, known, { run: run.id, purpose: 'copy', at: now() }));
    await save(fact({ copySnapshot: finalSnapshot }));
  }
  await databases.remove(copy, { finalSnapshot, keepBackups: hasAnswered });
  const change = run.facts.copy
    ? undefined
    : fact({ copy: { name: copy.name, resourceId: copy.resourceId, arn: copy.arn } });
  return waiting(`Deleting ${copy.name}`, [copy.resourceId], change);
}

/** RDS may hide for a moment what it has just begun to make: whose the name is, the next look's tag check says. */
async function unlessTaken(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ServiceRefusal && error.reason === 'taken')) throw error;
  }
}

function deletedNote(run: Run): string {
  const kept = run.facts.copySnapshot;
  return kept ? `Deleted; what was written to it is kept in ${kept}` : 'Deleted';
}

/** By resource id once it is known: names move. */
async function findCopy(databases: Databases, run: Run): Promise<Database | undefined> {
  if (run.facts.copy) return databases.byResourceId(run.facts.copy.resourceId);
  return run.plan && databases.find(run.plan.names.copy, run.plan.model.kind);
}
