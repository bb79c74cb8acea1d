import type {
  DBCluster,
  DBClusterEndpoint,
  DBInstance,
  ModifyDBClusterCommandInput,
  RestoreDBClusterFromSnapshotCommandInput,
} from '@aws-sdk/client-rds';
import { memberName, memberPlace } from '../names';
import type { Comparison } from '../run';
import type { Settings, SettingValue } from '../settings';
import { addedByOthers, isSame, isSet, number, ownTags, record, sorted, text, texts } from './setting-values';
import {
  groupOfOtherVersion,
  insightsInput,
  isAutoscaled,
  memberRows,
  monitoringInput,
  readMember,
} from './settings-member';

type RestoreInput = Partial<RestoreDBClusterFromSnapshotCommandInput>;
type ModifyInput = Partial<ModifyDBClusterCommandInput>;

/** What RDS tells about one cluster, in three calls. */
export interface ClusterParts {
  cluster: DBCluster;
  /** Its members, as instances. */
  instances: DBInstance[];
  /** Its custom endpoints. */
  endpoints: DBClusterEndpoint[];
}

/**
 * One setting of a DB cluster and how it comes back. Sources: RDS API Reference, RestoreDBClusterFromSnapshot and
 * ModifyDBCluster; Aurora User Guide, Settings for Amazon Aurora; AWS's own CloudFormation handler for what is lost.
 */
export interface ClusterRow {
  key: string;
  title: string;
  read(parts: ClusterParts): SettingValue;
  restore?(value: SettingValue, all: Settings): RestoreInput;
  modify?(value: SettingValue, all: Settings, actual: SettingValue): ModifyInput;
  /** The value belongs to the data, or Aurora moves it by itself: a difference is no mistake. */
  fromData?: string;
  /** It cannot come back, and why. */
  impossible?: string;
  /** Why RDS's own choice is right when no value is wanted. */
  ifUnset?: string;
}

/** Multi-AZ DB clusters make their three members themselves, and settings of members are the cluster's there. */
export function hasOwnMembers(cluster: DBCluster): boolean {
  return cluster.Engine?.startsWith('aurora') ?? false;
}

/** Members that a run names: those that Application Auto Scaling adds are left to it. */
export function namedMembers({ cluster, instances }: ClusterParts): DBInstance[] {
  if (!hasOwnMembers(cluster)) return [];
  return instances
    .filter((one) => !isAutoscaled(one.DBInstanceIdentifier ?? ''))
    .sort((a, b) => ((a.DBInstanceIdentifier ?? '') < (b.DBInstanceIdentifier ?? '') ? -1 : 1));
}

export function writerOf({ cluster }: ClusterParts): string | undefined {
  return cluster.DBClusterMembers?.find((member) => member.IsClusterWriter)?.DBInstanceIdentifier;
}

const decidesVersion = 'the snapshot decides it';
const partOfData = 'it is part of the data';

