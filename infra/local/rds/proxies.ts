import { RdsError } from './errors';
import type { Instance } from './instance';
import { page } from './paging';
import type { Query } from './query';
import type { Proxy, World } from './world';

type Target = Proxy['targets'][number];

/** Source: DescribeDBProxies. */
export function describeProxies(world: World, query: Query): object {
  const name = query.text('DBProxyName');
  const found = name === undefined ? [...world.proxies.values()] : [proxyNamed(world, name)];
  const { entries, ...marker } = page(query, found, (each) => each.view.DBProxyName);
  return { ...marker, DBProxies: entries.map((each) => each.view) };
}

/** Source: DescribeDBProxyTargetGroups. */
export function describeProxyTargetGroups(world: World, query: Query): object {
  const { group } = withGroup(world, query);
  const { entries, ...marker } = page(query, [group], (each) => each.TargetGroupName);
  return { ...marker, TargetGroups: entries };
}

/** Source: DescribeDBProxyTargets. A cluster comes with its members. */
export function describeProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  const all = proxy.targets.flatMap((target) => targetViews(world, target));
  const { entries, ...marker } = page(query, all, (each) => `${each.Type}/${each.RdsResourceId}`);
  return { ...marker, Targets: entries };
}

/** Whether a target follows the name or the resource, AWS does not say: a knob. */
function targetViews(world: World, target: Target) {
  const followsName = world.knobs.proxyTargetFollows === 'name';
  if (target.kind === 'instance') {
    const instance = followsName ? world.byName.get(target.name) : world.instances.get(target.resourceId);
    const name = followsName ? target.name : (instance?.view.DBInstanceIdentifier ?? target.name);
    return [{ ...instanceTarget(instance, name), Role: 'READ_WRITE' }];
  }
  const cluster = followsName ? world.clustersByName.get(target.name) : world.clusters.get(target.resourceId);
  const name = followsName ? target.name : (cluster?.view.DBClusterIdentifier ?? target.name);
  const members = (cluster?.members ?? []).map(({ instance, isWriter }) => ({
    ...instanceTarget(instance, instance.view.DBInstanceIdentifier),
    TrackedClusterId: name,
    Role: isWriter ? 'READ_WRITE' : 'READ_ONLY',
  }));
  return [{ RdsResourceId: name, Port: cluster?.port, Type: 'TRACKED_CLUSTER' }, ...members];
}

function instanceTarget(instance: Instance | undefined, name: string) {
  const isUp = instance?.view.DBInstanceStatus === 'available';
  return {
    Endpoint: instance?.view.Endpoint?.Address,
    RdsResourceId: name,
    Port: instance?.port,
    Type: 'RDS_INSTANCE',
    TargetHealth: isUp
      ? { State: 'AVAILABLE' }
      : { State: 'UNAVAILABLE', Reason: 'UNREACHABLE', Description: 'The database cannot be reached.' },
  };
}

/** Source: RegisterDBProxyTargets. */
export function registerProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  const added = asked(query).map(({ kind, given }): Target => {
    if (kind === 'instance') {
      const { DBInstanceIdentifier: name, DbiResourceId: resourceId } = world.instance(given).view;
      return { kind, name, resourceId };
    }
    const { DBClusterIdentifier: name, DbClusterResourceId: resourceId } = world.cluster(given).view;
    return { kind, name, resourceId };
  });
  for (const { kind, name } of added) {
    if (proxy.targets.some((target) => target.kind === kind && nameOfTarget(world, target) === name)) {
      throw new RdsError('DBProxyTargetAlreadyRegisteredFault', `${name} is a target of the proxy already.`);
    }
  }
  proxy.targets.push(...added);
  return { DBProxyTargets: added.flatMap((target) => targetViews(world, target)) };
}

/** Source: DeregisterDBProxyTargets. */
export function deregisterProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  for (const { kind, given } of asked(query)) {
    const kept = proxy.targets.filter(
      (target) => target.kind !== kind || nameOfTarget(world, target) !== given.toLowerCase(),
    );
    if (kept.length === proxy.targets.length) {
      throw new RdsError('DBProxyTargetNotFoundFault', `${given} is no target of the proxy.`);
    }
    proxy.targets = kept;
  }
  return {};
}

function asked(query: Query): { kind: Target['kind']; given: string }[] {
  return [
    ...(query.list('DBInstanceIdentifiers') ?? []).map((given) => ({ kind: 'instance' as const, given })),
    ...(query.list('DBClusterIdentifiers') ?? []).map((given) => ({ kind: 'cluster' as const, given })),
  ];
}

function nameOfTarget(world: World, target: Target): string {
  return targetViews(world, target)[0]?.RdsResourceId ?? target.name;
}

function proxyNamed(world: World, name: string): Proxy {
  const found = world.proxies.get(name.toLowerCase());
  if (found === undefined)
    throw new RdsError('DBProxyNotFoundFault', `The specified proxy name ${name} does not correspond to a proxy.`);
  return found;
}

function withGroup(world: World, query: Query): Proxy {
  const proxy = proxyNamed(world, query.required('DBProxyName'));
  const group = query.text('TargetGroupName');
  if (group !== undefined && group !== proxy.group.TargetGroupName) {
    throw new RdsError('DBProxyTargetGroupNotFoundFault', `The proxy has no target group ${group}.`);
  }
  return proxy;
}
