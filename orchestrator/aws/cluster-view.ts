import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database, Member, Readiness } from '../ports';
import { isGiven, pendingChanges, unsettledParts, words } from './instance-view';
import { isLeaving, readinessOf } from './rds-statuses';
import { type ClusterParts, hasOwnMembers, readClusterSettings, writerOf } from './settings-cluster';
import { isAutoscaled } from './settings-member';

/** One DB cluster with its members in our words. It is ready when all of them are, whatever its own status says. */
export function clusterView(parts: ClusterParts): Database {
  const { cluster } = parts;
  const status = cluster.Status ?? 'unknown';
  const members = memberViews(parts);
  const unready = members.find((member) => member.readiness !== 'ready');
  const own = readinessOf(status);
  const { unsettled, hasFailed } = unsettledOf(parts);
  return {
    kind: 'cluster',
    name: cluster.DBClusterIdentifier ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    arn: cluster.DBClusterArn ?? '',
    engine: cluster.Engine ?? '',
    version: cluster.EngineVersion ?? '',
    class: classOf(parts),
    status: own === 'ready' && unready ? `${status}, and ${unready.name} is ${unready.status}` : status,
    readiness: hasFailed ? 'failed' : worst([own, ...members.map((member) => member.readiness)]),
    endpoint: cluster.Endpoint,
    pending: [...pendingOf(cluster), ...parts.instances.flatMap(pendingChanges)].sort(),
    unsettled,
    renamingTo: cluster.PendingModifiedValues?.DBClusterIdentifier,
    tags: Object.fromEntries((cluster.TagList ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    replicas: [...(cluster.ReadReplicaIdentifiers ?? [])].sort(),
    deletionProtection: cluster.DeletionProtection ?? false,
    unsupported: unsupportedReason(cluster),
    unclonable: unclonableReason(cluster),
    backupWindow: cluster.PreferredBackupWindow,
    maintenanceWindow: cluster.PreferredMaintenanceWindow,
    isLeaving: isLeaving(status),
    isBackingUp: status === 'backing-up',
    members: hasOwnMembers(cluster) ? members : [],
    awaited: awaitedOf(parts, own, members),
    settings: readClusterSettings(parts),
  };
}

/** Readers that the autoscaler makes come and go: nobody waits for them. */
function memberViews(parts: ClusterParts): (Member & { status: string })[] {
  const writer = writerOf(parts);
  return (parts.cluster.DBClusterMembers ?? [])
    .map((member) => member.DBInstanceIdentifier ?? '')
    .filter((name) => !isAutoscaled(name))
    .sort()
    .map((name) => {
      const instance = parts.instances.find((one) => one.DBInstanceIdentifier === name);
      const status = instance?.DBInstanceStatus ?? 'not to be seen yet';
      return {
        name,
        isWriter: name === writer,
        status,
        readiness: readinessOf(status),
        renamingTo: instance?.PendingModifiedValues?.DBInstanceIdentifier,
      };
    });
}

/** While the cluster is ready itself, only its members can have news. */
function awaitedOf({ cluster, instances }: ClusterParts, own: Readiness, members: Member[]): string[] {
  const unready = members.filter((member) => member.readiness !== 'ready' || member.renamingTo !== undefined);
  const ids = unready.map(({ name }) => instances.find((one) => one.DBInstanceIdentifier === name)?.DbiResourceId);
  const known = ids.flatMap((id) => id ?? []);
  return own === 'ready' && known.length > 0 && known.length === unready.length
    ? known
    : [cluster.DbClusterResourceId ?? ''];
}

/** From the best to the worst; a cluster is what its worst part is. */
const order: readonly Readiness[] = ['ready', 'busy', 'resting', 'failed'];

function worst(parts: Readiness[]): Readiness {
  return order[Math.max(...parts.map((one) => order.indexOf(one)))] ?? 'busy';
}

function classOf(parts: ClusterParts): string {
  const writer = parts.instances.find((one) => one.DBInstanceIdentifier === writerOf(parts));
  return parts.cluster.DBClusterInstanceClass ?? writer?.DBInstanceClass ?? '';
}

function pendingOf(cluster: DBCluster): string[] {
  return Object.entries(cluster.PendingModifiedValues ?? {})
    .filter(([key, value]) => key !== 'DBClusterIdentifier' && isGiven(value))
    .map(([key]) => words(key));
}

/** What is still being applied although the cluster says that it is available. */
function unsettledOf({ cluster, instances }: ClusterParts): { unsettled: string[]; hasFailed: boolean } {
  const parts = [...clusterParts(cluster), ...instances.flatMap((one) => ofMember(one))];
  return {
    unsettled: [...new Set(parts.map((part) => part.words))],
    hasFailed: parts.some((part) => part.isFinal),
  };
}

/** A member's own parts: security groups, roles, domain and password are the cluster's. */
function ofMember(instance: DBInstance) {
  const { DBInstanceIdentifier, DBParameterGroups } = instance;
  return unsettledParts({ DBParameterGroups }).map((part) => ({
    ...part,
    words: `${part.words} of ${DBInstanceIdentifier}`,
  }));
}

function clusterParts(cluster: DBCluster): { words: string; isFinal: boolean }[] {
  const { VpcSecurityGroups, AssociatedRoles, DomainMemberships, MasterUserSecret } = cluster;
  const roles = AssociatedRoles?.map(({ FeatureName, ...role }) => ({
    ...role,
    FeatureName: FeatureName ?? 'the cluster',
  }));
  const shared = unsettledParts({ VpcSecurityGroups, AssociatedRoles: roles, DomainMemberships, MasterUserSecret });
  const outOfSync = (cluster.DBClusterMembers ?? [])
    .filter((member) => (member.DBClusterParameterGroupStatus ?? 'in-sync') !== 'in-sync')
    .map((member) => ({
      words:
        member.DBClusterParameterGroupStatus === 'pending-reboot'
          ? `a reboot of ${member.DBInstanceIdentifier}`
          : `the cluster parameter group (${member.DBClusterParameterGroupStatus})`,
      isFinal: false,
    }));
  return [...shared, ...outOfSync];
}

/** Aurora User Guide, Cloning a volume for an Aurora DB cluster, Limitations. */
function unclonableReason({ DBClusterMembers, Engine }: DBCluster): string | undefined {
  if (!Engine?.startsWith('aurora')) return 'only Aurora clusters share their storage with a clone';
  if ((DBClusterMembers ?? []).length === 0) return 'it has no DB instance, and AWS clones only a cluster that has one';
  return undefined;
}

function unsupportedReason(cluster: DBCluster): string | undefined {
  if (cluster.GlobalClusterIdentifier)
    return `it belongs to the global database ${cluster.GlobalClusterIdentifier}, which a renamed cluster would leave behind; take it out of there first`;
  if (cluster.LimitlessDatabase?.Status || cluster.ClusterScalabilityType === 'limitless')
    return 'it is an Aurora Limitless Database, whose shard groups RDS does not restore with it';
  if (cluster.EngineMode === 'serverless')
    return 'it is Aurora Serverless v1, which AWS has ended; bring it to Serverless v2 first';
  if (cluster.RdsCustomClusterConfiguration || cluster.Engine?.startsWith('custom-'))
    return 'it is an RDS Custom cluster, which RDS does not rename';
  if (cluster.ReplicationSourceIdentifier) return `it is a read replica of ${cluster.ReplicationSourceIdentifier}`;
  return undefined;
}
