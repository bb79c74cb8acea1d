import type {
  DBInstance,
  ModifyDBInstanceCommandInput,
  RestoreDBInstanceFromDBSnapshotCommandInput,
} from '@aws-sdk/client-rds';
import type { Comparison } from '../run';
import type { Settings, SettingValue } from '../settings';
import { addedByOthers, isSame, isSet, number, ownTags, record, sorted, text, texts } from './setting-values';

type RestoreInput = Omit<Partial<RestoreDBInstanceFromDBSnapshotCommandInput>, 'DBInstanceIdentifier'>;
type ModifyInput = Omit<Partial<ModifyDBInstanceCommandInput>, 'DBInstanceIdentifier'>;

/** What a row may need to know beside its own value. */
export interface RestoreFacts {
  /** Size of the snapshot's volume, in GiB. */
  snapshotGib: number;
}

/**
 * One setting of a DB instance and how it comes back. Sources: RDS API Reference, RestoreDBInstanceFromDBSnapshot and
 * ModifyDBInstance; AWS's own CloudFormation handler for what a restore loses.
 */
export interface SettingRow {
  key: string;
  /** How a person would call it. */
  title: string;
  read(instance: DBInstance): SettingValue;
  /** Parameters of the restore call; absent: the call does not take it. */
  restore?(value: SettingValue, all: Settings, facts: RestoreFacts): RestoreInput;
  /** Parameters of the change that sets it afterwards; absent: another call does, or nothing can. */
  modify?(value: SettingValue, all: Settings, actual: SettingValue): ModifyInput;
  /** The value belongs to the data: the snapshot decides it, and a difference is what was asked for. */
  fromData?: string;
  /** It cannot come back, and why. */
  impossible?: string;
  /** Why RDS's own choice is right when no value is wanted. */
  ifUnset?: string;
}

/** Below these sizes gp3 has fixed IOPS and throughput, and naming them is refused (RDS User Guide, gp3 storage). */
const gp3ThresholdGib: Record<string, number> = {
  mysql: 400,
  mariadb: 400,
  postgres: 400,
  oracle: 200,
  db2: 100,
  sqlserver: 0,
};

function takesIops(all: Settings): boolean {
  if (text(all.storageType) !== 'gp3') return true;
  const family = Object.keys(gp3ThresholdGib).find((engine) => text(all.engine).startsWith(engine));
  return number(all.allocatedStorage) >= (family ? (gp3ThresholdGib[family] ?? 0) : 400);
}

/** Autoscaling may have grown the original since; a volume grows by a tenth at least or not at all. */
function grown(all: Settings, snapshotGib: number): number | undefined {
  const wanted = number(all.allocatedStorage);
  return wanted >= snapshotGib * 1.1 ? wanted : undefined;
}

