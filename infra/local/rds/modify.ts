import { type Wanted, wantedChanges } from './changes';
import { refuseGoverned, refuseOwnMember } from './cluster';
import { invalidCombination, RdsError } from './errors';
import type { Change, Instance } from './instance';
import {
  available,
  baselineBackup,
  type Outcome,
  outcomeOf,
  type Phase,
  play,
  rebootPhase,
  restart,
} from './lifecycle';
import { instanceName } from './naming';
import type { Query } from './query';
import { renamePhases } from './rename';
import type { World } from './world';

/** A Modify to the name that the instance already has restarts it. */
type NameChange = 'none' | 'rename' | 'restart';

/** Source: ModifyDBInstance. */
export function modifyInstance(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  const now = query.flag('ApplyImmediately') ?? false;
  const newName = wantedName(query);
  if (instance.view.DBClusterIdentifier !== undefined) {
    refuseOwnMember(world, instance);
    refuseGoverned(query);
  }
  const wanted = wantedChanges(world, instance, query);
  const isEmpty = newName === undefined && wanted.mentioned === 0 && !(now && hasDeferred(instance));
  if (isEmpty) throw invalidCombination('No modifications were requested');
  checkModifiable(world, instance, newName);
  if (newName !== undefined) checkNameFree(world, instance, newName);
  else if (now && instance.deferredName !== undefined) checkNameFree(world, instance, instance.deferredName);

  const outcome = outcomeOf(world, 'ModifyDBInstance', query);
  for (const apply of wanted.atOnce) apply(instance.view);
  world.touch(instance);
  const accepted = accept(instance, wanted, now);
  const name = takeName(world, instance, newName, now);
  if (accepted || name !== 'none' || wanted.atOnce.length > 0) begin(world, instance, outcome, name === 'restart');
  return { DBInstance: world.show(instance) };
}

function wantedName(query: Query): string | undefined {
  const given = query.text('NewDBInstanceIdentifier');
  return given === undefined ? undefined : instanceName(given, 'NewDBInstanceIdentifier');
}

function hasDeferred(instance: Instance): boolean {
  return instance.deferred.size > 0 || instance.deferredName !== undefined;
}

/** @throws InvalidDBInstanceState */
function checkModifiable(world: World, instance: Instance, newName: string | undefined): void {
  const { DBInstanceStatus: status, DBInstanceIdentifier: name } = instance.view;
  const isBackingUp = status === 'backing-up' && world.knobs.modifyWhileBackingUp === 'accept';
  const isReady = status === 'available' || status === 'storage-optimization' || isBackingUp;
  if (!isReady) {
    throw new RdsError('InvalidDBInstanceState', `Database instance is not in available state. ${name} is ${status}.`);
  }
  if (instance.work === undefined) return;
  // The flash of a rename: it says available, and it is going to reboot.
  const isFlash = status === 'available' && !instance.work.stale;
  if (isFlash)
    throw new RdsError('InvalidDBInstanceState', `Database instance ${name} has a modification in progress.`);
  if (!instance.work.stale) return;
  const otherName = newName !== undefined && instance.renamingTo !== undefined && instance.renamingTo !== newName;
  if (world.knobs.modifyWhileStale === 'refuse' || otherName) {
    throw new RdsError('InvalidDBInstanceState', `Database instance ${name} has a modification in progress.`);
  }
}

/** @throws DBInstanceAlreadyExists */
function checkNameFree(world: World, instance: Instance, name: string): void {
  const owner = world.taken.get(name);
  if (owner !== undefined && owner !== instance.view.DbiResourceId) {
    throw new RdsError('DBInstanceAlreadyExists', 'DB Instance already exists');
  }
}

/** Sorts the changes into those of this work and those that wait; answers whether there is any for this work. */
function accept(instance: Instance, wanted: Wanted, now: boolean): boolean {
  const { view } = instance;
  for (const key of wanted.withdrawn) instance.deferred.delete(key);
  for (const [key, change] of wanted.inWindow) {
    if (now) instance.accepted.push(change);
    else instance.deferred.set(key, change);
  }
  instance.accepted.push(...wanted.soon.values());
  if (now) {
    for (const [key, change] of instance.deferred) if (!wanted.inWindow.has(key)) instance.accepted.push(change);
    instance.deferred.clear();
  }
  view.PendingModifiedValues = pendingValues(instance);
  return instance.accepted.length > 0;
}

function pendingValues(instance: Instance): Instance['view']['PendingModifiedValues'] {
  const pending: Instance['view']['PendingModifiedValues'] = {};
  for (const change of [...instance.accepted, ...instance.deferred.values()]) Object.assign(pending, change.pending);
  const name = instance.renamingTo ?? instance.deferredName;
  if (name !== undefined) pending.DBInstanceIdentifier = name;
  return pending;
}

function takeName(world: World, instance: Instance, asked: string | undefined, now: boolean): NameChange {
  const { view } = instance;
  const name = asked ?? (now ? instance.deferredName : undefined);
  if (name === undefined) return 'none';
  if (!now) {
    instance.deferredName = name === view.DBInstanceIdentifier ? undefined : name;
    view.PendingModifiedValues = pendingValues(instance);
    return 'none';
  }
  instance.deferredName = undefined;
  if (name === view.DBInstanceIdentifier) {
    view.PendingModifiedValues = pendingValues(instance);
    return 'restart';
  }
  instance.renamingTo = name;
  world.taken.set(name, view.DbiResourceId);
  view.PendingModifiedValues = pendingValues(instance);
  return 'rename';
}

function begin(world: World, instance: Instance, outcome: Outcome, reboots: boolean): void {
  // The work that this Modify joins is still stale: it starts over with everything that is accepted by now.
  const { knobs } = world;
  const changes = instance.accepted;
  const statuses = new Set(changes.map((change) => change.status));
  const isInstant = changes.length === 0;
  const phases: Phase[] = [{ seconds: knobs.staleSeconds, stale: true }];
  if (isInstant && instance.renamingTo === undefined && !reboots) {
    phases.push({ status: 'modifying', seconds: knobs.instantModifySeconds, decisive: true });
  }
  for (const status of statuses) {
    const mine = changes.filter((change) => change.status === status);
    phases.push({
      status,
      seconds: status === 'modifying' || status === 'upgrading' ? knobs.modifySeconds : knobs.configureSeconds,
      decisive: true,
      enter: () => {
        if (mine.some((change) => change.restarts)) world.instanceEvent(instance, 'shutdown');
      },
      leave: () => finish(world, instance, mine),
    });
  }
  if (instance.renamingTo !== undefined) phases.push(...renamePhases(world, instance, instance.renamingTo));
  else if (reboots) phases.push(rebootPhase(world, instance, knobs.renameRebootSeconds));
  if (changes.some((change) => change.optimizes)) {
    phases.push({ status: 'storage-optimization', seconds: knobs.storageOptimizationSeconds });
  }
  if (changes.some((change) => change.startsBackups)) phases.push(baselineBackup(world, instance));
  phases.push(available);
  play(world, instance, phases, outcome);
}

function finish(world: World, instance: Instance, changes: readonly Change[]): void {
  const { view } = instance;
  for (const change of changes) change.apply(view);
  instance.accepted = instance.accepted.filter((change) => !changes.includes(change));
  view.PendingModifiedValues = pendingValues(instance);
  if (changes.some((change) => change.restarts)) restart(world, instance);
}
