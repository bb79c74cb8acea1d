import type { Cluster, ClusterSnapshot } from './cluster';
import { snapshotTypes } from './describe-databases';
import { invalidValue, RdsError } from './errors';
import { filtered, sorted } from './filters';
import { nameOf } from './naming';
import { page } from './paging';
import type { Query } from './query';
import type { World } from './world';

/** Source: DescribeDBClusters. */
export function describeClusters(world: World, query: Query): object {
  const given = query.text('DBClusterIdentifier');
  const others = query.flag('IncludeShared') ? world.sharedClusters : [];
  const listed = () => [...world.clusters.values(), ...others];
  const all = given === undefined || given === '' ? listed() : [world.cluster(given)];
  const found = filtered(query, all, {
    'db-cluster-resource-id': ({ view }, value) => view.DbClusterResourceId.toLowerCase() === value,
    'db-cluster-id': (cluster, value) => world.clustersByName.get(nameOf(world, 'cluster', value) ?? '') === cluster,
    'clone-group-id': ({ view }, value) => view.CloneGroupId?.toLowerCase() === value,
    domain: ({ view }, value) => (view.DomainMemberships ?? []).some((each) => each.Domain?.toLowerCase() === value),
    engine: ({ view }, value) => view.Engine === value,
  });
  const keyOf = ({ view }: Cluster) => view.DBClusterIdentifier;
  const { entries, ...marker } = page(query, sorted(found, keyOf), keyOf);
  return { ...marker, DBClusters: entries.map((cluster) => world.showCluster(cluster)) };
}

/** Source: DescribeDBClusterSnapshots. */
export function describeClusterSnapshots(world: World, query: Query): object {
  const id = query.text('DBClusterSnapshotIdentifier');
  const cluster = query.text('DBClusterIdentifier');
  const resourceId = query.text('DbClusterResourceId');
  const type = query.text('SnapshotType');
  if (type !== undefined && !snapshotTypes.includes(type)) throw invalidValue(`Invalid snapshot type: ${type}`);
  const all = id === undefined ? [...world.clusterSnapshots.values()] : [world.clusterSnapshot(id)];
  const own = ({ view }: ClusterSnapshot) => nameOf(world, 'cluster-snapshot', view.DBClusterSnapshotArn) !== undefined;
  const withShared = type === 'shared' || (query.flag('IncludeShared') ?? false);
  const visible = all.filter((snapshot) => own(snapshot) || withShared);
  if (id !== undefined && visible.length === 0) {
    throw new RdsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${id} not found.`);
  }
  const wanted = visible.filter(
    ({ view }) =>
      (type === undefined || view.SnapshotType === type) &&
      (resourceId === undefined || view.DbClusterResourceId === resourceId) &&
      (cluster === undefined || view.DBClusterIdentifier === nameOf(world, 'cluster', cluster)),
  );
  const found = filtered(query, wanted, {
    'db-cluster-id': ({ view }, value) => view.DBClusterIdentifier === nameOf(world, 'cluster', value),
    'db-cluster-snapshot-id': ({ view }, value) => view.DBClusterSnapshotIdentifier === value,
    'db-cluster-resource-id': ({ view }, value) => view.DbClusterResourceId.toLowerCase() === value,
    'snapshot-type': ({ view }, value) => view.SnapshotType === value,
    engine: ({ view }, value) => view.Engine === value,
  });
  const keyOf = ({ view }: ClusterSnapshot) => view.DBClusterSnapshotIdentifier;
  const { entries, ...marker } = page(query, sorted(found, keyOf), keyOf);
  return { ...marker, DBClusterSnapshots: entries.map((snapshot) => world.showClusterSnapshot(snapshot)) };
}

/** Source: DescribeDBClusterParameterGroups. */
export function describeClusterParameterGroups(world: World, query: Query): object {
  const name = query.text('DBClusterParameterGroupName');
  const all = [...world.lookups.clusterParameterGroups.values()];
  const found =
    name === undefined ? all : all.filter((each) => each.DBClusterParameterGroupName === name.toLowerCase());
  if (name !== undefined && found.length === 0) {
    throw new RdsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${name}`);
  }
  const { entries, ...marker } = page(query, found, (each) => each.DBClusterParameterGroupName ?? '');
  return { ...marker, DBClusterParameterGroups: entries };
}