export const instanceSettings: readonly SettingRow[] = [
  { key: 'engine', title: 'Engine', read: (db) => db.Engine ?? null, fromData: 'the snapshot decides the engine' },
  {
    key: 'engineVersion',
    title: 'Engine version',
    read: (db) => db.EngineVersion ?? null,
    fromData: 'the snapshot decides the version',
  },
  {
    key: 'masterUsername',
    title: 'Master user',
    read: (db) => db.MasterUsername ?? null,
    fromData: 'it is part of the data',
  },
  {
    key: 'databaseName',
    title: 'Initial database',
    read: (db) => db.DBName ?? null,
    fromData: 'it is part of the data',
  },
  {
    key: 'characterSet',
    title: 'Character set',
    read: (db) => db.CharacterSetName ?? null,
    fromData: 'it is part of the data',
  },
  {
    key: 'ncharCharacterSet',
    title: 'National character set',
    read: (db) => db.NcharCharacterSetName ?? null,
    fromData: 'it is part of the data',
  },
  { key: 'timezone', title: 'Time zone', read: (db) => db.Timezone ?? null, fromData: 'it is part of the data' },
  {
    key: 'storageEncrypted',
    title: 'Encryption',
    read: (db) => db.StorageEncrypted ?? false,
    fromData: 'the snapshot decides encryption',
  },
  {
    key: 'kmsKey',
    title: 'Encryption key',
    read: (db) => db.KmsKeyId ?? null,
    fromData: 'the snapshot decides the key',
  },
  {
    key: 'allocatedStorage',
    title: 'Storage size',
    read: (db) => db.AllocatedStorage ?? null,
    restore: (_, all, facts) => ({ AllocatedStorage: grown(all, facts.snapshotGib) }),
    fromData: 'a volume cannot be smaller than the snapshot, nor larger by less than a tenth',
  },
  {
    key: 'class',
    title: 'Instance class',
    read: (db) => db.DBInstanceClass ?? null,
    restore: (value) => ({ DBInstanceClass: text(value) }),
    modify: (value) => ({ DBInstanceClass: text(value) }),
  },
  {
    key: 'port',
    title: 'Port',
    read: (db) => db.Endpoint?.Port ?? null,
    restore: (value) => (isSet(value) ? { Port: number(value) } : {}),
    modify: (value) => ({ DBPortNumber: number(value) }),
  },
  {
    key: 'subnetGroup',
    title: 'Subnet group',
    read: (db) => db.DBSubnetGroup?.DBSubnetGroupName ?? null,
    restore: (value) => (isSet(value) ? { DBSubnetGroupName: text(value) } : {}),
  },
  {
    key: 'securityGroups',
    title: 'Security groups',
    read: (db) => sorted(db.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId)),
    restore: (value) => ({ VpcSecurityGroupIds: texts(value) }),
    modify: (value) => ({ VpcSecurityGroupIds: texts(value) }),
  },
  {
    key: 'parameterGroup',
    title: 'Parameter group',
    read: (db) => db.DBParameterGroups?.[0]?.DBParameterGroupName ?? null,
    restore: (value) => (isSet(value) ? { DBParameterGroupName: text(value) } : {}),
    modify: (value) => ({ DBParameterGroupName: text(value) }),
    ifUnset: 'the original’s belongs to another major version',
  },
  {
    key: 'optionGroup',
    title: 'Option group',
    read: (db) => db.OptionGroupMemberships?.[0]?.OptionGroupName ?? null,
    restore: (value) => (isSet(value) ? { OptionGroupName: text(value) } : {}),
    modify: (value) => ({ OptionGroupName: text(value) }),
    ifUnset: 'the original’s belongs to another major version',
  },
  {
    key: 'multiAz',
    title: 'Multi-AZ',
    read: (db) => db.MultiAZ ?? false,
    restore: (value) => ({ MultiAZ: value === true }),
    modify: (value) => ({ MultiAZ: value === true }),
  },
  {
    key: 'availabilityZone',
    title: 'Availability Zone',
    // With Multi-AZ, AWS places both ends, and a restore refuses to be told.
    read: (db) => (db.MultiAZ ? null : (db.AvailabilityZone ?? null)),
    restore: (value) => (isSet(value) ? { AvailabilityZone: text(value) } : {}),
  },
  {
    key: 'storageType',
    title: 'Storage type',
    read: (db) => db.StorageType ?? null,
    restore: (value) => (isSet(value) ? { StorageType: text(value) } : {}),
    modify: (value) => ({ StorageType: text(value) }),
  },
  {
    key: 'iops',
    title: 'Provisioned IOPS',
    read: (db) => db.Iops ?? null,
    restore: (value, all) => (isSet(value) && takesIops(all) ? { Iops: number(value) } : {}),
    modify: (value, all) => (isSet(value) && takesIops(all) ? { Iops: number(value) } : {}),
  },
  {
    key: 'storageThroughput',
    title: 'Storage throughput',
    read: (db) => db.StorageThroughput ?? null,
    restore: (value, all) =>
      isSet(value) && number(value) > 0 && takesIops(all) ? { StorageThroughput: number(value) } : {},
    modify: (value, all) => (isSet(value) && takesIops(all) ? { StorageThroughput: number(value) } : {}),
  },
  {
    key: 'dedicatedLogVolume',
    title: 'Dedicated log volume',
    read: (db) => db.DedicatedLogVolume ?? false,
    restore: (value) => ({ DedicatedLogVolume: value === true }),
    modify: (value) => ({ DedicatedLogVolume: value === true }),
  },
  {
    key: 'maxAllocatedStorage',
    title: 'Storage autoscaling limit',
    read: (db) => db.MaxAllocatedStorage ?? null,
    // Autoscaling is switched off by a limit that equals the size (ModifyDBInstance, MaxAllocatedStorage).
    modify: (value, all) => ({ MaxAllocatedStorage: isSet(value) ? number(value) : number(all.allocatedStorage) }),
  },
  {
    key: 'publiclyAccessible',
    title: 'Public access',
    read: (db) => db.PubliclyAccessible ?? false,
    restore: (value) => ({ PubliclyAccessible: value === true }),
    modify: (value) => ({ PubliclyAccessible: value === true }),
  },
  {
    key: 'networkType',
    title: 'Network type',
    read: (db) => db.NetworkType ?? null,
    restore: (value) => (isSet(value) ? { NetworkType: text(value) } : {}),
    modify: (value) => ({ NetworkType: text(value) }),
  },
  {
    key: 'iamAuthentication',
    title: 'IAM authentication',
    read: (db) => db.IAMDatabaseAuthenticationEnabled ?? false,
    restore: (value) => ({ EnableIAMDatabaseAuthentication: value === true }),
    modify: (value) => ({ EnableIAMDatabaseAuthentication: value === true }),
  },
  {
    key: 'domain',
    title: 'Active Directory domain',
    read: (db) => domainOf(db),
    restore: domainInput,
    modify: (value) => (value === null ? { DisableDomain: true } : domainInput(value)),
  },
  {
    key: 'certificateAuthority',
    title: 'Certificate authority',
    read: (db) => db.CACertificateIdentifier ?? null,
    restore: (value) => (isSet(value) ? { CACertificateIdentifier: text(value) } : {}),
    modify: (value) => ({ CACertificateIdentifier: text(value), CertificateRotationRestart: true }),
  },
  {
    key: 'logExports',
    title: 'Log exports',
    read: (db) => sorted(db.EnabledCloudwatchLogsExports),
    restore: (value) => ({ EnableCloudwatchLogsExports: texts(value) }),
    modify: (value, _, actual) => {
      const wanted = texts(value);
      const enabled = texts(actual);
      return {
        CloudwatchLogsExportConfiguration: {
          EnableLogTypes: wanted.filter((type) => !enabled.includes(type)),
          DisableLogTypes: enabled.filter((type) => !wanted.includes(type)),
        },
      };
    },
  },
  {
    key: 'copyTagsToSnapshot',
    title: 'Copy tags to snapshots',
    read: (db) => db.CopyTagsToSnapshot ?? false,
    restore: (value) => ({ CopyTagsToSnapshot: value === true }),
    modify: (value) => ({ CopyTagsToSnapshot: value === true }),
  },
  {
    key: 'autoMinorVersionUpgrade',
    title: 'Automatic minor upgrades',
    read: (db) => db.AutoMinorVersionUpgrade ?? true,
    restore: (value) => ({ AutoMinorVersionUpgrade: value === true }),
    modify: (value) => ({ AutoMinorVersionUpgrade: value === true }),
  },
  {
    key: 'licenseModel',
    title: 'License model',
    read: (db) => db.LicenseModel ?? null,
    restore: (value) => (isSet(value) ? { LicenseModel: text(value) } : {}),
    modify: (value) => ({ LicenseModel: text(value) }),
  },
  {
    key: 'engineLifecycleSupport',
    title: 'Extended Support',
    read: (db) => db.EngineLifecycleSupport ?? null,
    // Left out, AWS enrols the copy in paid Extended Support; it cannot be changed later.
    restore: (value) => (isSet(value) ? { EngineLifecycleSupport: text(value) } : {}),
  },
  {
    key: 'backupRetention',
    title: 'Backup retention',
    read: (db) => db.BackupRetentionPeriod ?? 0,
    restore: (value) => ({ BackupRetentionPeriod: number(value) }),
    modify: (value) => ({ BackupRetentionPeriod: number(value) }),
  },
  {
    key: 'backupWindow',
    title: 'Backup window',
    read: (db) => db.PreferredBackupWindow ?? null,
    restore: (value) => (isSet(value) ? { PreferredBackupWindow: text(value) } : {}),
    modify: (value) => ({ PreferredBackupWindow: text(value) }),
  },
  {
    key: 'maintenanceWindow',
    title: 'Maintenance window',
    read: (db) => db.PreferredMaintenanceWindow ?? null,
    modify: (value) => ({ PreferredMaintenanceWindow: text(value) }),
  },
  {
    key: 'processorFeatures',
    title: 'Processor features',
    read: (db) => (db.ProcessorFeatures ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort(),
    restore: (value) => (texts(value).length > 0 ? { ProcessorFeatures: processorFeatures(value) } : {}),
    modify: (value) =>
      texts(value).length > 0 ? { ProcessorFeatures: processorFeatures(value) } : { UseDefaultProcessorFeatures: true },
  },
  {
    key: 'monitoring',
    title: 'Enhanced monitoring',
    read: (db) => ({
      interval: db.MonitoringInterval ?? 0,
      role: db.MonitoringInterval ? (db.MonitoringRoleArn ?? null) : null,
    }),
    modify: (value) => {
      const { interval, role } = record(value);
      return { MonitoringInterval: number(interval), ...(isSet(role) && { MonitoringRoleArn: text(role) }) };
    },
  },
  {
    key: 'insights',
    title: 'Performance Insights',
    read: (db) => ({
      enabled: db.PerformanceInsightsEnabled ?? false,
      kmsKey: db.PerformanceInsightsEnabled ? (db.PerformanceInsightsKMSKeyId ?? null) : null,
      retentionDays: db.PerformanceInsightsEnabled ? (db.PerformanceInsightsRetentionPeriod ?? null) : null,
      mode: db.DatabaseInsightsMode ?? 'standard',
    }),
    // One row, one call: the advanced mode asks for Performance Insights with 465 days or more (ModifyDBInstance, DatabaseInsightsMode).
    modify: (value) => {
      const { enabled, kmsKey, retentionDays, mode } = record(value);
      if (enabled !== true) return { EnablePerformanceInsights: false, DatabaseInsightsMode: 'standard' };
      return {
        EnablePerformanceInsights: true,
        DatabaseInsightsMode: mode === 'advanced' ? 'advanced' : 'standard',
        ...(isSet(kmsKey) && { PerformanceInsightsKMSKeyId: text(kmsKey) }),
        ...(isSet(retentionDays) && { PerformanceInsightsRetentionPeriod: number(retentionDays) }),
      };
    },
  },
  {
    key: 'managedPassword',
    title: 'Managed master password',
    read: (db) => (db.MasterUserSecret ? { kmsKey: db.MasterUserSecret.KmsKeyId ?? null } : null),
    modify: (value) => {
      if (value === null) return {};
      const { kmsKey } = record(value);
      return { ManageMasterUserPassword: true, ...(isSet(kmsKey) && { MasterUserSecretKmsKeyId: text(kmsKey) }) };
    },
  },
  {
    key: 'roles',
    title: 'Associated roles',
    // AddRoleToDBInstance, one call each.
    read: (db) =>
      (db.AssociatedRoles ?? []).map(({ RoleArn, FeatureName }) => `${FeatureName ?? ''} ${RoleArn ?? ''}`).sort(),
  },
  {
    key: 'activityStream',
    title: 'Database activity stream',
    read: (db) => (db.ActivityStreamStatus === 'started' ? (db.ActivityStreamMode ?? 'async') : null),
    impossible: 'a stream belongs to one database; start it again, and point its readers to the new Kinesis stream',
  },
  {
    key: 'backupReplication',
    title: 'Automated backups in another Region',
    read: (db) =>
      sorted(db.DBInstanceAutomatedBackupsReplications?.map((one) => one.DBInstanceAutomatedBackupsArn)).map(regionOf),
    impossible: 'it is started from the other Region; the replicated backups of the original stay there',
  },
  {
    key: 'capacityReservation',
    title: 'Capacity reservation',
    read: (db) => db.DBCapacityReservationIdentifier ?? null,
    impossible: 'the original uses it as long as it is kept',
  },
  {
    key: 'tags',
    title: 'Tags',
    read: (db) => ownTags(db.TagList),
  },
  {
    key: 'deletionProtection',
    title: 'Deletion protection',
    // Given to the holder of the name at the very end: a copy must stay deletable.
    read: (db) => db.DeletionProtection ?? false,
  },
];

