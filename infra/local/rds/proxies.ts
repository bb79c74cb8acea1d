import { RdsError } from './errors';
import { page } from './paging';
import type { Query } from './query';
import type { Proxy, World } from './world';

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

/** Source: DescribeDBProxyTargets. Whether a target follows the name or the resource, AWS does not say: a knob. */
export function describeProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  const all = proxy.targets.map((target) => targetView(world, target));
  const { entries, ...marker } = page(query, all, (each) => each.RdsResourceId);
  return { ...marker, Targets: entries };
}

function targetView(world: World, target: Proxy['targets'][number]) {
  const followsName = world.knobs.proxyTargetFollows === 'name';
  const instance = followsName ? world.byName.get(target.name) : world.instances.get(target.resourceId);
  const name = followsName ? target.name : instance?.view.DBInstanceIdentifier;
  const isUp = instance?.view.DBInstanceStatus === 'available';
  return {
    Endpoint: instance?.view.Endpoint?.Address,
    RdsResourceId: name ?? target.name,
    Port: instance?.port,
    Type: 'RDS_INSTANCE',
    Role: 'READ_WRITE',
    TargetHealth: isUp
      ? { State: 'AVAILABLE' }
      : { State: 'UNAVAILABLE', Reason: 'UNREACHABLE', Description: 'The database cannot be reached.' },
  };
}

/** Source: RegisterDBProxyTargets. Instances only. */
export function registerProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  const added = (query.list('DBInstanceIdentifiers') ?? []).map((given) => {
    const { DBInstanceIdentifier: name, DbiResourceId: resourceId } = world.instance(given).view;
    if (proxy.targets.some((target) => target.name === name)) {
      throw new RdsError('DBProxyTargetAlreadyRegisteredFault', `${name} is a target of the proxy already.`);
    }
    return { name, resourceId };
  });
  proxy.targets.push(...added);
  return { DBProxyTargets: added.map((target) => targetView(world, target)) };
}

/** Source: DeregisterDBProxyTargets. */
export function deregisterProxyTargets(world: World, query: Query): object {
  const proxy = withGroup(world, query);
  for (const given of query.list('DBInstanceIdentifiers') ?? []) {
    const kept = proxy.targets.filter((target) => targetView(world, target).RdsResourceId !== given.toLowerCase());
    if (kept.length === proxy.targets.length) {
      throw new RdsError('DBProxyTargetNotFoundFault', `${given} is no target of the proxy.`);
    }
    proxy.targets = kept;
  }
  return {};
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
