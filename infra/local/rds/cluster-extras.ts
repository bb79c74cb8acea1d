import type { Cluster } from './cluster';
import { invalidCombination, invalidValue, RdsError } from './errors';
import { filtered } from './filters';
import { endpointAddress, instanceName, nameOf, rdsArn } from './naming';
import { page } from './paging';
import type { Query } from './query';
import type { World } from './world';

/** Custom endpoints, the Data API and roles: what a restored cluster lacks until each is asked for. */

/** Source: CreateDBClusterEndpoint. Its name is unique in the Region and does not contain the cluster's. */
export function createClusterEndpoint(world: World, query: Query): object {
  const cluster = availableCluster(world, query);
  const name = instanceName(query.required('DBClusterEndpointIdentifier'), 'DBClusterEndpointIdentifier');
  if ([...world.clusters.values()].some((each) => each.endpoints.has(name))) {
    throw new RdsError('DBClusterEndpointAlreadyExistsFault', `DB cluster endpoint ${name} already exists`);
  }
  const type = query.required('EndpointType').toUpperCase();
  if (type !== 'READER' && type !== 'ANY') throw invalidValue(`Invalid endpoint type: ${type}`);
  const [members, excluded] = [query.list('StaticMembers') ?? [], query.list('ExcludedMembers') ?? []];
  if (members.length > 0 && excluded.length > 0) {
    throw invalidCombination('Give StaticMembers or ExcludedMembers, not both.');
  }
  for (const member of [...members, ...excluded]) world.instance(member);
  const endpoint = {
    DBClusterEndpointIdentifier: name,
    DBClusterIdentifier: cluster.view.DBClusterIdentifier,
    DBClusterEndpointResourceIdentifier: `cluster-endpoint-${name.toUpperCase()}`,
    Endpoint: endpointAddress(world, name, 'cluster-custom-'),
    Status: 'available',
    EndpointType: 'CUSTOM',
    CustomEndpointType: type,
    StaticMembers: members,
    ExcludedMembers: excluded,
    DBClusterEndpointArn: rdsArn(world, 'cluster-endpoint', name),
  };
  cluster.endpoints.set(name, endpoint);
  cluster.view.CustomEndpoints = [...cluster.endpoints.values()].map((each) => each.Endpoint ?? '');
  world.touch(cluster);
  return endpoint;
}

/** Source: DeleteDBClusterEndpoint. */
export function deleteClusterEndpoint(world: World, query: Query): object {
  const name = query.required('DBClusterEndpointIdentifier').toLowerCase();
  for (const cluster of world.clusters.values()) {
    const endpoint = cluster.endpoints.get(name);
    if (endpoint === undefined) continue;
    cluster.endpoints.delete(name);
    cluster.view.CustomEndpoints = [...cluster.endpoints.values()].map((each) => each.Endpoint ?? '');
    world.touch(cluster);
    return { ...endpoint, Status: 'deleting' };
  }
  throw new RdsError('DBClusterEndpointNotFoundFault', `DB cluster endpoint ${name} not found.`);
}

/** Source: DescribeDBClusterEndpoints: the cluster's own endpoints come with the custom ones. */
export function describeClusterEndpoints(world: World, query: Query): object {
  const name = query.text('DBClusterIdentifier');
  const endpoint = query.text('DBClusterEndpointIdentifier')?.toLowerCase();
  const clusters = name === undefined ? [...world.clusters.values()] : [world.cluster(name)];
  const all = clusters.flatMap((cluster) => [...ownEndpoints(cluster), ...cluster.endpoints.values()]);
  const wanted = all.filter((each) => endpoint === undefined || each.DBClusterEndpointIdentifier === endpoint);
  const found = filtered(query, wanted, {
    'db-cluster-endpoint-type': (each, value) => each.EndpointType?.toLowerCase() === value,
    'db-cluster-endpoint-custom-type': (each, value) => each.CustomEndpointType?.toLowerCase() === value,
    'db-cluster-endpoint-id': (each, value) => each.DBClusterEndpointIdentifier === value,
    'db-cluster-endpoint-status': (each, value) => each.Status === value,
  });
  const { entries, ...marker } = page(query, found, (each) => each.Endpoint ?? '');
  return { ...marker, DBClusterEndpoints: entries };
}

