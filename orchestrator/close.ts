import { problem } from './errors';
import { type Meter, measuresOf } from './measures';
import { runTag } from './names';
import type { Clock, Database, Databases, ExecutionStatus, Executions, Runs } from './ports';
import { executionName, isClosed, keptOf, type Leftover, type Run, type StopKind } from './run';
import { owesUndo, type Stage } from './step';
import { isForGood, subjectOf } from './wish';

/** An execution that dies again and again is nothing that another start can mend. */
const maxRecoveries = 20;

interface CloseParts {
  stages: readonly Stage[];
  runs: Runs;
  databases: Databases;
  executions: Executions;
  clock: Clock;
  meter?: Meter;
}

const endOf: Record<StopKind, Run['status']> = {
  denied: 'denied',
  expired: 'expired',
  cancelled: 'cancelled',
  undone: 'undone',
  failed: 'failed',
};

/** The end of every run, however it came: the terminal record, what is left, the lock. Doing it twice is dull. */
export async function close(parts: CloseParts, run: Run): Promise<Run> {
  const { runs, clock } = parts;
  const left = isClosed(run) ? run.leftovers : await findLeftovers(parts.databases, run);
  const at = clock.now();
  const ended = await runs.update(run.id, (newest) => {
    if (isClosed(newest)) return newest;
    const { at: _, until: __, ...rest } = newest;
    const help = newest.help ?? unfinishedLane(parts.stages, newest, at);
    if (help) return { ...rest, status: 'needs-help', help, leftovers: left };
    return { ...rest, status: endStatus(newest), leftovers: left, closedAt: at };
  });
  const final = ended ?? run;
  if (final.status !== 'needs-help') await runs.freeLock(subjectOf(final.request), final.id);
  return final;
}

function endStatus(run: Run): Run['status'] {
  if (run.stop) return endOf[run.stop.kind];
  return run.finishedAt === undefined ? 'failed' : 'succeeded';
}

/** The lane was left before it was through: by an error that no step of ours reported. */
function unfinishedLane(stages: readonly Stage[], run: Run, at: number): Run['help'] {
  if (!run.stop) return undefined;
  const open = stages.find((stage) => {
    return owesUndo(run, stage) && run.steps[stage.id]?.undoneAt === undefined;
  });
  if (open === undefined) return undefined;
  const detail = 'The execution left it before it was done.';
  return { at, step: open.id, problem: problem('undo-failed', { step: open.id, detail }) };
}

/** Every database and snapshot of this run that is still there and has no place of its own, with the reasons already known. */
async function findLeftovers(databases: Databases, run: Run): Promise<Leftover[]> {
  const found: Leftover[] = [...run.leftovers];
  for (const there of await ownDatabases(databases, run)) {
    if (hasItsPlace(run, there.name) || there.isLeaving) continue;
    const { name, resourceId } = there;
    const left: Leftover = { what: 'database', name, resourceId, why: 'this run could not remove it' };
    const known = found.findIndex((before) => isSame(before, left));
    // Written down when it still had another name: people look for it under the one that it has.
    if (known >= 0) found[known] = { ...left, why: found[known]?.why ?? left.why };
    else found.push(left);
  }
  for (const { name, why } of ownSnapshots(run))
    if (name && !found.some((leftover) => leftover.name === name) && (await databases.snapshot(name)))
      found.push({ what: 'snapshot', name, why });
  return found;
}

/** A copy that was asked for and not yet written down is found by its name, and known by its tag. */
async function ownDatabases(databases: Databases, run: Run): Promise<Database[]> {
  const { original, copy } = run.facts;
  const known = [original, copy].map((one) => one && databases.byResourceId(one.resourceId));
  const unknown =
    run.stop && run.plan && copy === undefined ? databases.find(run.plan.names.copy, run.plan.model.kind) : undefined;
  const [first, second, third] = await Promise.all([...known, unknown]);
  const isMade = third?.tags[runTag] === run.id;
  return [first, second, isMade ? third : undefined].filter((one) => one !== undefined);
}

