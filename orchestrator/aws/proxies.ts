import {
  type DBProxyTarget,
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  type RDSClient,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { Database } from '../ports';
import { isNamed } from './refusal';

/** To which databases each proxy sends connections, by their names. */
export async function proxyTargets(client: RDSClient): Promise<{ proxy: string; databases: string[] }[]> {
  const found: { proxy: string; databases: string[] }[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new DescribeDBProxiesCommand({ MaxRecords: 100, Marker }));
    for (const { DBProxyName } of page.DBProxies ?? []) {
      const targets = await targetsOf(client, DBProxyName);
      const databases = targets.flatMap((target) => registeredAs(target) ?? []);
      if (DBProxyName) found.push({ proxy: DBProxyName, databases });
    }
    Marker = page.Marker;
  } while (Marker);
  return found;
}

/**
 * AWS does not say whether a proxy's target follows a renamed database or the name. So neither is assumed: whatever of
 * `other` is registered goes, and `holder` is registered if it is not. Answers whether something was changed.
 */
export async function retarget(
  client: RDSClient,
  proxy: string,
  holder: Database,
  other: Database | undefined,
): Promise<boolean> {
  const targets = await targetsOf(client, proxy);
  const stale =
    targets.find((target) => registeredAs(target) === other?.name) ??
    targets.find((target) => registeredAs(target) === holder.name && sendsElsewhere(target, holder));
  const staleName = stale && registeredAs(stale);
  if (staleName !== undefined) {
    await client.send(
      new DeregisterDBProxyTargetsCommand({ DBProxyName: proxy, ...targetParameter(holder, staleName) }),
    );
    return true;
  }
  if (targets.some((target) => registeredAs(target) === holder.name)) return false;
  try {
    await client.send(
      new RegisterDBProxyTargetsCommand({ DBProxyName: proxy, ...targetParameter(holder, holder.name) }),
    );
  } catch (error) {
    if (!isNamed(error, 'DBProxyTargetAlreadyRegisteredFault')) throw error;
  }
  return true;
}

/**
 * Stops a proxy from sending connections to a database that has lost the name `from`, whichever of its two names the
 * target goes by. Answers whether something was changed.
 */
export async function release(client: RDSClient, proxy: string, database: Database, from: string): Promise<boolean> {
  const targets = await targetsOf(client, proxy);
  const name = targets.map(registeredAs).find((one) => one === database.name || one === from);
  if (name === undefined) return false;
  const input = { DBProxyName: proxy, ...targetParameter(database, name) };
  try {
    await client.send(new DeregisterDBProxyTargetsCommand(input));
  } catch (error) {
    if (!isNamed(error, 'DBProxyTargetNotFoundFault')) throw error;
  }
  return true;
}

function targetParameter({ kind }: Database, name: string) {
  return kind === 'cluster' ? { DBClusterIdentifiers: [name] } : { DBInstanceIdentifiers: [name] };
}

async function targetsOf(client: RDSClient, DBProxyName: string | undefined): Promise<DBProxyTarget[]> {
  try {
    const { Targets } = await client.send(new DescribeDBProxyTargetsCommand({ DBProxyName }));
    return Targets ?? [];
  } catch (error) {
    // Deleted between the two calls.
    if (isNamed(error, 'DBProxyNotFoundFault')) return [];
    throw error;
  }
}

/** A cluster is registered as one; its members then appear as instances that name it. */
function registeredAs(target: DBProxyTarget): string | undefined {
  return target.Type === 'TRACKED_CLUSTER' ? target.RdsResourceId : (target.TrackedClusterId ?? target.RdsResourceId);
}

/** An instance's target tells its address; a cluster's members tell theirs, which say nothing about the cluster's name. */
function sendsElsewhere(target: DBProxyTarget, holder: Database): boolean {
  return target.Type === 'RDS_INSTANCE' && target.TrackedClusterId === undefined
    ? target.Endpoint !== undefined && target.Endpoint !== holder.endpoint
    : false;
}
