import type { Cluster } from './cluster';
import { failureEvent } from './events';
import type { Instance } from './instance';
import type { Query } from './query';
import type { World } from './world';

/** One stretch of what happens to an instance. */
export interface Phase {
  /** Undefined: the status stays as it is. */
  status?: string;
  seconds: number;
  enter?(): void;
  leave?(): void;
  stale?: boolean;
  /** An armed fault takes hold here: the phase never ends, or it ends in another status. */
  decisive?: boolean;
}

/** How the work that a call starts is going to end, if somebody armed that. */
export type Outcome = { kind: 'well' } | { kind: 'never' } | { kind: 'ends-in'; status: string };

export function outcomeOf(world: World, operation: string, query: Query): Outcome {
  const fault = world.faults.take({ service: 'rds', operation, body: query.body }, ['ends-in', 'never-ends']);
  if (fault === undefined) return { kind: 'well' };
  if (fault.kind === 'never-ends') return { kind: 'never' };
  return { kind: 'ends-in', status: fault.status ?? 'failed' };
}

/** Plays phases one after another on the virtual clock; what went on before with the instance stops. */
export function play(world: World, subject: Instance | Cluster, phases: readonly Phase[], outcome: Outcome): void {
  subject.work?.cancel();
  let timer = { cancel: () => {} };
  const work = { stale: false, cancel: () => timer.cancel() };
  subject.work = work;

  const end = (status: string) => {
    subject.work = undefined;
    abandon(world, subject);
    world.setStatus(subject, status);
    if (subject.kind === 'instance') world.instanceEvent(subject, failureEvent(status));
    else world.clusterEvent(subject, 'clusterFailed');
  };

  const begin = (index: number): void => {
    const phase = phases[index];
    if (phase === undefined) {
      subject.work = undefined;
      return;
    }
    work.stale = phase.stale ?? false;
    if (phase.status !== undefined) world.setStatus(subject, phase.status);
    phase.enter?.();
    if (phase.decisive && outcome.kind === 'never') return;
    const finish = () => {
      if (phase.decisive && outcome.kind === 'ends-in') return end(outcome.status);
      phase.leave?.();
      world.touch(subject);
      // A phase that ended the work (the instance is gone, or other work took over) has no successor.
      if (subject.work === work) begin(index + 1);
    };
    if (phase.seconds <= 0) finish();
    else timer = world.clock.after(phase.seconds * 1000, finish);
  };
  begin(0);
}

/** Drops what was accepted and will not happen any more. */
export function abandon(world: World, subject: Instance | Cluster): void {
  const taken = subject.kind === 'instance' ? world.taken : world.clusterNamesTaken;
  if (subject.renamingTo !== undefined) taken.delete(subject.renamingTo);
  subject.accepted = [];
  subject.renamingTo = undefined;
  subject.view.PendingModifiedValues = {};
}

/** The backup that RDS takes at once when an instance gets a retention above 0. */
export function baselineBackup(world: World, instance: Instance): Phase {
  return {
    status: 'backing-up',
    seconds: world.knobs.baselineBackupSeconds,
    enter: () => world.instanceEvent(instance, 'backupStarted'),
    leave: () => {
      instance.view.LatestRestorableTime = new Date(world.clock.now());
      world.instanceEvent(instance, 'backupFinished');
    },
  };
}

export const available: Phase = { status: 'available', seconds: 0 };

/** What every restart does to an instance. */
export function restart(world: World, instance: Instance): void {
  for (const group of instance.view.DBParameterGroups) group.ParameterApplyStatus = 'in-sync';
  world.instanceEvent(instance, 'restarted');
  world.touch(instance);
}

export function rebootPhase(world: World, instance: Instance, seconds: number): Phase {
  return {
    status: 'rebooting',
    seconds,
    decisive: true,
    enter: () => world.instanceEvent(instance, 'shutdown'),
    leave: () => restart(world, instance),
  };
}