export function readSettings(instance: DBInstance): Settings {
  return Object.fromEntries(instanceSettings.map((row) => [row.key, row.read(instance)]));
}

/** Every parameter of the restore call that brings a setting back. */
export function restoreParameters(wanted: Settings, facts: RestoreFacts): RestoreInput {
  // IOPS go by the size that the copy will have.
  const size = grown(wanted, facts.snapshotGib) ?? facts.snapshotGib;
  const all = { ...wanted, allocatedStorage: size };
  const isLeft = (key: string) =>
    !(key in wanted) || followsSize(key, wanted, { allocatedStorage: size }) !== undefined;
  const inputs = instanceSettings.map((row) =>
    !isLeft(row.key)
      ? (row.restore?.(wanted[row.key] ?? null, row.key === 'allocatedStorage' ? wanted : all, facts) ?? {})
      : {},
  );
  return Object.assign({}, ...inputs) as RestoreInput;
}

/** One change for everything that still differs; empty when no change can bring it nearer. */
export function modifyParameters(wanted: Settings, actual: Settings): { titles: string[]; input: ModifyInput } {
  const titles: string[] = [];
  const input: ModifyInput = {};
  // IOPS go by the volume that is there, not by the one that the original has.
  const all = { ...wanted, allocatedStorage: actual.allocatedStorage ?? null };
  const followsOtherSize = (key: string) => followsSize(key, wanted, actual) !== undefined;
  for (const row of instanceSettings) {
    if (!(row.key in wanted) || row.fromData || !row.modify || isSame(wanted[row.key], actual[row.key])) continue;
    if (row.ifUnset && !isSet(wanted[row.key])) continue;
    if (followsOtherSize(row.key) || addedByOthers(row.key, wanted[row.key] ?? null, actual[row.key] ?? null)) continue;
    const change = row.modify(wanted[row.key] ?? null, all, actual[row.key] ?? null);
    if (Object.keys(change).length === 0) continue;
    titles.push(row.title);
    Object.assign(input, change);
  }
  return { titles, input };
}