/** Where a run was stopped, the undo that says what it keeps may never have had its turn. */
function ownSnapshots({ facts, request, stop }: Run): { name: string | undefined; why: string }[] {
  const last =
    request.target.kind === 'new'
      ? 'the last state of the clone, with every write to it'
      : 'the last state of the original, up to the swap';
  const always = [
    { name: facts.finalSnapshot, why: last },
    { name: facts.copySnapshot, why: 'what was written to the restored database before it was taken back' },
  ];
  if (stop === undefined) return always;
  return [
    ...always,
    { name: facts.safetySnapshot, why: 'the safety snapshot; delete it when you no longer need it' },
    { name: facts.freshSnapshot?.id, why: 'the snapshot that was taken; delete it when you no longer need it' },
    { name: facts.sharedCopy, why: 'the copy of the shared snapshot; delete it when you no longer need it' },
  ];
}

const isSame = (one: Leftover, other: Leftover): boolean =>
  one.name === other.name || (one.resourceId !== undefined && one.resourceId === other.resourceId);

/** It answers under the name that was lost, taken or given back; a clone's place is one for a while only. */
function hasItsPlace(run: Run, name: string): boolean {
  return isForGood(run.request.target.kind) && name === subjectOf(run.request);
}

/**
 * An execution ended without us: stopped by a person, timed out, or failed on the way. Before the end, a recovery takes
 * back what was made. After it, whoever stopped it did not want the original removed: it stays, named as left over.
 */
export async function endedOutside(
  parts: CloseParts,
  runId: string,
  execution: string,
  status: ExecutionStatus,
): Promise<void> {
  const { runs, executions, clock, databases } = parts;
  const at = clock.now();
  const run = await runs.load(runId);
  if (run === undefined || isClosed(run) || run.status === 'needs-help' || executionName(run) !== execution) return;

  if (run.finishedAt !== undefined && run.stop === undefined) {
    const why = `the execution was ended from outside (${status}) while it was kept; nothing was removed`;
    const left = run.facts.removal?.doneAt === undefined ? await keptFor(databases, run, why) : [];
    await runs.update(run.id, (newest) => {
      if (isClosed(newest) || newest.stop) return newest;
      const { at: _, until: __, ...rest } = newest;
      return {
        ...rest,
        leftovers: [...newest.leftovers.filter((one) => !left.some((other) => isSame(one, other))), ...left],
        closedAt: at,
      };
    });
    await runs.freeLock(subjectOf(run.request), run.id);
    await runs.endWait(run.id);
    return;
  }

  const left = run.recoveries >= maxRecoveries ? await findLeftovers(databases, run) : [];
  const recovered = await runs.update(run.id, (newest) => {
    if (isClosed(newest) || executionName(newest) !== execution) return newest;
    const why = problem('ended-outside', { status });
    const stop = newest.stop ?? { kind: 'failed' as const, at, problem: why };
    if (newest.recoveries >= maxRecoveries) {
      const help = { at, step: newest.at?.step ?? 'plan', problem: why };
      return { ...newest, status: 'needs-help', stop, help, leftovers: left };
    }
    return { ...newest, status: 'stopping', stop, recoveries: newest.recoveries + 1 };
  });
  if (recovered) parts.meter?.(measuresOf(run, recovered));
  if (recovered && recovered.status === 'stopping') {
    await runs.lookAt(run.id, at + 30_000);
    await executions.start(executionName(recovered), run.id);
  }
}

async function keptFor(databases: Databases, run: Run, why: string): Promise<Leftover[]> {
  const kept = keptOf(run);
  const there = kept && (await databases.byResourceId(kept.resourceId));
  return there && !hasItsPlace(run, there.name)
    ? [{ what: 'database', name: there.name, resourceId: there.resourceId, why }]
    : [];
}