interface EndpointView {
  DBClusterEndpointIdentifier?: string | undefined;
  DBClusterIdentifier?: string | undefined;
  Endpoint?: string | undefined;
  Status?: string | undefined;
  EndpointType?: string | undefined;
  CustomEndpointType?: string | undefined;
}

function ownEndpoints({ view }: Cluster): EndpointView[] {
  const shared = { DBClusterIdentifier: view.DBClusterIdentifier, Status: 'available' };
  return [
    { ...shared, Endpoint: view.Endpoint, EndpointType: 'WRITER' },
    { ...shared, Endpoint: view.ReaderEndpoint, EndpointType: 'READER' },
  ];
}

/** Source: EnableHttpEndpoint, DisableHttpEndpoint. */
export function enableHttpEndpoint(world: World, query: Query): object {
  return setHttpEndpoint(world, query, true);
}

export function disableHttpEndpoint(world: World, query: Query): object {
  return setHttpEndpoint(world, query, false);
}

function setHttpEndpoint(world: World, query: Query, enabled: boolean): object {
  const arn = query.required('ResourceArn');
  const cluster = world.clustersByName.get(nameOf(world, 'cluster', arn) ?? '');
  if (cluster === undefined) throw new RdsError('ResourceNotFoundFault', `The resource ${arn} was not found.`);
  cluster.view.HttpEndpointEnabled = enabled;
  world.touch(cluster);
  return { ResourceArn: arn, HttpEndpointEnabled: enabled };
}

/** Source: AddRoleToDBCluster. */
export function addClusterRole(world: World, query: Query): undefined {
  const cluster = availableCluster(world, query);
  const { view } = cluster;
  const role = { RoleArn: query.required('RoleArn'), FeatureName: query.text('FeatureName') };
  if (view.AssociatedRoles.some((each) => each.RoleArn === role.RoleArn && each.FeatureName === role.FeatureName)) {
    throw new RdsError('DBClusterRoleAlreadyExists', `The role ${role.RoleArn} is associated already.`);
  }
  if (view.AssociatedRoles.length >= 5) {
    throw new RdsError('DBClusterRoleQuotaExceeded', `${view.DBClusterIdentifier} has 5 roles already.`);
  }
  const associated = { ...role, Status: 'PENDING' };
  view.AssociatedRoles = [...view.AssociatedRoles, associated];
  world.touch(cluster);
  world.clock.after(world.knobs.roleSeconds * 1000, () => {
    associated.Status = 'ACTIVE';
    world.touch(cluster);
  });
}

/** Source: RemoveRoleFromDBCluster. */
export function removeClusterRole(world: World, query: Query): undefined {
  const cluster = availableCluster(world, query);
  const { view } = cluster;
  const [arn, feature] = [query.required('RoleArn'), query.text('FeatureName')];
  const kept = view.AssociatedRoles.filter((each) => each.RoleArn !== arn || each.FeatureName !== feature);
  if (kept.length === view.AssociatedRoles.length) {
    throw new RdsError('DBClusterRoleNotFound', `The role ${arn} isn't associated with ${view.DBClusterIdentifier}.`);
  }
  view.AssociatedRoles = kept;
  world.touch(cluster);
}

function availableCluster(world: World, query: Query): Cluster {
  const cluster = world.cluster(query.required('DBClusterIdentifier'));
  if (cluster.view.Status === 'available') return cluster;
  throw new RdsError(
    'InvalidDBClusterStateFault',
    `The DB cluster ${cluster.view.DBClusterIdentifier} is not in available state: ${cluster.view.Status}.`,
  );
}