export const clusterSettings: readonly ClusterRow[] = [
  { key: 'engine', title: 'Engine', read: ({ cluster }) => cluster.Engine ?? null, fromData: decidesVersion },
  {
    key: 'engineVersion',
    title: 'Engine version',
    read: ({ cluster }) => cluster.EngineVersion ?? null,
    fromData: decidesVersion,
  },
  {
    key: 'engineMode',
    title: 'Engine mode',
    read: ({ cluster }) => cluster.EngineMode ?? 'provisioned',
    restore: (value) => (text(value) === 'provisioned' ? {} : { EngineMode: text(value) }),
  },
  {
    key: 'masterUsername',
    title: 'Master user',
    read: ({ cluster }) => cluster.MasterUsername ?? null,
    fromData: partOfData,
  },
  {
    key: 'databaseName',
    title: 'Initial database',
    // Never passed: Aurora takes it from the snapshot, and a cluster made without one has none to name.
    read: ({ cluster }) => cluster.DatabaseName ?? null,
    fromData: partOfData,
  },
  {
    key: 'characterSet',
    title: 'Character set',
    read: ({ cluster }) => cluster.CharacterSetName ?? null,
    fromData: partOfData,
  },
  {
    key: 'storageEncrypted',
    title: 'Encryption',
    read: ({ cluster }) => cluster.StorageEncrypted ?? false,
    fromData: 'the snapshot decides encryption',
  },
  {
    key: 'kmsKey',
    title: 'Encryption key',
    read: ({ cluster }) => cluster.KmsKeyId ?? null,
    fromData: 'the snapshot decides the key',
  },
  {
    key: 'allocatedStorage',
    title: 'Storage size',
    read: ({ cluster }) => cluster.AllocatedStorage ?? null,
    fromData: 'the snapshot decides the size',
  },
  {
    key: 'class',
    title: 'Instance class',
    read: ({ cluster }) => cluster.DBClusterInstanceClass ?? null,
    restore: (value) => (isSet(value) ? { DBClusterInstanceClass: text(value) } : {}),
    modify: (value) => (isSet(value) ? { DBClusterInstanceClass: text(value) } : {}),
  },
  {
    key: 'port',
    title: 'Port',
    read: ({ cluster }) => cluster.Port ?? null,
    restore: (value) => (isSet(value) ? { Port: number(value) } : {}),
    modify: (value) => ({ Port: number(value) }),
  },
  {
    key: 'subnetGroup',
    title: 'Subnet group',
    read: ({ cluster }) => cluster.DBSubnetGroup ?? null,
    restore: (value) => (isSet(value) ? { DBSubnetGroupName: text(value) } : {}),
  },
  {
    key: 'availabilityZones',
    title: 'Availability Zones',
    read: ({ cluster }) => (hasOwnMembers(cluster) ? sorted(cluster.AvailabilityZones) : []),
    restore: (value) => (texts(value).length > 0 ? { AvailabilityZones: texts(value) } : {}),
    fromData: 'RDS places a restore to a point in time itself',
  },
  {
    key: 'securityGroups',
    title: 'Security groups',
    read: ({ cluster }) => sorted(cluster.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId)),
    restore: (value) => ({ VpcSecurityGroupIds: texts(value) }),
    modify: (value) => ({ VpcSecurityGroupIds: texts(value) }),
  },
  {
    key: 'parameterGroup',
    title: 'Cluster parameter group',
    read: ({ cluster }) => cluster.DBClusterParameterGroup ?? null,
    // In the restore call or not at all for settings such as lower_case_table_names, which hold from the first start.
    restore: (value) => (isSet(value) ? { DBClusterParameterGroupName: text(value) } : {}),
    modify: (value) => ({ DBClusterParameterGroupName: text(value) }),
    ifUnset: groupOfOtherVersion,
  },
  {
    key: 'storageType',
    title: 'Storage type',
    read: ({ cluster }) => cluster.StorageType ?? 'aurora',
    restore: (value) => (text(value) === 'aurora' ? {} : { StorageType: text(value) }),
    modify: (value) => ({ StorageType: text(value) }),
  },
  {
    key: 'iops',
    title: 'Provisioned IOPS',
    read: ({ cluster }) => cluster.Iops ?? null,
    restore: (value) => (isSet(value) ? { Iops: number(value) } : {}),
    modify: (value) => (isSet(value) ? { Iops: number(value) } : {}),
  },
  {
    key: 'publiclyAccessible',
    title: 'Public access',
    read: ({ cluster }) => cluster.PubliclyAccessible ?? false,
    restore: (value) => (value === true ? { PubliclyAccessible: true } : {}),
  },
  {
    key: 'networkType',
    title: 'Network type',
    read: ({ cluster }) => cluster.NetworkType ?? null,
    restore: (value) => (isSet(value) ? { NetworkType: text(value) } : {}),
    modify: (value) => ({ NetworkType: text(value) }),
  },
  {
    key: 'vpcNetworking',
    title: 'VPC networking (express configuration)',
    read: ({ cluster }) => cluster.VPCNetworkingEnabled ?? null,
    restore: (value) => (value === null ? {} : { EnableVPCNetworking: value === true }),
  },
  {
    key: 'internetAccessGateway',
    title: 'Internet access gateway (express configuration)',
    read: ({ cluster }) => cluster.InternetAccessGatewayEnabled ?? null,
    restore: (value) => (value === null ? {} : { EnableInternetAccessGateway: value === true }),
  },
  {
    key: 'iamAuthentication',
    title: 'IAM authentication',
    read: ({ cluster }) => cluster.IAMDatabaseAuthenticationEnabled ?? false,
    restore: (value) => ({ EnableIAMDatabaseAuthentication: value === true }),
    modify: (value) => ({ EnableIAMDatabaseAuthentication: value === true }),
  },
  {
    key: 'domain',
    title: 'Active Directory domain',
    read: ({ cluster }) => domainOf(cluster.DomainMemberships),
    restore: (value) => domainInput(value),
    modify: (value) => (value === null ? { Domain: '' } : domainInput(value)),
  },
  {
    key: 'serverlessCapacity',
    title: 'Serverless v2 capacity',
    read: ({ cluster }) => {
      const { MinCapacity, MaxCapacity, SecondsUntilAutoPause } = cluster.ServerlessV2ScalingConfiguration ?? {};
      return MinCapacity === undefined || MaxCapacity === undefined
        ? null
        : { min: MinCapacity, max: MaxCapacity, pauseSeconds: SecondsUntilAutoPause ?? null };
    },
    // Without it no member of class db.serverless can be made.
    restore: (value) => serverlessInput(value),
    modify: (value) => serverlessInput(value),
  },
  {
    key: 'backtrackWindow',
    title: 'Backtrack window',
    read: ({ cluster }) => cluster.BacktrackWindow ?? 0,
    // Can be switched on by the restore only, never afterwards (ModifyDBCluster, BacktrackWindow).
    restore: (value) => (number(value) > 0 ? { BacktrackWindow: number(value) } : {}),
    modify: (value, _, actual) => (number(actual) > 0 ? { BacktrackWindow: number(value) } : {}),
  },
  {
    key: 'logExports',
    title: 'Log exports',
    read: ({ cluster }) => sorted(cluster.EnabledCloudwatchLogsExports),
    restore: (value) => ({ EnableCloudwatchLogsExports: texts(value) }),
    modify: (value, _, actual) => ({
      CloudwatchLogsExportConfiguration: {
        EnableLogTypes: texts(value).filter((type) => !texts(actual).includes(type)),
        DisableLogTypes: texts(actual).filter((type) => !texts(value).includes(type)),
      },
    }),
  },
  {
    key: 'copyTagsToSnapshot',
    title: 'Copy tags to snapshots',
    read: ({ cluster }) => cluster.CopyTagsToSnapshot ?? false,
    restore: (value) => ({ CopyTagsToSnapshot: value === true }),
    modify: (value) => ({ CopyTagsToSnapshot: value === true }),
  },
  {
    key: 'autoMinorVersionUpgrade',
    title: 'Automatic minor upgrades',
    // Aurora has it on each member.
    read: ({ cluster }) => (hasOwnMembers(cluster) ? null : (cluster.AutoMinorVersionUpgrade ?? true)),
    modify: (value) => (value === null ? {} : { AutoMinorVersionUpgrade: value === true }),
  },
  {
    key: 'certificateAuthority',
    title: 'Certificate authority',
    read: ({ cluster }) => (hasOwnMembers(cluster) ? null : (cluster.CertificateDetails?.CAIdentifier ?? null)),
    modify: (value) => (isSet(value) ? { CACertificateIdentifier: text(value) } : {}),
  },
  {
    key: 'engineLifecycleSupport',
    title: 'Extended Support',
    read: ({ cluster }) => cluster.EngineLifecycleSupport ?? null,
    // Left out, AWS enrols the copy in paid Extended Support.
    restore: (value) => (isSet(value) ? { EngineLifecycleSupport: text(value) } : {}),
  },
  {
    key: 'backupRetention',
    title: 'Backup retention',
    read: ({ cluster }) => cluster.BackupRetentionPeriod ?? 1,
    restore: (value) => ({ BackupRetentionPeriod: number(value) }),
    modify: (value) => ({ BackupRetentionPeriod: number(value) }),
  },
  {
    key: 'backupWindow',
    title: 'Backup window',
    read: ({ cluster }) => cluster.PreferredBackupWindow ?? null,
    restore: (value) => (isSet(value) ? { PreferredBackupWindow: text(value) } : {}),
    modify: (value) => ({ PreferredBackupWindow: text(value) }),
  },
  {
    key: 'maintenanceWindow',
    title: 'Maintenance window',
    read: ({ cluster }) => cluster.PreferredMaintenanceWindow ?? null,
    modify: (value) => ({ PreferredMaintenanceWindow: text(value) }),
  },
  {
    key: 'monitoring',
    title: 'Enhanced monitoring',
    read: ({ cluster }) => ({
      interval: cluster.MonitoringInterval ?? 0,
      role: cluster.MonitoringInterval ? (cluster.MonitoringRoleArn ?? null) : null,
    }),
    restore: (value) => (number(record(value).interval) > 0 ? monitoringInput(value) : {}),
    modify: monitoringInput,
  },
  {
    key: 'insights',
    title: 'Performance Insights',
    read: ({ cluster }) => ({
      enabled: cluster.PerformanceInsightsEnabled ?? false,
      kmsKey: cluster.PerformanceInsightsEnabled ? (cluster.PerformanceInsightsKMSKeyId ?? null) : null,
      retentionDays: cluster.PerformanceInsightsEnabled ? (cluster.PerformanceInsightsRetentionPeriod ?? null) : null,
      mode: cluster.DatabaseInsightsMode ?? 'standard',
    }),
    restore: (value) => (record(value).enabled === true ? insightsInput(value) : {}),
    // The mode cannot be given to a restore.
    modify: (value) => ({
      ...insightsInput(value),
      DatabaseInsightsMode: record(value).mode === 'advanced' ? 'advanced' : 'standard',
    }),
  },
  {
    key: 'localWriteForwarding',
    title: 'Local write forwarding',
    read: ({ cluster }) => ['enabled', 'enabling', 'requested'].includes(cluster.LocalWriteForwardingStatus ?? ''),
    modify: (value) => ({ EnableLocalWriteForwarding: value === true }),
  },
  {
    key: 'managedPassword',
    title: 'Managed master password',
    read: ({ cluster }) => (cluster.MasterUserSecret ? { kmsKey: cluster.MasterUserSecret.KmsKeyId ?? null } : null),
    modify: (value) => {
      if (value === null) return {};
      const { kmsKey } = record(value);
      return { ManageMasterUserPassword: true, ...(isSet(kmsKey) && { MasterUserSecretKmsKeyId: text(kmsKey) }) };
    },
  },
  {
    key: 'roles',
    title: 'Associated roles',
    // AddRoleToDBCluster, one call each.
    read: ({ cluster }) =>
      (cluster.AssociatedRoles ?? []).map(({ RoleArn, FeatureName }) => `${FeatureName ?? ''} ${RoleArn ?? ''}`).sort(),
  },
  {
    key: 'httpEndpoint',
    title: 'Data API (HTTP endpoint)',
    // EnableHttpEndpoint, when there is a writer.
    read: ({ cluster }) => cluster.HttpEndpointEnabled ?? false,
  },
  {
    key: 'activityStream',
    title: 'Database activity stream',
    read: ({ cluster }) =>
      cluster.ActivityStreamStatus === 'started' ? (cluster.ActivityStreamMode ?? 'async') : null,
    impossible: 'a stream belongs to one cluster; start it again, and point its readers to the new Kinesis stream',
  },
  {
    key: 'members',
    title: 'Members',
    read: (parts) =>
      Object.fromEntries(namedMembers(parts).map((one) => [one.DBInstanceIdentifier ?? '', readMember(one)])),
  },
  {
    key: 'writer',
    title: 'Writer',
    read: (parts) => (hasOwnMembers(parts.cluster) ? (writerOf(parts) ?? null) : null),
    fromData: 'a failover moves it, and Aurora fails over by itself',
  },
  {
    key: 'customEndpoints',
    title: 'Custom endpoints',
    // Their names are unique in the Region: the original has them until the copy has its name.
    read: ({ endpoints }) =>
      Object.fromEntries(
        endpoints.map((one) => [
          one.DBClusterEndpointIdentifier ?? '',
          {
            type: one.CustomEndpointType ?? 'ANY',
            members: sorted(one.StaticMembers),
            excluded: sorted(one.ExcludedMembers),
          },
        ]),
      ),
  },
  { key: 'tags', title: 'Tags', read: ({ cluster }) => ownTags(cluster.TagList) },
  {
    key: 'deletionProtection',
    title: 'Deletion protection',
    // Given to the holder of the name at the very end: a copy must stay deletable.
    read: ({ cluster }) => cluster.DeletionProtection ?? false,
  },
];

