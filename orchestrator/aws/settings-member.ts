import type { CreateDBInstanceCommandInput, DBInstance, ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { SettingValue } from '../settings';
import { isSame, isSet, number, ownTags, record, text } from './setting-values';

type CreateInput = Partial<CreateDBInstanceCommandInput>;
type ModifyInput = Partial<ModifyDBInstanceCommandInput>;

/**
 * One setting of a member of an Aurora cluster. Storage, backups, port, security groups, encryption and the like are
 * the cluster's, and naming them for a member is refused (CreateDBInstance, "not applicable to Amazon Aurora").
 */
export interface MemberRow {
  key: string;
  title: string;
  read(instance: DBInstance): SettingValue;
  create?(value: SettingValue): CreateInput;
  modify?(value: SettingValue): ModifyInput;
  /** Why RDS's own choice is right when no value is wanted. */
  ifUnset?: string;
}

export const groupOfOtherVersion = 'the original’s belongs to another major version';

/** Application Auto Scaling makes these readers and takes them away: they are left to it (Aurora User Guide, Auto Scaling). */
export function isAutoscaled(name: string): boolean {
  return name.startsWith('application-autoscaling-');
}

export const memberRows: readonly MemberRow[] = [
  {
    key: 'class',
    title: 'Instance class',
    read: (one) => one.DBInstanceClass ?? null,
    create: (value) => ({ DBInstanceClass: text(value) }),
    modify: (value) => ({ DBInstanceClass: text(value) }),
  },
  {
    key: 'availabilityZone',
    title: 'Availability Zone',
    read: (one) => one.AvailabilityZone ?? null,
    create: (value) => (isSet(value) ? { AvailabilityZone: text(value) } : {}),
  },
  {
    key: 'promotionTier',
    title: 'Promotion tier',
    read: (one) => one.PromotionTier ?? 1,
    create: (value) => ({ PromotionTier: number(value) }),
    modify: (value) => ({ PromotionTier: number(value) }),
  },
  {
    key: 'parameterGroup',
    title: 'Parameter group',
    read: (one) => one.DBParameterGroups?.[0]?.DBParameterGroupName ?? null,
    create: (value) => (isSet(value) ? { DBParameterGroupName: text(value) } : {}),
    modify: (value) => ({ DBParameterGroupName: text(value) }),
    ifUnset: groupOfOtherVersion,
  },
  {
    key: 'publiclyAccessible',
    title: 'Public access',
    read: (one) => one.PubliclyAccessible ?? false,
    create: (value) => ({ PubliclyAccessible: value === true }),
    modify: (value) => ({ PubliclyAccessible: value === true }),
  },
  {
    key: 'autoMinorVersionUpgrade',
    title: 'Automatic minor upgrades',
    read: (one) => one.AutoMinorVersionUpgrade ?? true,
    create: (value) => ({ AutoMinorVersionUpgrade: value === true }),
    modify: (value) => ({ AutoMinorVersionUpgrade: value === true }),
  },
  {
    key: 'maintenanceWindow',
    title: 'Maintenance window',
    read: (one) => one.PreferredMaintenanceWindow ?? null,
    create: (value) => (isSet(value) ? { PreferredMaintenanceWindow: text(value) } : {}),
    modify: (value) => ({ PreferredMaintenanceWindow: text(value) }),
  },
  {
    key: 'monitoring',
    title: 'Enhanced monitoring',
    read: (one) => ({
      interval: one.MonitoringInterval ?? 0,
      role: one.MonitoringInterval ? (one.MonitoringRoleArn ?? null) : null,
    }),
    create: (value) => (number(record(value).interval) > 0 ? monitoringInput(value) : {}),
    modify: monitoringInput,
  },
  {
    key: 'insights',
    title: 'Performance Insights',
    // The mode is the cluster's.
    read: (one) => ({
      enabled: one.PerformanceInsightsEnabled ?? false,
      kmsKey: one.PerformanceInsightsEnabled ? (one.PerformanceInsightsKMSKeyId ?? null) : null,
      retentionDays: one.PerformanceInsightsEnabled ? (one.PerformanceInsightsRetentionPeriod ?? null) : null,
    }),
    create: (value) => (record(value).enabled === true ? insightsInput(value) : {}),
    modify: insightsInput,
  },
  {
    key: 'certificateAuthority',
    title: 'Certificate authority',
    read: (one) => one.CACertificateIdentifier ?? null,
    create: (value) => (isSet(value) ? { CACertificateIdentifier: text(value) } : {}),
    modify: (value) => ({ CACertificateIdentifier: text(value), CertificateRotationRestart: true }),
  },
  {
    key: 'tags',
    title: 'Tags',
    // AddTagsToResource; in the creating call together with a run's own tag.
    read: (one) => ownTags(one.TagList),
  },
];

export function readMember(instance: DBInstance): SettingValue {
  return Object.fromEntries(memberRows.map((row) => [row.key, row.read(instance)]));
}

export function createMemberParameters(wanted: SettingValue): CreateInput {
  const inputs = memberRows.map((row) => row.create?.(record(wanted)[row.key] ?? null) ?? {});
  return Object.assign({}, ...inputs) as CreateInput;
}

export function modifyMemberParameters(
  wanted: SettingValue,
  actual: SettingValue,
): { titles: string[]; input: ModifyInput } {
  const isLeft = (row: MemberRow) => row.ifUnset !== undefined && !isSet(record(wanted)[row.key]);
  const changed = memberRows.filter(
    (row) => row.modify && !isLeft(row) && !isSame(record(wanted)[row.key], record(actual)[row.key]),
  );
  const inputs = changed.map((row) => row.modify?.(record(wanted)[row.key] ?? null) ?? {});
  return { titles: changed.map((row) => row.title), input: Object.assign({}, ...inputs) as ModifyInput };
}

export function monitoringInput(value: SettingValue) {
  const { interval, role } = record(value);
  return { MonitoringInterval: number(interval), ...(isSet(role) && { MonitoringRoleArn: text(role) }) };
}

export function insightsInput(value: SettingValue) {
  const { enabled, kmsKey, retentionDays } = record(value);
  if (enabled !== true) return { EnablePerformanceInsights: false };
  return {
    EnablePerformanceInsights: true,
    ...(isSet(kmsKey) && { PerformanceInsightsKMSKeyId: text(kmsKey) }),
    ...(isSet(retentionDays) && { PerformanceInsightsRetentionPeriod: number(retentionDays) }),
  };
}
