import { type Cluster, isMultiAz } from './cluster';
import { removeOwnMembers } from './cluster-multi-az';
import { takeClusterSnapshot } from './cluster-snapshots';
import { invalidCombination, RdsError } from './errors';
import { abandon, outcomeOf, play } from './lifecycle';
import type { Query } from './query';
import type { World } from './world';

/** Source: DeleteDBCluster. */
export function deleteCluster(world: World, query: Query): object {
  const cluster = world.cluster(query.required('DBClusterIdentifier'));
  const { view } = cluster;
  if (view.Status === 'deleting') {
    throw new RdsError('InvalidDBClusterStateFault', `Cluster ${view.DBClusterIdentifier} is already being deleted.`);
  }
  if (view.DeletionProtection ?? false) {
    throw invalidCombination('Cannot delete protected Cluster, please disable deletion protection and try again.');
  }
  const finalSnapshot = query.text('FinalDBSnapshotIdentifier');
  if ((query.flag('SkipFinalSnapshot') ?? false) === (finalSnapshot !== undefined)) {
    throw invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and cannot be given together with it.',
    );
  }
  const hasLiveMembers = cluster.members.some(({ instance }) => instance.view.DBInstanceStatus !== 'deleting');
  if (hasLiveMembers && !isMultiAz(cluster)) {
    throw new RdsError(
      'InvalidDBClusterStateFault',
      'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
    );
  }
  const outcome = outcomeOf(world, 'DeleteDBCluster', query);
  if (finalSnapshot !== undefined) takeClusterSnapshot(world, cluster, finalSnapshot, [], { kind: 'well' });
  abandon(world, cluster);
  const seconds = Math.max(world.knobs.deleteSeconds, finalSnapshot === undefined ? 0 : world.knobs.snapshotSeconds);
  const deleting = { status: 'deleting', seconds, decisive: true, leave: () => vanish(world, cluster, query) };
  play(world, cluster, [deleting], outcome);
  return { DBCluster: world.showCluster(cluster) };
}

function vanish(world: World, cluster: Cluster, query: Query): void {
  const { DBClusterIdentifier: name, DbClusterResourceId: id } = cluster.view;
  if (query.flag('DeleteAutomatedBackups') ?? true) {
    for (const [key, { view }] of world.clusterSnapshots) {
      if (view.DbClusterResourceId === id && view.SnapshotType === 'automated') world.clusterSnapshots.delete(key);
    }
  }
  if (isMultiAz(cluster)) removeOwnMembers(world, cluster);
  world.clusterEvent(cluster, 'clusterDeleted');
  world.clusters.delete(id);
  if (world.clustersByName.get(name) === cluster) world.clustersByName.delete(name);
  for (const [held, owner] of world.clusterNamesTaken) if (owner === id) world.clusterNamesTaken.delete(held);
  cluster.work = undefined;
}