/** Field by field: what is equal, what differs on purpose and why, what differs. */
export function compareSettings(wanted: Settings, actual: Settings): Comparison[] {
  // A setting that this version knows and the one that recorded the original did not has nothing to be compared with.
  const recorded = instanceSettings.filter((row) => row.key in wanted);
  return recorded.map((row) => {
    const want = wanted[row.key] ?? null;
    const got = actual[row.key] ?? null;
    const base = { setting: row.key, title: row.title, wanted: want, actual: got };
    if (isSame(want, got)) return { ...base, verdict: 'equal' };
    if (row.impossible) return { ...base, verdict: 'impossible', why: row.impossible };
    const unset = isSet(want) ? undefined : row.ifUnset;
    const follows = followsSize(row.key, wanted, actual);
    const why = row.fromData ?? unset ?? follows ?? addedByOthers(row.key, want, got);
    return why ? { ...base, verdict: 'on-purpose', why } : { ...base, verdict: 'different' };
  });
}

/**
 * gp3 has fixed IOPS and throughput below its threshold, and higher least ones above it, whatever the original had; and a
 * volume that is larger than a limit of autoscaling cannot have that limit. The size comes with the data.
 */
function followsSize(key: string, wanted: Settings, actual: Settings): string | undefined {
  const size = actual.allocatedStorage ?? null;
  if (key === 'maxAllocatedStorage') {
    const isLarger = isSet(wanted[key]) && number(wanted[key]) <= number(size);
    return isLarger ? 'the volume is larger than this limit' : undefined;
  }
  if (key !== 'iops' && key !== 'storageThroughput') return undefined;
  const isOther = takesIops(wanted) !== takesIops({ ...wanted, allocatedStorage: size });
  return isOther ? 'gp3 has other limits at this size' : undefined;
}