export function readClusterSettings(parts: ClusterParts): Settings {
  return Object.fromEntries(clusterSettings.map((row) => [row.key, row.read(parts)]));
}

/** A setting that this version knows and the one that recorded the original did not has nothing to be compared with. */
function recorded(wanted: Settings): ClusterRow[] {
  return clusterSettings.filter((row) => row.key in wanted);
}

/** Every parameter of the restore call that brings a setting back. */
export function restoreClusterParameters(wanted: Settings): RestoreInput {
  const inputs = recorded(wanted).map((row) => row.restore?.(wanted[row.key] ?? null, wanted) ?? {});
  return Object.assign({}, ...inputs) as RestoreInput;
}

/** One change for everything of the cluster itself that still differs; empty when no change can bring it nearer. */
export function modifyClusterParameters(wanted: Settings, actual: Settings): { titles: string[]; input: ModifyInput } {
  const titles: string[] = [];
  const input: ModifyInput = {};
  for (const row of recorded(wanted)) {
    if (row.fromData || !row.modify || isSame(wanted[row.key], actual[row.key])) continue;
    if (row.ifUnset && !isSet(wanted[row.key])) continue;
    const change = row.modify(wanted[row.key] ?? null, wanted, actual[row.key] ?? null);
    if (Object.keys(change).length === 0) continue;
    titles.push(row.title);
    Object.assign(input, change);
  }
  return { titles, input };
}

