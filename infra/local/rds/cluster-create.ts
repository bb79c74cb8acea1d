import { type Cluster, type ClusterView, isMultiAz, showMembers } from './cluster';
import { makeOwnMembers, settleOwnMembers } from './cluster-multi-az';
import { invalidCombination, RdsError } from './errors';
import { available, type Outcome, outcomeOf, play } from './lifecycle';
import type { EngineVersion } from './lookups';
import { endpointAddress, instanceName, randomBackupWindow, randomMaintenanceWindow, rdsArn, uuid } from './naming';
import type { Query } from './query';
import { secretFor } from './secret';
import {
  checkBackupWindow,
  checkInsights,
  checkMonitoring,
  checkPort,
  checkRetention,
  defaultSecurityGroupOf,
  domainMembership,
  lifecycleSupport,
  networkType,
} from './settings';
import { checkTags } from './tags';
import type { World } from './world';

/** What the data decides, whatever the parameters say. */
interface Data {
  version: EngineVersion;
  masterUsername: string | undefined;
  databaseName: string | undefined;
  kmsKeyId: string | undefined;
  port: number;
  retention: number;
  backupWindow: string | undefined;
  restoredFrom: string | undefined;
  /** Multi-AZ DB clusters; Aurora grows by itself. */
  sizeGiB: number | undefined;
}

export function auroraPort(engine: string): number {
  return engine.endsWith('postgresql') || engine === 'postgres' ? 5432 : 3306;
}

/** Source: CreateDBCluster. Aurora only. */
export function createCluster(world: World, query: Query): object {
  const name = freeClusterName(world, query.required('DBClusterIdentifier'));
  const version = clusterVersion(world, query.required('Engine'), query.text('EngineVersion'));
  const managed = query.flag('ManageMasterUserPassword') ?? false;
  if (!managed) query.required('MasterUserPassword');
  const isEncrypted = query.flag('StorageEncrypted') ?? query.text('KmsKeyId') !== undefined;
  const cluster = build(world, query, name, {
    version,
    masterUsername: query.required('MasterUsername'),
    databaseName: query.text('DatabaseName'),
    kmsKeyId: isEncrypted ? world.lookups.kmsKey('alias/aws/rds') : undefined,
    port: auroraPort(version.engine),
    retention: 1,
    backupWindow: undefined,
    restoredFrom: undefined,
    sizeGiB: query.integer('AllocatedStorage'),
  });
  if (managed) cluster.view.MasterUserSecret = secretFor(world, query);
  return start(world, cluster, world.knobs.clusterCreateSeconds, outcomeOf(world, 'CreateDBCluster', query));
}

/** Source: RestoreDBClusterFromSnapshot: only the cluster is made; it has no members and no tags but those passed. */
export function restoreClusterFromSnapshot(world: World, query: Query): object {
  const name = freeClusterName(world, query.required('DBClusterIdentifier'));
  const snapshot = world.clusterSnapshot(query.required('SnapshotIdentifier'));
  const { view } = snapshot;
  if (view.Status !== 'available') {
    throw new RdsError(
      'InvalidDBClusterSnapshotStateFault',
      `The cluster snapshot ${view.DBClusterSnapshotIdentifier} is ${view.Status}, not available.`,
    );
  }
  const engine = query.required('Engine');
  if (engine !== view.Engine) throw invalidCombination(`The engine ${engine} is not compatible with ${view.Engine}.`);
  const cluster = build(world, query, name, {
    version: restoredVersion(world, engine, query.text('EngineVersion'), view.EngineVersion),
    masterUsername: view.MasterUsername,
    databaseName: snapshot.origin.databaseName,
    kmsKeyId: view.KmsKeyId,
    port: snapshot.origin.port,
    retention: inheritedRetention(world, view.BackupRetentionPeriod),
    backupWindow: world.knobs.restoreBackupWindow === 'snapshot' ? view.PreferredBackupWindow : undefined,
    restoredFrom: view.DBClusterSnapshotArn,
    sizeGiB: view.AllocatedStorage,
  });
  const outcome = outcomeOf(world, 'RestoreDBClusterFromSnapshot', query);
  return start(world, cluster, world.knobs.clusterRestoreSeconds, outcome);
}

