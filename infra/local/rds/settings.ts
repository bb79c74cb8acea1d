import { invalidCombination, invalidValue, RdsError } from './errors';
import type { InstanceView } from './instance';
import { defaultSecurityGroup, type EngineVersion } from './lookups';
import { pick } from './naming';
import type { Query } from './query';
import { checkTags } from './tags';
import type { World } from './world';

/** Parameters of Oracle, SQL Server, RDS Custom, Outposts and capacity reservations, which nothing here can honour: refused rather than dropped. */
const beyond = [
  'AdditionalStorageVolumes.member.1.VolumeName',
  'AutomationMode',
  'BackupTarget',
  'CustomIamInstanceProfile',
  'DBCapacityReservationIdentifier',
  'DomainFqdn',
  'EnableCustomerOwnedIp',
  'MultiTenant',
  'ProcessorFeatures.ProcessorFeature.1.Name',
  'ReplicaMode',
  'TdeCredentialArn',
];

/** @throws InvalidParameterCombination */
export function refuseBeyond(query: Query): void {
  for (const name of beyond) {
    const value = query.text(name);
    const isDefault = value === undefined || value === 'false' || (name === 'BackupTarget' && value === 'region');
    if (!isDefault) throw invalidCombination(`${name} is not supported for this DB instance.`);
  }
}

/**
 * The settings that CreateDBInstance and both restores take, and what the instance has when they are left out: the
 * defaults of AWS, never the settings of another instance. The engine, its version and the identity are the caller's.
 * Source: CreateDBInstance and RestoreDBInstanceFromDBSnapshot, Request Parameters.
 */
export function passedSettings(world: World, query: Query, version: EngineVersion, seed: string) {
  refuseBeyond(query);
  const { lookups } = world;
  const subnetGroup = lookups.subnetGroup(query.text('DBSubnetGroupName') ?? 'default');
  const securityGroups = query.list('VpcSecurityGroupIds') ?? [defaultSecurityGroupOf(world, subnetGroup.VpcId)];
  lookups.checkSecurityGroups(securityGroups, subnetGroup.VpcId);
  const parameterGroup = query.text('DBParameterGroupName') ?? `default.${version.family}`;
  const optionGroup = query.text('OptionGroupName') ?? `default:${version.engine}-${version.major.replace('.', '-')}`;
  const logs = query.list('EnableCloudwatchLogsExports') ?? [];
  lookups.checkLogTypes(logs, version);
  const certificate = lookups.certificate(query.text('CACertificateIdentifier') ?? 'rds-ca-rsa2048-g1');
  const tags = query.tags();
  checkTags(tags ?? []);
  const zones = zonesFor(
    world,
    query,
    (subnetGroup.Subnets ?? []).map((each) => each.SubnetAvailabilityZone?.Name ?? ''),
    seed,
  );
  const domain = query.text('Domain');
  return {
    MultiAZ: query.flag('MultiAZ') ?? false,
    ...zones,
    DBSubnetGroup: subnetGroup,
    VpcSecurityGroups: securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    DBParameterGroups: [
      { DBParameterGroupName: lookups.parameterGroup(parameterGroup, version), ParameterApplyStatus: 'in-sync' },
    ],
    OptionGroupMemberships: [{ OptionGroupName: lookups.optionGroup(optionGroup, version), Status: 'in-sync' }],
    PubliclyAccessible: query.flag('PubliclyAccessible') ?? false,
    LicenseModel: licenseModel(query.text('LicenseModel'), version.engine),
    CopyTagsToSnapshot: query.flag('CopyTagsToSnapshot') ?? false,
    IAMDatabaseAuthenticationEnabled: query.flag('EnableIAMDatabaseAuthentication') ?? false,
    EnabledCloudwatchLogsExports: logs,
    DeletionProtection: query.flag('DeletionProtection') ?? false,
    NetworkType: networkType(query.text('NetworkType') ?? 'IPV4', subnetGroup.SupportedNetworkTypes ?? []),
    CACertificateIdentifier: certificate.CAIdentifier,
    CertificateDetails: certificate,
    EngineLifecycleSupport: lifecycleSupport(
      query.text('EngineLifecycleSupport') ?? 'open-source-rds-extended-support',
    ),
    ProcessorFeatures: [],
    DomainMemberships: domain === undefined ? [] : [domainMembership(world, query, domain)],
    AssociatedRoles: [],
    TagList: tags,
    MonitoringInterval: 0,
    PerformanceInsightsEnabled: false,
    DatabaseInsightsMode: 'standard',
  } satisfies Partial<InstanceView> | { TagList: undefined };
}

export function defaultSecurityGroupOf(world: World, vpcId: string | undefined): string {
  for (const [id, vpc] of world.lookups.securityGroups) if (vpc === vpcId && id.startsWith('sg-0default')) return id;
  return defaultSecurityGroup;
}

