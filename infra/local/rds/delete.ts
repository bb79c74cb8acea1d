import { leaveCluster, refuseOwnMember } from './cluster';
import { invalidCombination, RdsError } from './errors';
import type { Instance } from './instance';
import { abandon, outcomeOf, type Phase, play } from './lifecycle';
import type { Query } from './query';
import { takeManualSnapshot } from './snapshots';
import type { World } from './world';

/** States in which RDS cannot take a final snapshot. Source: DeleteDBInstance, SkipFinalSnapshot. */
const withoutSnapshot = ['creating', 'failed', 'incompatible-restore', 'incompatible-network'];

/** Source: DeleteDBInstance. */
export function deleteInstance(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  const { view } = instance;
  refuseOwnMember(world, instance);
  const finalSnapshot = query.text('FinalDBSnapshotIdentifier');
  const skips = query.flag('SkipFinalSnapshot') ?? false;
  if (view.DBInstanceStatus === 'deleting') {
    throw new RdsError('InvalidDBInstanceState', `Instance ${view.DBInstanceIdentifier} is already being deleted.`);
  }
  if (view.DeletionProtection ?? false) {
    throw invalidCombination('Cannot delete protected DB Instance, please disable deletion protection and try again.');
  }
  if (skips === (finalSnapshot !== undefined)) {
    throw invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and cannot be given together with it.',
    );
  }
  if (finalSnapshot !== undefined) checkFinalSnapshot(instance);
  const outcome = outcomeOf(world, 'DeleteDBInstance', query);
  if (finalSnapshot !== undefined) takeManualSnapshot(world, instance, finalSnapshot, [], { kind: 'well' });
  abandon(world, instance);
  const keepsBackups = query.flag('DeleteAutomatedBackups') === false;
  const deleting: Phase = {
    status: 'deleting',
    // A final snapshot is finished before its database is gone.
    seconds: Math.max(world.knobs.deleteSeconds, finalSnapshot === undefined ? 0 : world.knobs.snapshotSeconds),
    decisive: true,
    leave: () => vanish(world, instance, keepsBackups),
  };
  play(world, instance, [deleting], outcome);
  return { DBInstance: world.show(instance) };
}

function checkFinalSnapshot({ view }: Instance): void {
  if (view.ReadReplicaSourceDBInstanceIdentifier !== undefined) {
    throw invalidCombination('FinalDBSnapshotIdentifier can not be specified when deleting a replica instance');
  }
  if (view.DBClusterIdentifier !== undefined) {
    throw invalidCombination('FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance');
  }
  if (withoutSnapshot.includes(view.DBInstanceStatus)) {
    throw new RdsError(
      'InvalidDBInstanceState',
      `Cannot create a snapshot because the database instance ${view.DBInstanceIdentifier} is not currently in the available state.`,
    );
  }
}

function vanish(world: World, instance: Instance, keepsBackups: boolean): void {
  const { DBInstanceIdentifier: name, DbiResourceId: id } = instance.view;
  for (const other of world.instances.values()) {
    const { view } = other;
    // Replicas of the same Region are promoted. Source: RDS User Guide, Deleting a DB instance.
    if (view.ReadReplicaSourceDBInstanceIdentifier === name) view.ReadReplicaSourceDBInstanceIdentifier = undefined;
    else if (view.ReadReplicaDBInstanceIdentifiers.includes(name)) {
      view.ReadReplicaDBInstanceIdentifiers = view.ReadReplicaDBInstanceIdentifiers.filter((each) => each !== name);
    } else continue;
    world.touch(other);
  }
  if (keepsBackups) world.retained.set(id, instance.view);
  else {
    for (const [key, { view }] of world.snapshots) {
      if (view.DbiResourceId === id && view.SnapshotType === 'automated') world.snapshots.delete(key);
    }
  }
  leaveCluster(world, instance);
  world.instanceEvent(instance, 'deleted');
  world.remove(instance);
  instance.work = undefined;
}