/** Source: RestoreDBClusterToPointInTime. `copy-on-write` is a clone of what is there now. */
export function restoreClusterToPointInTime(world: World, query: Query): object {
  const name = freeClusterName(world, query.required('DBClusterIdentifier'));
  const source = world.cluster(query.required('SourceDBClusterIdentifier'));
  const { view } = source;
  const isClone = query.text('RestoreType') === 'copy-on-write';
  const latest = query.flag('UseLatestRestorableTime') ?? false;
  const time = query.date('RestoreToTime');
  if (isClone) checkClonable(source);
  if (isClone && !latest) throw invalidCombination('A clone takes UseLatestRestorableTime, and no RestoreToTime.');
  if (latest === (time !== undefined)) {
    throw invalidCombination('Give exactly one of RestoreToTime and UseLatestRestorableTime.');
  }
  const first = source.firstRestorable;
  if (first === undefined || (time !== undefined && (time < first || time > world.latestRestorable(first)))) {
    throw new RdsError('InvalidRestoreFault', `${view.DBClusterIdentifier} cannot be restored to this point in time.`);
  }
  const cluster = build(world, query, name, {
    version: world.lookups.engineVersion(view.Engine, view.EngineVersion),
    masterUsername: view.MasterUsername,
    databaseName: view.DatabaseName,
    kmsKeyId: view.KmsKeyId,
    port: source.port,
    retention: inheritedRetention(world, view.BackupRetentionPeriod),
    backupWindow: world.knobs.restoreBackupWindow === 'snapshot' ? view.PreferredBackupWindow : undefined,
    restoredFrom: view.DBClusterArn,
    sizeGiB: view.AllocatedStorage,
  });
  if (isClone) {
    // A clone shares the pages of its source: whoever is in the group says so.
    view.CloneGroupId ??= uuid(view.DbClusterResourceId);
    cluster.view.CloneGroupId = view.CloneGroupId;
    world.touch(source);
  }
  const seconds = isClone ? world.knobs.clusterCloneSeconds : world.knobs.clusterRestoreSeconds;
  return start(world, cluster, seconds, outcomeOf(world, 'RestoreDBClusterToPointInTime', query));
}

/** Source: Aurora User Guide, Cloning a volume for an Aurora DB cluster, Limitations. @throws InvalidParameterCombination, InvalidDBClusterStateFault */
function checkClonable(source: Cluster): void {
  const { DBClusterIdentifier: name, Status: status } = source.view;
  if (isMultiAz(source)) throw invalidCombination('RestoreType copy-on-write is available for Aurora only.');
  if (source.members.length === 0 || status !== 'available') {
    throw new RdsError(
      'InvalidDBClusterStateFault',
      `The DB cluster ${name} cannot be cloned: it is ${status}, with ${source.members.length} DB instances.`,
    );
  }
}

/** A cluster has one day of retention at least. */
function inheritedRetention(world: World, source: number | undefined): number {
  return world.knobs.restoreRetention === 'snapshot' ? (source ?? 1) : 1;
}

function clusterVersion(world: World, engine: string, version: string | undefined): EngineVersion {
  if (!engine.startsWith('aurora-') && !multiAzEngines.includes(engine))
    throw invalidCombination(`The engine ${engine} is not available as a cluster here.`);
  return world.lookups.engineVersion(engine, version);
}

/** Source: CreateDBCluster, Engine: of the others, these make a Multi-AZ DB cluster. */
const multiAzEngines = ['mysql', 'postgres'];

/** Left out, the version is the newest of the engine, not the snapshot's. Source: RestoreDBClusterFromSnapshot. */
function restoredVersion(world: World, engine: string, asked: string | undefined, snapshot: string): EngineVersion {
  const to = clusterVersion(world, engine, asked);
  const from = world.lookups.engineVersion(engine, snapshot);
  if (world.lookups.engineVersions.indexOf(to) < world.lookups.engineVersions.indexOf(from)) {
    throw invalidCombination(
      `The engine version you requested for your restored DB cluster (${to.version}) is earlier than the engine version of the DB cluster snapshot (${from.version}).`,
    );
  }
  return to;
}

/** @throws DBClusterAlreadyExistsFault, DBClusterQuotaExceededFault */
function freeClusterName(world: World, given: string): string {
  const name = instanceName(given, 'DBClusterIdentifier');
  if (world.clusterNamesTaken.has(name)) throw new RdsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
  if (world.clusters.size >= world.knobs.quotaClusters) {
    throw new RdsError('DBClusterQuotaExceededFault', 'DB Cluster quota exceeded');
  }
  return name;
}