function processorFeatures(value: SettingValue) {
  return texts(value).map((pair) => {
    const [Name = '', Value = ''] = pair.split('=');
    return { Name, Value };
  });
}

/** Either AWS Managed Microsoft AD, by its directory's id, or a self-managed one, by its domain name. */
function domainOf(db: DBInstance): SettingValue {
  const [first] = db.DomainMemberships ?? [];
  if (!first) return null;
  const { Domain, IAMRoleName, FQDN, OU, AuthSecretArn, DnsIps } = first;
  if (!OU) return { domain: Domain ?? null, role: IAMRoleName ?? null };
  return { fqdn: FQDN ?? null, ou: OU, secret: AuthSecretArn ?? null, dnsIps: sorted(DnsIps) };
}

function domainInput(value: SettingValue) {
  const { domain, role, fqdn, ou, secret, dnsIps } = record(value);
  if (isSet(domain)) return { Domain: text(domain), ...(isSet(role) && { DomainIAMRoleName: text(role) }) };
  if (!isSet(fqdn)) return {};
  return {
    DomainFqdn: text(fqdn),
    DomainOu: text(ou),
    DomainAuthSecretArn: text(secret),
    DomainDnsIps: texts(dnsIps),
  };
}

/** `arn:aws:rds:<region>:…` */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? arn;
}