/** Where each recorded member is to be found: under its own name, or under the one that a run gave it. */
export interface Place {
  /** The name that the member has, or will have, in the end. */
  own: string;
  /** The name that it has in the cluster at hand, or would get there. */
  current: string;
  isThere: boolean;
  wanted: SettingValue;
}

export function placesOf(wanted: Settings, actual: Settings, clusterName: string): Place[] {
  const have = Object.keys(record(actual.members));
  return Object.entries(record(wanted.members))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([own, settings], index) => {
      const found = have.find((name) => name === own) ?? have.find((name) => memberPlace(name) === index + 1);
      const current = found ?? memberName(clusterName, index + 1);
      return { own, current, isThere: found !== undefined, wanted: settings };
    });
}

/** Field by field, the members' fields among them. */
export function compareCluster(wanted: Settings, actual: Settings, clusterName: string): Comparison[] {
  return recorded(wanted).flatMap((row): Comparison[] => {
    if (row.key === 'members') return compareMembers(wanted, actual, clusterName);
    const want = wanted[row.key] ?? null;
    const got = row.key === 'writer' ? ownName(wanted, actual, clusterName) : (actual[row.key] ?? null);
    const base = { setting: row.key, title: row.title, wanted: want, actual: got };
    if (isSame(want, got)) return [{ ...base, verdict: 'equal' }];
    if (row.impossible) return [{ ...base, verdict: 'impossible', why: row.impossible }];
    const unset = isSet(want) ? undefined : row.ifUnset;
    const why = row.fromData ?? unset ?? addedByOthers(row.key, want, got);
    return [why ? { ...base, verdict: 'on-purpose', why } : { ...base, verdict: 'different' }];
  });
}