function build(world: World, query: Query, name: string, data: Data): Cluster {
  const { lookups } = world;
  const { version } = data;
  const subnetGroup = lookups.subnetGroup(query.text('DBSubnetGroupName') ?? 'default');
  const securityGroups = query.list('VpcSecurityGroupIds') ?? [defaultSecurityGroupOf(world, subnetGroup.VpcId)];
  lookups.checkSecurityGroups(securityGroups, subnetGroup.VpcId);
  const logs = query.list('EnableCloudwatchLogsExports') ?? [];
  lookups.checkLogTypes(logs, version);
  const tags = query.tags() ?? [];
  checkTags(tags);
  const key = query.text('KmsKeyId');
  const kmsKeyId = key === undefined ? data.kmsKeyId : lookups.kmsKey(key);
  const backtrack = query.integer('BacktrackWindow');
  if (backtrack !== undefined && backtrack > 0 && version.engine !== 'aurora-mysql') {
    throw invalidCombination('Backtrack is available for Aurora MySQL only.');
  }
  const isAurora = version.engine.startsWith('aurora');
  const storageType = query.text('StorageType') ?? (isAurora ? 'aurora' : 'io1');
  const storageTypes = isAurora ? ['aurora', 'aurora-iopt1'] : ['io1', 'io2', 'gp3'];
  if (!storageTypes.includes(storageType)) {
    throw new RdsError('StorageTypeNotSupported', `Invalid storage type: ${storageType}`);
  }
  const memberClass = query.text('DBClusterInstanceClass');
  if (isAurora === (memberClass !== undefined)) {
    throw invalidCombination('DBClusterInstanceClass is for Multi-AZ DB clusters, and required for them.');
  }
  const iops = query.integer('Iops');
  if (storageType === 'io1' && iops === undefined) throw invalidCombination('Iops is required for storage type io1.');
  const domain = query.text('Domain');
  const window = query.text('PreferredBackupWindow');
  const retention = checkRetention(query.integer('BackupRetentionPeriod') ?? data.retention);
  if (retention === 0) throw invalidCombination('The backup retention period of a cluster is 1 day at least.');
  const id = world.nextClusterId();
  const view: ClusterView = {
    AllocatedStorage: data.sizeGiB ?? 1,
    DBClusterInstanceClass: memberClass,
    Iops: iops,
    ...(isAurora
      ? {}
      : {
          PubliclyAccessible: query.flag('PubliclyAccessible') ?? false,
          CertificateDetails: lookups.certificate('rds-ca-rsa2048-g1'),
        }),
    AvailabilityZones: query.list('AvailabilityZones') ?? ['a', 'b', 'c'].map((zone) => `${world.region}${zone}`),
    BackupRetentionPeriod: retention,
    DatabaseName: data.databaseName,
    DBClusterIdentifier: name,
    DBClusterParameterGroup: lookups.clusterParameterGroup(
      query.text('DBClusterParameterGroupName') ?? `default.${version.family}`,
      version,
    ),
    DBSubnetGroup: subnetGroup.DBSubnetGroupName,
    Status: 'creating',
    CustomEndpoints: [],
    MultiAZ: false,
    Engine: version.engine,
    EngineVersion: version.version,
    EngineMode: 'provisioned',
    Port: checkPort(query.integer('Port') ?? data.port),
    MasterUsername: data.masterUsername,
    DBClusterOptionGroupMemberships: [],
    PreferredBackupWindow:
      window === undefined ? (data.backupWindow ?? randomBackupWindow(id)) : checkBackupWindow(window),
    PreferredMaintenanceWindow: randomMaintenanceWindow(id),
    PendingModifiedValues: {},
    ReadReplicaIdentifiers: [],
    DBClusterMembers: [],
    VpcSecurityGroups: securityGroups.map((group) => ({ VpcSecurityGroupId: group, Status: 'active' })),
    StorageEncrypted: kmsKeyId !== undefined,
    StorageEncryptionType: kmsKeyId === undefined ? 'none' : 'sse-kms',
    KmsKeyId: kmsKeyId,
    DbClusterResourceId: id,
    DBClusterArn: rdsArn(world, 'cluster', name),
    AssociatedRoles: rolesPassed(query),
    IAMDatabaseAuthenticationEnabled: query.flag('EnableIAMDatabaseAuthentication') ?? false,
    BacktrackWindow: backtrack,
    EnabledCloudwatchLogsExports: logs,
    StorageType: storageType,
    DeletionProtection: query.flag('DeletionProtection') ?? false,
    HttpEndpointEnabled: false,
    ActivityStreamStatus: 'stopped',
    CopyTagsToSnapshot: query.flag('CopyTagsToSnapshot') ?? false,
    CrossAccountClone: false,
    DomainMemberships: domain === undefined ? [] : [domainMembership(world, query, domain)],
    TagList: tags,
    AutoMinorVersionUpgrade: true,
    NetworkType: networkType(query.text('NetworkType') ?? 'IPV4', subnetGroup.SupportedNetworkTypes ?? []),
    ServerlessV2ScalingConfiguration: serverlessCapacity(query),
    ...monitoringPassed(world, query),
    DatabaseInsightsMode: 'standard',
    LocalWriteForwardingStatus: 'disabled',
    EngineLifecycleSupport: lifecycleSupport(
      query.text('EngineLifecycleSupport') ?? 'open-source-rds-extended-support',
    ),
  };
  return freshCluster(view, view.Port ?? data.port, data.restoredFrom);
}

