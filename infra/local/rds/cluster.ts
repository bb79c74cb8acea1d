import type { DBCluster, DBClusterEndpoint, DBClusterSnapshot } from '@aws-sdk/client-rds';
import { invalidCombination } from './errors';
import type { Change, Instance, Known, Work } from './instance';
import type { Query } from './query';
import type { World } from './world';
import type { Encoded } from './xml';

export type ClusterView = Known<
  DBCluster,
  | 'DBClusterIdentifier'
  | 'DBClusterArn'
  | 'DbClusterResourceId'
  | 'Status'
  | 'Engine'
  | 'EngineVersion'
  | 'DBClusterParameterGroup'
  | 'BackupRetentionPeriod'
  | 'DBClusterMembers'
  | 'CustomEndpoints'
  | 'VpcSecurityGroups'
  | 'AssociatedRoles'
  | 'EnabledCloudwatchLogsExports'
  | 'PendingModifiedValues'
  | 'TagList'
>;

/** A place in a cluster. The writer is the first instance that was made, until a failover. */
export interface Member {
  instance: Instance;
  isWriter: boolean;
  tier: number;
}

/** An Aurora cluster: the data and its names. What answers queries are its members, which are instances. */
export interface Cluster {
  kind: 'cluster';
  view: ClusterView;
  port: number;
  restoredFrom: string | undefined;
  /** Virtual milliseconds: since when a point in time can be restored; undefined while a restore goes on. */
  firstRestorable: number | undefined;
  members: Member[];
  endpoints: Map<string, DBClusterEndpoint & { DBClusterEndpointIdentifier: string }>;
  work: Work | undefined;
  accepted: Change<ClusterView>[];
  deferred: Map<string, Change<ClusterView>>;
  renamingTo: string | undefined;
  deferredName: string | undefined;
  encoded: Encoded | undefined;
}

export type ClusterSnapshotView = Known<
  DBClusterSnapshot,
  | 'DBClusterSnapshotIdentifier'
  | 'DBClusterIdentifier'
  | 'DBClusterSnapshotArn'
  | 'DbClusterResourceId'
  | 'Status'
  | 'Engine'
  | 'EngineVersion'
  | 'SnapshotType'
  | 'TagList'
>;

export interface ClusterSnapshot {
  view: ClusterSnapshotView;
  origin: { databaseName: string | undefined; port: number };
  progress: { from: number; to: number } | undefined;
  encoded: Encoded | undefined;
}

/** A Multi-AZ DB cluster makes and names its three members itself (RDS User Guide, Multi-AZ DB cluster deployments). */
export function isMultiAz({ view }: Cluster): boolean {
  return !view.Engine.startsWith('aurora');
}

/** To be called when a member came, went, was renamed or became the writer. */
export function showMembers(world: World, cluster: Cluster): void {
  cluster.view.DBClusterMembers = cluster.members.map(({ instance, isWriter, tier }) => ({
    DBInstanceIdentifier: instance.view.DBInstanceIdentifier,
    IsClusterWriter: isWriter,
    DBClusterParameterGroupStatus: 'in-sync',
    PromotionTier: tier,
  }));
  const zones = new Set(cluster.members.map(({ instance }) => instance.view.AvailabilityZone));
  cluster.view.MultiAZ = zones.size > 1;
  world.touch(cluster);
}

export function clusterOf(world: World, instance: Instance): Cluster | undefined {
  if (instance.view.DBClusterIdentifier === undefined) return undefined;
  for (const cluster of world.clusters.values()) {
    if (cluster.members.some((member) => member.instance === instance)) return cluster;
  }
  return undefined;
}

/** A member that is gone leaves its place; a writer's place goes to the reader of the lowest tier. */
export function leaveCluster(world: World, instance: Instance): void {
  const cluster = clusterOf(world, instance);
  if (cluster === undefined) return;
  cluster.members = cluster.members.filter((member) => member.instance !== instance);
  const hasWriter = cluster.members.some((member) => member.isWriter);
  const next = [...cluster.members].sort((a, b) => a.tier - b.tier)[0];
  if (!hasWriter && next !== undefined) next.isWriter = true;
  showMembers(world, cluster);
}

/** What the cluster decides for its members. Source: CreateDBInstance and ModifyDBInstance, "This setting doesn't apply to Aurora". */
const governed = [
  'AllocatedStorage',
  'BackupRetentionPeriod',
  'DBName',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnableIAMDatabaseAuthentication',
  'Iops',
  'KmsKeyId',
  'ManageMasterUserPassword',
  'MasterUserPassword',
  'MasterUsername',
  'OptionGroupName',
  'Port',
  'PreferredBackupWindow',
  'StorageEncrypted',
  'VpcSecurityGroupIds',
];

/** @throws InvalidParameterCombination */
export function refuseGoverned(query: Query): void {
  for (const parameter of governed) {
    if (query.has(parameter)) {
      throw invalidCombination(`The DB Instance is a member of a DB Cluster. Set ${parameter} for the DB Cluster.`);
    }
  }
}

/** Source: RDS User Guide, Modifying a Multi-AZ DB cluster: its members are not changed one by one. @throws InvalidParameterCombination */
export function refuseOwnMember(world: World, instance: Instance): void {
  const cluster = clusterOf(world, instance);
  if (cluster !== undefined && isMultiAz(cluster)) {
    throw invalidCombination('The DB instance is a member of a Multi-AZ DB cluster. Modify the DB cluster instead.');
  }
}
