import { invalidCombination, RdsError } from './errors';
import type { Instance, InstanceView } from './instance';
import { available, baselineBackup, type Outcome, outcomeOf, type Phase, play } from './lifecycle';
import type { EngineVersion } from './lookups';
import { instanceName, nameOf, randomBackupWindow, randomMaintenanceWindow, rdsArn } from './naming';
import type { Query } from './query';
import { secretFor } from './secret';
import {
  checkBackupWindow,
  checkClass,
  checkInsights,
  checkLogVolume,
  checkMaintenanceWindow,
  checkMonitoring,
  checkPort,
  checkRetention,
  insightsMode,
  passedSettings,
} from './settings';
import { checkGrowth, provision, type Storage } from './storage';
import type { World } from './world';

/** What the data decides, whatever the parameters say. */
interface Data {
  version: EngineVersion;
  masterUsername: string | undefined;
  dbName: string | undefined;
  encrypted: boolean;
  kmsKeyId: string | undefined;
  restoredFrom: string | undefined;
}

const enginePorts: Readonly<Record<string, number>> = { postgres: 5432, mysql: 3306, mariadb: 3306 };

/** Source: CreateDBInstance. */
export function createInstance(world: World, query: Query): object {
  const name = freeName(world, query.required('DBInstanceIdentifier'), 'DBInstanceIdentifier');
  const version = world.lookups.engineVersion(query.required('Engine'), query.text('EngineVersion'));
  const managed = query.flag('ManageMasterUserPassword') ?? false;
  if (!managed) query.required('MasterUserPassword');
  const kmsKeyId = query.text('KmsKeyId');
  const encrypted = query.flag('StorageEncrypted') ?? kmsKeyId !== undefined;
  const instance = build(
    world,
    query,
    name,
    {
      version,
      masterUsername: query.required('MasterUsername'),
      dbName: query.text('DBName'),
      encrypted,
      kmsKeyId: encrypted ? world.lookups.kmsKey(kmsKeyId ?? 'alias/aws/rds') : undefined,
      restoredFrom: undefined,
    },
    {
      class: query.required('DBInstanceClass'),
      port: enginePorts[version.engine] ?? 1521,
      storageType: query.integer('Iops') === undefined ? 'gp3' : 'io1',
      sizeGiB: query.integer('AllocatedStorage') ?? 20,
      iops: undefined,
      retention: 1,
      backupWindow: undefined,
      optionGroup: undefined,
      autoMinorVersionUpgrade: true,
      tags: [],
    },
  );
  instance.view = { ...instance.view, ...createOnly(world, query) };
  if (managed) instance.view.MasterUserSecret = secretFor(world, query);
  return start(world, instance, outcomeOf(world, 'CreateDBInstance', query), world.knobs.createSeconds);
}

/** Settings that CreateDBInstance takes and a restore does not. */
export function createOnly(world: World, query: Query): Partial<InstanceView> {
  const window = query.text('PreferredMaintenanceWindow');
  const monitoring = { interval: query.integer('MonitoringInterval') ?? 0, roleArn: query.text('MonitoringRoleArn') };
  checkMonitoring(monitoring);
  const enabled = query.flag('EnablePerformanceInsights') ?? false;
  const key = query.text('PerformanceInsightsKMSKeyId');
  const insights = {
    enabled,
    keyArn: enabled ? world.lookups.kmsKey(key ?? 'alias/aws/rds') : undefined,
    retentionDays: query.integer('PerformanceInsightsRetentionPeriod') ?? 7,
    mode: insightsMode(query.text('DatabaseInsightsMode') ?? 'standard'),
  };
  checkInsights(insights);
  return {
    ...(window === undefined ? {} : { PreferredMaintenanceWindow: checkMaintenanceWindow(window) }),
    MaxAllocatedStorage: query.integer('MaxAllocatedStorage'),
    MonitoringInterval: monitoring.interval,
    MonitoringRoleArn: monitoring.roleArn,
    PerformanceInsightsEnabled: enabled,
    PerformanceInsightsKMSKeyId: insights.keyArn,
    PerformanceInsightsRetentionPeriod: enabled ? insights.retentionDays : undefined,
    DatabaseInsightsMode: insights.mode,
  };
}