/** Source: RestoreDBInstanceFromDBSnapshot: AvailabilityZone cannot be given together with MultiAZ. */
function zonesFor(world: World, query: Query, offered: string[], seed: string) {
  const asked = query.text('AvailabilityZone');
  const multiAz = query.flag('MultiAZ') ?? false;
  if (asked !== undefined && multiAz) {
    throw invalidCombination('Requesting a specific availability zone is not valid for Multi-AZ instances.');
  }
  if (asked !== undefined && !offered.includes(asked)) {
    throw new RdsError('InvalidVPCNetworkStateFault', `The subnet group has no subnet in ${asked} (${world.region}).`);
  }
  const first = asked ?? offered[pick(`${seed}/zone`, offered.length)];
  const second = multiAz ? offered.find((zone) => zone !== first) : undefined;
  return { AvailabilityZone: first, SecondaryAvailabilityZone: second };
}

export function checkPort(port: number): number {
  if (port < 1150 || port > 65_535) throw invalidValue(`Invalid port ${port}: valid are 1150 to 65535.`);
  return port;
}

export function checkRetention(days: number): number {
  if (days < 0 || days > 35) throw invalidValue(`Invalid backup retention period: ${days}. Must be between 0 and 35.`);
  return days;
}

export function checkBackupWindow(window: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/.test(window)) {
    throw invalidValue(`Invalid backup window: ${window}. The format is hh24:mi-hh24:mi.`);
  }
  return window;
}

export function checkMaintenanceWindow(window: string): string {
  const end = '(mon|tue|wed|thu|fri|sat|sun):([01]\\d|2[0-3]):[0-5]\\d';
  if (!new RegExp(`^${end}-${end}$`, 'i').test(window)) {
    throw invalidValue(`Invalid maintenance window: ${window}. The format is ddd:hh24:mi-ddd:hh24:mi.`);
  }
  return window.toLowerCase();
}

export function checkClass(given: string): string {
  if (given !== 'db.serverless' && !/^db\.[a-z0-9-]+\.[a-z0-9.]+$/.test(given))
    throw invalidValue(`Invalid DB Instance class: ${given}`);
  return given;
}

export function networkType(given: string, supported: readonly string[]): string {
  if (given !== 'IPV4' && given !== 'DUAL') throw invalidValue(`Invalid network type: ${given}`);
  if (!supported.includes(given)) {
    throw new RdsError('NetworkTypeNotSupported', `The DB subnet group doesn't support network type ${given}.`);
  }
  return given;
}

const licenseModels: Readonly<Record<string, string>> = {
  postgres: 'postgresql-license',
  mysql: 'general-public-license',
  mariadb: 'general-public-license',
  'aurora-postgresql': 'postgresql-license',
  'aurora-mysql': 'general-public-license',
};

export function licenseModel(given: string | undefined, engine: string): string {
  const own = licenseModels[engine] ?? 'license-included';
  if (given !== undefined && given !== own)
    throw invalidCombination(`Invalid license model ${given} for engine ${engine}`);
  return own;
}

export function lifecycleSupport(given: string): string {
  if (given !== 'open-source-rds-extended-support' && given !== 'open-source-rds-extended-support-disabled') {
    throw invalidValue(`Invalid engine lifecycle support: ${given}`);
  }
  return given;
}

/** Source: RDS User Guide, Using a dedicated log volume: Provisioned IOPS storage only. */
export function checkLogVolume(dedicated: boolean, storageType: string): boolean {
  if (dedicated && storageType !== 'io1' && storageType !== 'io2') {
    throw invalidCombination(`A dedicated log volume requires Provisioned IOPS storage, not ${storageType}.`);
  }
  return dedicated;
}

/** @throws DomainNotFoundFault */
export function domainMembership(world: World, query: Query, domain: string) {
  if (!world.lookups.domains.has(domain)) throw new RdsError('DomainNotFoundFault', `Domain ${domain} not found.`);
  return { Domain: domain, Status: 'joined', IAMRoleName: query.required('DomainIAMRoleName') };
}

export interface Monitoring {
  interval: number;
  roleArn: string | undefined;
}

/** Source: ModifyDBInstance, MonitoringInterval and MonitoringRoleArn. */
export function checkMonitoring({ interval, roleArn }: Monitoring): void {
  if (![0, 1, 5, 10, 15, 30, 60].includes(interval)) {
    throw invalidValue(`Invalid monitoring interval: ${interval}. Valid are 0, 1, 5, 10, 15, 30, 60.`);
  }
  if (interval > 0 && roleArn === undefined) {
    throw invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  }
}

export interface Insights {
  enabled: boolean;
  keyArn: string | undefined;
  retentionDays: number;
  mode: 'standard' | 'advanced';
}

/** Source: ModifyDBInstance, PerformanceInsightsRetentionPeriod and DatabaseInsightsMode. */
export function checkInsights({ enabled, retentionDays, mode }: Insights): void {
  const months = retentionDays / 31;
  const offered =
    retentionDays === 7 || retentionDays === 731 || (Number.isInteger(months) && months >= 1 && months <= 23);
  if (enabled && !offered) throw invalidValue(`Invalid Performance Insights retention period: ${retentionDays}`);
  if (mode === 'advanced' && (!enabled || retentionDays < 465)) {
    throw invalidCombination(
      'To enable the Advanced mode of Database Insights, enable Performance Insights and set the retention period for Performance Insights to at least 465 days.',
    );
  }
}

export function insightsMode(given: string): 'standard' | 'advanced' {
  if (given !== 'standard' && given !== 'advanced') throw invalidValue(`Invalid Database Insights mode: ${given}`);
  return given;
}
