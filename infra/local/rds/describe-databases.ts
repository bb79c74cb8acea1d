import { invalidValue, RdsError } from './errors';
import { filtered, sorted } from './filters';
import type { Instance, Snapshot } from './instance';
import { nameOf } from './naming';
import { page } from './paging';
import type { Query } from './query';
import type { World } from './world';

/** Source: DescribeDBInstances. With filters the answer is a list, perhaps an empty one, never DBInstanceNotFound. */
export function describeInstances(world: World, query: Query): object {
  const found = filtered(query, candidates(world, query), {
    'dbi-resource-id': ({ view }, value) => view.DbiResourceId.toLowerCase() === value,
    'db-instance-id': (instance, value) => world.byName.get(nameOf(world, 'db', value) ?? '') === instance,
    'db-cluster-id': ({ view }, value) => (nameOf(world, 'cluster', value) ?? '') === view.DBClusterIdentifier,
    domain: ({ view }, value) => view.DomainMemberships.some((each) => each.Domain?.toLowerCase() === value),
    engine: ({ view }, value) => view.Engine === value,
  });
  const keyOf = ({ view }: Instance) => view.DBInstanceIdentifier;
  const { entries, ...marker } = page(query, sorted(found, keyOf), keyOf);
  return { ...marker, DBInstances: entries.map((instance) => world.show(instance)) };
}

function candidates(world: World, query: Query): Instance[] {
  const given = query.text('DBInstanceIdentifier');
  if (given !== undefined && given !== '') return [world.instance(given)];
  const byResource = query.filters().find((filter) => filter.name === 'dbi-resource-id');
  if (byResource === undefined) return [...world.instances.values()];
  return [...new Set(byResource.values)].flatMap(
    (id) => world.instances.get(id.toUpperCase().replace(/^DB-/, 'db-')) ?? [],
  );
}

/** Source: DescribeDBSnapshots. */
export function describeSnapshots(world: World, query: Query): object {
  const id = query.text('DBSnapshotIdentifier');
  const instanceName = query.text('DBInstanceIdentifier');
  const resourceId = query.text('DbiResourceId');
  const type = query.text('SnapshotType');
  const own = (snapshot: Snapshot) => nameOf(world, 'snapshot', snapshot.view.DBSnapshotArn) !== undefined;
  const withShared = type === 'shared' || (query.flag('IncludeShared') ?? false);
  if (type !== undefined && !snapshotTypes.includes(type)) throw invalidValue(`Invalid snapshot type: ${type}`);

  const all = id === undefined ? [...world.snapshots.values()] : [world.snapshot(id)];
  const wanted = all.filter((snapshot) => {
    const { view } = snapshot;
    if (id === undefined && !own(snapshot) && !withShared) return false;
    if (type === 'shared' ? own(snapshot) : type !== undefined && view.SnapshotType !== type) return false;
    if (resourceId !== undefined && view.DbiResourceId !== resourceId) return false;
    return instanceName === undefined || view.DBInstanceIdentifier === nameOf(world, 'db', instanceName);
  });
  const found = filtered(query, wanted, {
    'db-instance-id': ({ view }, value) => view.DBInstanceIdentifier === nameOf(world, 'db', value),
    'db-snapshot-id': ({ view }, value) =>
      view.DBSnapshotIdentifier === value || view.DBSnapshotArn.toLowerCase() === value,
    'dbi-resource-id': ({ view }, value) => view.DbiResourceId.toLowerCase() === value,
    'snapshot-type': ({ view }, value) => view.SnapshotType === value,
    engine: ({ view }, value) => view.Engine === value,
  });
  if (id !== undefined && found.length === 0 && query.filters().length === 0) {
    throw new RdsError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`);
  }
  const keyOf = ({ view }: Snapshot) => view.DBSnapshotArn;
  const { entries, ...marker } = page(query, sorted(found, keyOf), keyOf);
  return { ...marker, DBSnapshots: entries.map((snapshot) => world.showSnapshot(snapshot)) };
}

export const snapshotTypes = ['automated', 'manual', 'shared', 'public', 'awsbackup'];