/** Source: RestoreDBInstanceFromDBSnapshot. */
export function restoreFromSnapshot(world: World, query: Query): object {
  const name = freeName(world, query.required('DBInstanceIdentifier'), 'DBInstanceIdentifier');
  const snapshot = world.snapshot(query.required('DBSnapshotIdentifier'));
  const { view } = snapshot;
  if (view.Status !== 'available') {
    throw new RdsError(
      'InvalidDBSnapshotState',
      `Cannot restore from DB snapshot ${view.DBSnapshotIdentifier}: it is in state ${view.Status}, not available.`,
    );
  }
  const isOthers = nameOf(world, 'snapshot', view.DBSnapshotArn) === undefined;
  if (isOthers && view.Encrypted) {
    throw new RdsError(
      'KMSKeyNotAccessibleFault',
      `The encrypted snapshot ${view.DBSnapshotArn} is shared by another account: copy it with a key of this account first.`,
    );
  }
  refuseDbName(query, view.Engine);
  refuseEngine(query, view.Engine);
  const version = world.lookups.engineVersion(view.Engine, view.EngineVersion);
  const { knobs } = world;
  const iops = query.integer('Iops');
  const storageType = knobs.restoreStorageType === 'gp3' ? 'gp3' : (view.StorageType ?? 'gp3');
  const source = world.instances.get(view.DbiResourceId);
  const instance = build(
    world,
    query,
    name,
    {
      version,
      masterUsername: view.MasterUsername,
      dbName: snapshot.origin.dbName,
      encrypted: view.Encrypted ?? false,
      kmsKeyId: view.KmsKeyId,
      restoredFrom: view.DBSnapshotArn,
    },
    {
      class: snapshot.origin.class,
      port: snapshot.origin.port,
      storageType: iops === undefined || iops === 0 ? storageType : 'io1',
      sizeGiB: view.AllocatedStorage,
      iops: storageType === view.StorageType ? view.Iops : undefined,
      retention: inheritedRetention(world, view.BackupRetentionPeriod),
      backupWindow: knobs.restoreBackupWindow === 'snapshot' ? view.PreferredBackupWindow : undefined,
      optionGroup: knobs.restoreOptionGroup === 'snapshot' ? view.OptionGroupName : undefined,
      autoMinorVersionUpgrade: knobs.restoreAutoMinorVersionUpgrade,
      tags: source?.view.TagList ?? snapshot.origin.tags,
    },
  );
  checkGrowth(view.AllocatedStorage, instance.view.AllocatedStorage);
  world.snapshotEvent(snapshot, 'snapshotRestored', `Restored from snapshot ${view.DBSnapshotIdentifier}`);
  return startRestore(world, instance, outcomeOf(world, 'RestoreDBInstanceFromDBSnapshot', query));
}

/** Source: RestoreDBInstanceToPointInTime. */
export function restoreToPointInTime(world: World, query: Query): object {
  const name = freeName(world, query.required('TargetDBInstanceIdentifier'), 'TargetDBInstanceIdentifier');
  const source = sourceOfPointInTime(world, query);
  if (source.BackupRetentionPeriod === 0 || source.LatestRestorableTime === undefined) {
    throw new RdsError(
      'PointInTimeRestoreNotEnabled',
      `Point in time restore is not enabled for ${source.DBInstanceIdentifier}: automated backups are off or not finished.`,
    );
  }
  checkRestoreTime(world, query, source);
  refuseDbName(query, source.Engine);
  refuseEngine(query, source.Engine);
  const iops = query.integer('Iops');
  const storageType = world.knobs.restoreStorageType === 'gp3' ? 'gp3' : source.StorageType;
  const instance = build(
    world,
    query,
    name,
    {
      version: world.lookups.engineVersion(source.Engine, source.EngineVersion),
      masterUsername: source.MasterUsername,
      dbName: source.DBName,
      encrypted: source.StorageEncrypted ?? false,
      kmsKeyId: source.KmsKeyId,
      restoredFrom: source.DBInstanceArn,
    },
    {
      class: source.DBInstanceClass,
      port: source.Endpoint?.Port ?? enginePorts[source.Engine] ?? 1521,
      storageType: iops === undefined || iops === 0 ? storageType : 'io1',
      sizeGiB: source.AllocatedStorage,
      iops: storageType === source.StorageType ? source.Iops : undefined,
      retention: inheritedRetention(world, source.BackupRetentionPeriod),
      backupWindow: world.knobs.restoreBackupWindow === 'snapshot' ? source.PreferredBackupWindow : undefined,
      optionGroup:
        world.knobs.restoreOptionGroup === 'snapshot' ? source.OptionGroupMemberships[0]?.OptionGroupName : undefined,
      autoMinorVersionUpgrade: world.knobs.restoreAutoMinorVersionUpgrade,
      tags: source.TagList,
    },
  );
  checkGrowth(source.AllocatedStorage, instance.view.AllocatedStorage);
  const most = query.integer('MaxAllocatedStorage');
  if (most !== undefined) instance.view.MaxAllocatedStorage = most;
  const answer = startRestore(world, instance, outcomeOf(world, 'RestoreDBInstanceToPointInTime', query));
  world.instanceEvent(instance, 'restoredToPointInTime');
  return answer;
}

