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
  const all = proxy.targets.map((target) => {
    const instance =
      world.knobs.proxyTargetFollows === 'name'
        ? world.byName.get(target.name)
        : world.instances.get(target.resourceId);
    const name = world.knobs.proxyTargetFollows === 'name' ? target.name : instance?.view.DBInstanceIdentifier;
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
  });
  const { entries, ...marker } = page(query, all, (each) => each.RdsResourceId);
  return { ...marker, Targets: entries };
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