function ownName(wanted: Settings, actual: Settings, clusterName: string): SettingValue {
  const place = placesOf(wanted, actual, clusterName).find(({ current }) => current === actual.writer);
  return place?.own ?? actual.writer ?? null;
}

function compareMembers(wanted: Settings, actual: Settings, clusterName: string): Comparison[] {
  const have = record(actual.members);
  const places = placesOf(wanted, actual, clusterName);
  const rows = places.flatMap(({ own, current, wanted: settings }): Comparison[] => {
    const member = have[current];
    if (member === undefined)
      return [
        { setting: `members/${own}`, title: `Member ${own}`, verdict: 'different', wanted: settings, actual: null },
      ];
    return memberRows.map((row): Comparison => {
      const [want, got] = [record(settings)[row.key] ?? null, record(member)[row.key] ?? null];
      const base = { setting: `members/${own}/${row.key}`, title: `${row.title} of ${own}`, wanted: want, actual: got };
      if (isSame(want, got)) return { ...base, verdict: 'equal' };
      const unset = isSet(want) ? undefined : row.ifUnset;
      const why = unset ?? addedByOthers(row.key, want, got);
      return why ? { ...base, verdict: 'on-purpose', why } : { ...base, verdict: 'different' };
    });
  });
  const known = new Set(places.map(({ current }) => current));
  const surplus = Object.keys(have).filter((name) => !known.has(name));
  return [
    ...rows,
    ...surplus.map(
      (name): Comparison => ({
        setting: `members/${name}`,
        title: `Member ${name}`,
        verdict: 'on-purpose',
        why: 'it joined in the meantime',
        wanted: null,
        actual: have[name] ?? null,
      }),
    ),
  ];
}

function domainOf(memberships: DBCluster['DomainMemberships']): SettingValue {
  const [first] = memberships ?? [];
  return first?.Domain ? { domain: first.Domain, role: first.IAMRoleName ?? null } : null;
}

function domainInput(value: SettingValue) {
  const { domain, role } = record(value);
  return isSet(domain) ? { Domain: text(domain), ...(isSet(role) && { DomainIAMRoleName: text(role) }) } : {};
}

function serverlessInput(value: SettingValue) {
  const { min, max, pauseSeconds } = record(value);
  if (!isSet(min)) return {};
  const pause = isSet(pauseSeconds) ? { SecondsUntilAutoPause: number(pauseSeconds) } : {};
  return { ServerlessV2ScalingConfiguration: { MinCapacity: number(min), MaxCapacity: number(max), ...pause } };
}