function sourceOfPointInTime(world: World, query: Query): InstanceView {
  const given = query.text('SourceDBInstanceIdentifier');
  if (given !== undefined) return world.instance(given).view;
  const id = query.text('SourceDbiResourceId');
  if (id === undefined) {
    throw invalidCombination(
      'Give SourceDBInstanceIdentifier, SourceDbiResourceId or SourceDBInstanceAutomatedBackupsArn.',
    );
  }
  const found = world.instances.get(id)?.view ?? world.retained.get(id);
  if (found === undefined) {
    throw new RdsError('DBInstanceAutomatedBackupNotFound', `No automated backup found for ${id}.`);
  }
  return found;
}

function checkRestoreTime(world: World, query: Query, source: InstanceView): void {
  const time = query.date('RestoreTime');
  const latest = query.flag('UseLatestRestorableTime') ?? false;
  if ((time !== undefined) === latest) {
    throw invalidCombination('Give exactly one of RestoreTime and UseLatestRestorableTime.');
  }
  if (time === undefined) return;
  const earliest = Math.max(
    source.InstanceCreateTime?.getTime() ?? 0,
    world.clock.now() - source.BackupRetentionPeriod * 86_400_000,
  );
  if (time < earliest || time > world.latestRestorable(source.LatestRestorableTime?.getTime() ?? 0)) {
    throw new RdsError(
      'InvalidRestoreFault',
      `The specified RestoreTime is not within the backup retention period of ${source.DBInstanceIdentifier}.`,
    );
  }
}

function inheritedRetention(world: World, source: number | undefined): number {
  if (world.knobs.restoreRetention === 'zero') return 0;
  return world.knobs.restoreRetention === 'one' ? 1 : (source ?? 1);
}

/** Source: RestoreDBInstanceFromDBSnapshot, DBName: not for MySQL, MariaDB and PostgreSQL. */
function refuseDbName(query: Query, engine: string): void {
  if (query.text('DBName') !== undefined) {
    throw invalidCombination(`DBName must be null when Restoring for this Engine. Engine: ${engine}`);
  }
}

function refuseEngine(query: Query, engine: string): void {
  const given = query.text('Engine');
  if (given !== undefined && given !== engine) {
    throw invalidCombination(`The engine ${given} is not compatible with the source's engine ${engine}.`);
  }
}

/** @throws DBInstanceAlreadyExists, also for a name that a rename has not let go of yet. */
export function freeName(world: World, given: string, parameter: string): string {
  const name = instanceName(given, parameter);
  if (world.taken.has(name)) throw new RdsError('DBInstanceAlreadyExists', 'DB Instance already exists');
  return name;
}

interface Defaults {
  class: string;
  port: number;
  storageType: string;
  sizeGiB: number;
  iops: number | undefined;
  retention: number;
  backupWindow: string | undefined;
  optionGroup: string | undefined;
  autoMinorVersionUpgrade: boolean;
  tags: InstanceView['TagList'];
}

