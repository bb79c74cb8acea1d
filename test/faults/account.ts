import type { SnapshotInWorld } from '../../infra/local/rds/simulator';
import type { Drive } from '../stories/drive';

export type Kind = 'instance' | 'cluster' | 'member';

/** A database, or a cluster's member, as it stands in the account. */
export interface Thing {
  kind: Kind;
  name: string;
  resourceId: string;
  arn: string;
  status: string;
  answersByName: boolean;
  tags: Record<string, string>;
  deletionProtection: boolean;
  replicas: string[];
  /** The name of the cluster that it is a member of. */
  cluster: string | undefined;
}

export interface Account {
  things: Thing[];
  snapshots: SnapshotInWorld[];
}

/** Everything that stands in RDS, instances and clusters in the same words. */
export function accountOf({ sandbox }: Drive): Account {
  const { databases, clusters, snapshots } = sandbox.rds.snapshotOfWorld();
  const things: Thing[] = databases.map((one) => ({ ...one, kind: one.cluster === undefined ? 'instance' : 'member' }));
  for (const one of clusters) things.push({ ...one, kind: 'cluster', replicas: [], cluster: undefined });
  return { things, snapshots };
}

const instanceSettings = [
  'Engine',
  'EngineVersion',
  'DBInstanceClass',
  'StorageType',
  'AllocatedStorage',
  'MaxAllocatedStorage',
  'MultiAZ',
  'PubliclyAccessible',
  'BackupRetentionPeriod',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'MonitoringInterval',
  'PerformanceInsightsEnabled',
  'CopyTagsToSnapshot',
  'AutoMinorVersionUpgrade',
  'EnabledCloudwatchLogsExports',
  'VpcSecurityGroups',
  'DBParameterGroups',
  'OptionGroupMemberships',
  'IAMDatabaseAuthenticationEnabled',
] as const;
const clusterSettings = [
  'Engine',
  'EngineVersion',
  'StorageType',
  'Port',
  'DBClusterParameterGroup',
  'DBSubnetGroup',
  'BackupRetentionPeriod',
  'BacktrackWindow',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'MonitoringInterval',
  'PerformanceInsightsEnabled',
  'CopyTagsToSnapshot',
  'EnabledCloudwatchLogsExports',
  'VpcSecurityGroups',
  'IAMDatabaseAuthenticationEnabled',
  'LocalWriteForwardingStatus',
  'ServerlessV2ScalingConfiguration',
] as const;
const memberSettings = ['DBInstanceClass', 'PromotionTier', 'PubliclyAccessible', 'DBParameterGroups'] as const;

/** What must be equal before a copy may take a name, by RDS's own words. */
export function settingsOf({ sandbox }: Drive, resourceId: string | undefined): Record<string, string> {
  const { instances, clusters } = sandbox.rds.world;
  const picked = (view: object | undefined, keys: readonly string[]) =>
    Object.fromEntries(
      keys.map((key) => [key, JSON.stringify([(view as Record<string, unknown> | undefined)?.[key]])]),
    );
  const instance = instances.get(resourceId ?? '');
  if (instance) return picked(instance.view, instanceSettings);
  const cluster = clusters.get(resourceId ?? '');
  if (cluster === undefined) return {};
  const members = cluster.members.map(({ instance }) => JSON.stringify(picked(instance.view, memberSettings))).sort();
  const roles = cluster.view.AssociatedRoles.map(({ RoleArn, FeatureName }) => `${FeatureName} ${RoleArn}`).sort();
  return { ...picked(cluster.view, clusterSettings), members: members.join(), roles: roles.join() };
}

/** In which settings two databases differ. */
export function unequal(wanted: Record<string, string>, actual: Record<string, string>): string[] {
  return Object.keys(wanted).filter((key) => wanted[key] !== actual[key]);
}

/** The custom endpoints that lead to a cluster, each with what it leads to; nothing for an instance. */
export function endpointsOf({ sandbox }: Drive, resourceId: string | undefined): string[] {
  const { endpoints = new Map() } = sandbox.rds.world.clusters.get(resourceId ?? '') ?? {};
  return [...endpoints.values()]
    .map(({ DBClusterEndpointIdentifier: name, CustomEndpointType, StaticMembers, ExcludedMembers }) =>
      JSON.stringify([name, CustomEndpointType, StaticMembers, ExcludedMembers]),
    )
    .sort();
}
