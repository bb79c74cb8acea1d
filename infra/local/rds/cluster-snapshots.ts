import type { Cluster, ClusterSnapshot } from './cluster';
import { RdsError } from './errors';
import { available, type Outcome, outcomeOf, play } from './lifecycle';
import { instanceName, rdsArn } from './naming';
import type { Query } from './query';
import { checkTags, type Tag } from './tags';
import type { World } from './world';

/** Source: CreateDBClusterSnapshot. */
export function createClusterSnapshot(world: World, query: Query): object {
  const cluster = world.cluster(query.required('DBClusterIdentifier'));
  const { Status: status, DBClusterIdentifier: name } = cluster.view;
  if (status !== 'available' || cluster.work !== undefined || cluster.firstRestorable === undefined) {
    throw new RdsError('InvalidDBClusterStateFault', `The DB cluster ${name} is not in available state: ${status}.`);
  }
  const tags = query.tags() ?? [];
  checkTags(tags);
  const outcome = outcomeOf(world, 'CreateDBClusterSnapshot', query);
  const snapshot = takeClusterSnapshot(world, cluster, query.required('DBClusterSnapshotIdentifier'), tags, outcome);
  play(world, cluster, [{ status: 'backing-up', seconds: world.knobs.snapshotSeconds }, available], { kind: 'well' });
  return { DBClusterSnapshot: world.showClusterSnapshot(snapshot) };
}

/** @throws DBClusterSnapshotAlreadyExistsFault, SnapshotQuotaExceeded */
export function takeClusterSnapshot(
  world: World,
  cluster: Cluster,
  given: string,
  tags: readonly Tag[],
  outcome: Outcome,
): ClusterSnapshot {
  const name = instanceName(given, 'DBClusterSnapshotIdentifier');
  if (world.clusterSnapshots.has(name)) {
    throw new RdsError('DBClusterSnapshotAlreadyExistsFault', `The cluster snapshot ${name} already exists.`);
  }
  if (manualClusterSnapshots(world) >= world.knobs.quotaManualClusterSnapshots) {
    throw new RdsError('SnapshotQuotaExceeded', 'Cannot create more than the allowed number of manual snapshots.');
  }
  const now = world.clock.now();
  const snapshot = clusterSnapshotOf(world, cluster, name, 'manual', now);
  snapshot.view.TagList = [...tags, ...(cluster.view.CopyTagsToSnapshot ? cluster.view.TagList : [])];
  snapshot.view.Status = 'creating';
  const seconds = world.knobs.snapshotSeconds;
  snapshot.progress = { from: now, to: outcome.kind === 'never' ? Number.POSITIVE_INFINITY : now + seconds * 1000 };
  world.clusterSnapshots.set(name, snapshot);
  world.clusterSnapshotEvent(snapshot, 'clusterSnapshotStarted');
  if (outcome.kind === 'never') return snapshot;
  world.clock.after(seconds * 1000, () => {
    snapshot.progress = undefined;
    snapshot.view.Status = outcome.kind === 'ends-in' ? outcome.status : 'available';
    if (outcome.kind === 'well') world.clusterSnapshotEvent(snapshot, 'clusterSnapshotCreated');
  });
  return snapshot;
}

export function manualClusterSnapshots(world: World): number {
  return [...world.clusterSnapshots.values()].filter(({ view }) => view.SnapshotType === 'manual').length;
}

/** A finished snapshot of what the cluster is now. */
export function clusterSnapshotOf(
  world: World,
  { view, port }: Cluster,
  name: string,
  type: 'manual' | 'automated',
  at: number,
): ClusterSnapshot {
  return {
    view: {
      AvailabilityZones: view.AvailabilityZones,
      DBClusterSnapshotIdentifier: name,
      DBClusterIdentifier: view.DBClusterIdentifier,
      DBClusterSnapshotArn: rdsArn(world, 'cluster-snapshot', name),
      DbClusterResourceId: view.DbClusterResourceId,
      SnapshotCreateTime: new Date(at),
      ClusterCreateTime: view.ClusterCreateTime,
      Engine: view.Engine,
      EngineMode: view.EngineMode,
      EngineVersion: view.EngineVersion,
      AllocatedStorage: view.AllocatedStorage,
      Status: 'available',
      PercentProgress: 100,
      Port: port,
      VpcId: world.lookups.subnetGroup(view.DBSubnetGroup ?? 'default').VpcId,
      MasterUsername: view.MasterUsername,
      SnapshotType: type,
      StorageEncrypted: view.StorageEncrypted,
      StorageEncryptionType: view.StorageEncryptionType,
      BackupRetentionPeriod: view.BackupRetentionPeriod,
      PreferredBackupWindow: view.PreferredBackupWindow,
      KmsKeyId: view.KmsKeyId,
      IAMDatabaseAuthenticationEnabled: view.IAMDatabaseAuthenticationEnabled,
      StorageType: view.StorageType,
      TagList: [],
    },
    origin: { databaseName: view.DatabaseName, port },
    progress: undefined,
    encoded: undefined,
  };
}

/** Source: DeleteDBClusterSnapshot. */
export function deleteClusterSnapshot(world: World, query: Query): object {
  const snapshot = world.clusterSnapshot(query.required('DBClusterSnapshotIdentifier'));
  const { view } = snapshot;
  if (view.SnapshotType !== 'manual' || view.Status === 'creating') {
    throw new RdsError(
      'InvalidDBClusterSnapshotStateFault',
      `Only finished manual snapshots may be deleted: ${view.DBClusterSnapshotIdentifier} is ${view.SnapshotType}, ${view.Status}.`,
    );
  }
  world.clusterSnapshots.delete(view.DBClusterSnapshotIdentifier);
  return { DBClusterSnapshot: world.showClusterSnapshot(snapshot) };
}
