import { RdsError } from './errors';
import type { Instance } from './instance';
import { available, outcomeOf, type Phase, play, rebootPhase, restart } from './lifecycle';
import type { Query } from './query';
import { takeManualSnapshot } from './snapshots';
import type { World } from './world';

/** Source: RebootDBInstance. */
export function rebootInstance(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  const { DBInstanceStatus: status } = instance.view;
  const isReady = (status === 'available' && instance.work === undefined) || status === 'storage-optimization';
  if (!isReady) {
    throw new RdsError(
      'InvalidDBInstanceState',
      'Instance cannot currently reboot due to an in-progress management operation.',
    );
  }
  const reboot = rebootPhase(world, instance, world.knobs.rebootSeconds);
  play(world, instance, [reboot, available], outcomeOf(world, 'RebootDBInstance', query));
  return { DBInstance: world.show(instance) };
}

/** Source: StopDBInstance; RDS User Guide, Stopping an Amazon RDS DB instance temporarily. */
export function stopInstance(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  checkStatus(instance, ['available'], 'stopped');
  const { view } = instance;
  if (view.DBClusterIdentifier !== undefined) {
    throw new RdsError(
      'InvalidDBClusterStateFault',
      `${view.DBInstanceIdentifier} is stopped with its DB cluster only.`,
    );
  }
  if (view.ReadReplicaDBInstanceIdentifiers.length > 0 || view.ReadReplicaSourceDBInstanceIdentifier !== undefined) {
    throw new RdsError(
      'InvalidDBInstanceState',
      `Cannot stop ${view.DBInstanceIdentifier}: it has or is a read replica.`,
    );
  }
  const outcome = outcomeOf(world, 'StopDBInstance', query);
  const finalSnapshot = query.text('DBSnapshotIdentifier');
  if (finalSnapshot !== undefined) takeManualSnapshot(world, instance, finalSnapshot, [], { kind: 'well' });
  const stopping: Phase = {
    status: 'stopping',
    seconds: world.knobs.stopSeconds,
    decisive: true,
    leave: () => {
      view.AutomaticRestartTime = new Date(world.clock.now() + 7 * 86_400_000);
      world.instanceEvent(instance, 'stopped');
    },
  };
  play(world, instance, [stopping, { status: 'stopped', seconds: 0 }], outcome);
  return { DBInstance: world.show(instance) };
}

/** Source: StartDBInstance. */
export function startInstance(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  checkStatus(instance, ['stopped', 'inaccessible-encryption-credentials-recoverable'], 'started');
  const starting: Phase = {
    status: 'starting',
    seconds: world.knobs.startSeconds,
    decisive: true,
    leave: () => {
      instance.view.AutomaticRestartTime = undefined;
      world.instanceEvent(instance, 'started');
      restart(world, instance);
    },
  };
  play(world, instance, [starting, available], outcomeOf(world, 'StartDBInstance', query));
  return { DBInstance: world.show(instance) };
}

function checkStatus(instance: Instance, allowed: readonly string[], verb: string): void {
  const { DBInstanceStatus: status, DBInstanceIdentifier: name } = instance.view;
  if (allowed.includes(status) && instance.work === undefined) return;
  throw new RdsError(
    'InvalidDBInstanceState',
    `Instance ${name} is not in a state in which it can be ${verb}: ${status}.`,
  );
}