export function freshCluster(view: ClusterView, port: number, restoredFrom: string | undefined): Cluster {
  return {
    kind: 'cluster',
    view,
    port,
    restoredFrom,
    firstRestorable: undefined,
    members: [],
    endpoints: new Map(),
    work: undefined,
    accepted: [],
    deferred: new Map(),
    renamingTo: undefined,
    deferredName: undefined,
    encoded: undefined,
  };
}

function rolesPassed(query: Query) {
  return (query.records('AssociatedRoles') ?? []).map((role) => ({
    RoleArn: role.get('RoleArn'),
    FeatureName: role.get('FeatureName'),
    Status: 'ACTIVE',
  }));
}

/** `ServerlessV2ScalingConfiguration.MinCapacity=0.5`; undefined when left out: then no member may be serverless. */
export function serverlessCapacity(query: Query) {
  const capacity = (name: string) => {
    const value = query.text(`ServerlessV2ScalingConfiguration.${name}`);
    return value === undefined ? undefined : Number(value);
  };
  const [min, max] = [capacity('MinCapacity'), capacity('MaxCapacity')];
  if (min === undefined || max === undefined) return undefined;
  if (min > max) throw invalidCombination('MinCapacity must not be greater than MaxCapacity.');
  return { MinCapacity: min, MaxCapacity: max, SecondsUntilAutoPause: capacity('SecondsUntilAutoPause') };
}

function monitoringPassed(world: World, query: Query) {
  const interval = query.integer('MonitoringInterval') ?? 0;
  const roleArn = query.text('MonitoringRoleArn');
  checkMonitoring({ interval, roleArn });
  const enabled = query.flag('EnablePerformanceInsights') ?? false;
  const keyArn = enabled
    ? world.lookups.kmsKey(query.text('PerformanceInsightsKMSKeyId') ?? 'alias/aws/rds')
    : undefined;
  const retentionDays = query.integer('PerformanceInsightsRetentionPeriod') ?? 7;
  checkInsights({ enabled, keyArn, retentionDays, mode: 'standard' });
  return {
    MonitoringInterval: interval,
    MonitoringRoleArn: roleArn,
    PerformanceInsightsEnabled: enabled,
    PerformanceInsightsKMSKeyId: keyArn,
    PerformanceInsightsRetentionPeriod: enabled ? retentionDays : undefined,
  };
}

export function addCluster(world: World, cluster: Cluster): void {
  const { DBClusterIdentifier: name, DbClusterResourceId: id } = cluster.view;
  world.clusters.set(id, cluster);
  world.clustersByName.set(name, cluster);
  world.clusterNamesTaken.set(name, id);
  nameEndpoints(world, cluster);
  showMembers(world, cluster);
}

export function nameEndpoints(world: World, cluster: Cluster): void {
  const { view } = cluster;
  view.Endpoint = endpointAddress(world, view.DBClusterIdentifier, 'cluster-');
  view.ReaderEndpoint = endpointAddress(world, view.DBClusterIdentifier, 'cluster-ro-');
  world.touch(cluster);
}

function start(world: World, cluster: Cluster, seconds: number, outcome: Outcome): object {
  addCluster(world, cluster);
  if (isMultiAz(cluster)) makeOwnMembers(world, cluster, 'creating');
  const creating = {
    status: 'creating',
    seconds,
    decisive: true,
    leave: () => {
      const { view } = cluster;
      view.ClusterCreateTime = new Date(world.clock.now());
      cluster.firstRestorable = world.clock.now();
      if (view.MasterUserSecret) view.MasterUserSecret.SecretStatus = 'active';
      if (isMultiAz(cluster)) settleOwnMembers(world, cluster);
      world.clusterEvent(cluster, 'clusterCreated');
    },
  };
  play(world, cluster, [creating, available], outcome);
  return { DBCluster: world.showCluster(cluster) };
}
