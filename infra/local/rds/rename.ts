import { clusterOf, showMembers } from './cluster';
import type { Instance } from './instance';
import { type Phase, restart } from './lifecycle';
import type { World } from './world';

/**
 * What a rename looks like from outside, after the stretch in which Describe still shows the old name as available:
 * `renaming` under the old name; not found under the old name; for a while not found under the new name either,
 * although a filter by resource id finds it all the time; perhaps a flash of `available`; `rebooting`; `available`.
 * Source: RDS User Guide, Renaming a DB instance; boto3 issues 609 and 2613; ModifyDBInstance.
 */
export function renamePhases(world: World, instance: Instance, newName: string): Phase[] {
  const { knobs } = world;
  const toGone = Math.max(0, knobs.renameOldGoneSeconds - knobs.staleSeconds);
  const toVisible = Math.max(0, knobs.renameNewVisibleSeconds - knobs.renameOldGoneSeconds);
  const oldName = instance.view.DBInstanceIdentifier;
  const phases: Phase[] = [
    {
      status: 'renaming',
      seconds: toGone,
      decisive: true,
      leave: () => {
        world.instanceEvent(instance, 'shutdown');
        moveName(world, instance, newName);
        const lag = Math.max(0, knobs.renameOldFreeSeconds - knobs.renameOldGoneSeconds);
        world.clock.after(lag * 1000, () => release(world, oldName, instance));
      },
    },
    {
      seconds: toVisible,
      leave: () => {
        world.byName.set(newName, instance);
        if (knobs.renameFlashEndpoint === 'new') instance.view.Endpoint = world.endpoint(instance);
      },
    },
  ];
  if (knobs.renameFlashSeconds > 0) phases.push({ status: 'available', seconds: knobs.renameFlashSeconds });
  phases.push({
    status: 'rebooting',
    seconds: knobs.renameRebootSeconds,
    leave: () => {
      instance.view.Endpoint = world.endpoint(instance);
      restart(world, instance);
    },
  });
  return phases;
}

/** Name and ARN change; resource id, tags, roles, secret and replicas stay with the instance. */
function moveName(world: World, instance: Instance, newName: string): void {
  const { view } = instance;
  const oldName = view.DBInstanceIdentifier;
  world.byName.delete(oldName);
  view.DBInstanceIdentifier = newName;
  view.DBInstanceArn = world.instanceArn(newName);
  instance.renamingTo = undefined;
  const { DBInstanceIdentifier: _, ...pending } = view.PendingModifiedValues;
  view.PendingModifiedValues = pending;
  for (const other of world.instances.values()) {
    const replicas = other.view.ReadReplicaDBInstanceIdentifiers;
    if (other.view.ReadReplicaSourceDBInstanceIdentifier === oldName) {
      other.view.ReadReplicaSourceDBInstanceIdentifier = newName;
    } else if (replicas.includes(oldName)) {
      other.view.ReadReplicaDBInstanceIdentifiers = replicas.map((name) => (name === oldName ? newName : name));
    } else continue;
    world.touch(other);
  }
  if (world.knobs.snapshotsFollowRename) {
    for (const snapshot of world.snapshots.values()) {
      if (snapshot.view.DbiResourceId !== view.DbiResourceId) continue;
      snapshot.view.DBInstanceIdentifier = newName;
      world.touch(snapshot);
    }
  }
  const cluster = clusterOf(world, instance);
  if (cluster !== undefined) showMembers(world, cluster);
  world.touch(instance);
}

/** The old name may be taken by others from now on, unless its bearer has taken it back meanwhile. */
function release(world: World, oldName: string, instance: Instance): void {
  const isMine = world.taken.get(oldName) === instance.view.DbiResourceId;
  const isBack = instance.view.DBInstanceIdentifier === oldName || instance.renamingTo === oldName;
  if (isMine && !isBack) world.taken.delete(oldName);
}