function build(world: World, query: Query, name: string, data: Data, defaults: Defaults): Instance {
  const { version } = data;
  const passed = passedSettings(world, query, version, name);
  const storage = provision(version.engine, askedStorage(query, defaults));
  checkQuotas(world, storage.sizeGiB);
  const port = checkPort(query.integer('Port') ?? defaults.port);
  const window = query.text('PreferredBackupWindow');
  const id = world.nextResourceId();
  const view: InstanceView = {
    DBInstanceIdentifier: name,
    DBInstanceClass: checkClass(query.text('DBInstanceClass') ?? defaults.class),
    Engine: version.engine,
    DBInstanceStatus: 'creating',
    MasterUsername: data.masterUsername,
    DBName: data.dbName,
    AllocatedStorage: storage.sizeGiB,
    InstanceCreateTime: undefined,
    BackupRetentionPeriod: checkRetention(query.integer('BackupRetentionPeriod') ?? defaults.retention),
    PreferredBackupWindow:
      window === undefined ? (defaults.backupWindow ?? randomBackupWindow(id)) : checkBackupWindow(window),
    PreferredMaintenanceWindow: randomMaintenanceWindow(id),
    PendingModifiedValues: {},
    EngineVersion: version.version,
    AutoMinorVersionUpgrade: query.flag('AutoMinorVersionUpgrade') ?? defaults.autoMinorVersionUpgrade,
    ReadReplicaDBInstanceIdentifiers: [],
    StorageType: storage.type,
    Iops: storage.iops,
    StorageThroughput: storage.throughput,
    DbInstancePort: 0,
    StorageEncrypted: data.encrypted,
    KmsKeyId: data.kmsKeyId,
    DbiResourceId: id,
    DBInstanceArn: rdsArn(world, 'db', name),
    CustomerOwnedIpEnabled: false,
    ActivityStreamStatus: 'stopped',
    BackupTarget: 'region',
    DedicatedLogVolume: checkLogVolume(query.flag('DedicatedLogVolume') ?? false, storage.type),
    StorageEncryptionType: data.encrypted ? 'sse-kms' : 'none',
    DBSecurityGroups: [],
    ...passed,
    TagList: passed.TagList ?? [...defaults.tags],
  };
  if (defaults.optionGroup !== undefined && query.text('OptionGroupName') === undefined) {
    view.OptionGroupMemberships = [{ OptionGroupName: defaults.optionGroup, Status: 'in-sync' }];
  }
  return freshInstance(view, port, data.restoredFrom);
}

export function freshInstance(view: InstanceView, port: number, restoredFrom: string | undefined): Instance {
  return {
    kind: 'instance',
    view,
    port,
    restoredFrom,
    initializing: undefined,
    work: undefined,
    accepted: [],
    renamingTo: undefined,
    deferred: new Map(),
    deferredName: undefined,
    roleTimers: new Map(),
    encoded: undefined,
  };
}

function askedStorage(query: Query, defaults: Defaults): Storage {
  const type = query.text('StorageType') ?? defaults.storageType;
  const given = query.integer('Iops');
  const isProvisioned = type === 'io1' || type === 'io2';
  return {
    type,
    sizeGiB: query.integer('AllocatedStorage') ?? defaults.sizeGiB,
    // 0 means storage without provisioned IOPS (RestoreDBInstanceFromDBSnapshot, Iops).
    iops: given === 0 ? undefined : (given ?? (isProvisioned ? defaults.iops : undefined)),
    throughput: query.integer('StorageThroughput'),
  };
}

/** @throws InstanceQuotaExceeded, StorageQuotaExceeded */
export function checkQuotas(world: World, addedGiB: number): void {
  if (world.instances.size >= world.knobs.quotaInstances) {
    throw new RdsError('InstanceQuotaExceeded', 'DB Instance quota exceeded');
  }
  let total = addedGiB;
  for (const { view } of world.instances.values()) total += view.AllocatedStorage;
  if (total > world.knobs.quotaStorageGiB) {
    throw new RdsError('StorageQuotaExceeded', 'The request would exceed the quota of allocated storage.');
  }
}

function startRestore(world: World, instance: Instance, outcome: Outcome): object {
  return start(world, instance, outcome, world.knobs.restoreSeconds);
}

function start(world: World, instance: Instance, outcome: Outcome, seconds: number): object {
  world.add(instance);
  const creating: Phase = {
    status: 'creating',
    seconds,
    decisive: true,
    leave: () => {
      const { view } = instance;
      view.Endpoint = world.endpoint(instance);
      view.InstanceCreateTime = new Date(world.clock.now());
      const secret = view.MasterUserSecret;
      if (secret) secret.SecretStatus = 'active';
      world.instanceEvent(instance, 'created');
      beginInitializing(world, instance);
    },
  };
  const backups = instance.view.BackupRetentionPeriod > 0 ? [baselineBackup(world, instance)] : [];
  play(world, instance, [creating, ...backups, available], outcome);
  return { DBInstance: world.show(instance) };
}

/** A restored volume is read from its snapshot in the background after the instance is available. */
function beginInitializing(world: World, instance: Instance): void {
  const seconds = world.knobs.storageInitializationSeconds;
  if (instance.restoredFrom === undefined || seconds === 0) return;
  const from = world.clock.now();
  instance.initializing = { from, to: from + seconds * 1000 };
}
