import type { DBInstance } from '@aws-sdk/client-rds';
import type { Database } from '../ports';
import { isLeaving, readinessOf } from './rds-statuses';
import { readSettings } from './settings';

/** One DB instance in our words. */
export function instanceView(instance: DBInstance): Database {
  const status = instance.DBInstanceStatus ?? 'unknown';
  const name = instance.DBInstanceIdentifier ?? '';
  const parts = unsettledParts(instance);
  const hasFailedPart = parts.some((part) => part.isFinal);
  return {
    kind: 'instance',
    name,
    resourceId: instance.DbiResourceId ?? '',
    arn: instance.DBInstanceArn ?? '',
    engine: instance.Engine ?? '',
    version: instance.EngineVersion ?? '',
    class: instance.DBInstanceClass ?? '',
    status,
    readiness: hasFailedPart ? 'failed' : readinessOf(status),
    endpoint: instance.Endpoint?.Address,
    pending: pendingChanges(instance),
    unsettled: parts.map((part) => part.words),
    renamingTo: instance.PendingModifiedValues?.DBInstanceIdentifier,
    tags: Object.fromEntries((instance.TagList ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    replicas: [
      ...(instance.ReadReplicaDBInstanceIdentifiers ?? []),
      ...(instance.ReadReplicaDBClusterIdentifiers ?? []),
    ].sort(),
    deletionProtection: instance.DeletionProtection ?? false,
    unsupported: unsupportedReason(instance),
    unclonable: 'only Aurora clusters share their storage with a clone',
    backupWindow: instance.PreferredBackupWindow,
    maintenanceWindow: instance.PreferredMaintenanceWindow,
    isBackingUp: status === 'backing-up',
    isLeaving: isLeaving(status),
    members: [],
    awaited: [instance.DbiResourceId ?? ''],
    settings: readSettings(instance),
  };
}

/** PendingModifiedValues by name, for people. A pending rename is told apart: it is the swap itself. */
export function pendingChanges(instance: DBInstance): string[] {
  return Object.entries(instance.PendingModifiedValues ?? {})
    .filter(([key, value]) => key !== 'DBInstanceIdentifier' && isGiven(value))
    .map(([key]) => words(key))
    .sort();
}

export function isGiven(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' ? Object.values(value).some(isGiven) : true;
}

/** What is still being applied although the instance says that it is available. */
export function unsettledParts(instance: DBInstance): { words: string; isFinal: boolean }[] {
  const parts: { words: string; isFinal: boolean }[] = [];
  const add = (isUnsettled: boolean, text: string, isFinal = false) => {
    if (isUnsettled) parts.push({ words: text, isFinal });
  };
  for (const group of instance.DBParameterGroups ?? []) {
    const status = group.ParameterApplyStatus ?? 'in-sync';
    add(status === 'pending-reboot', 'a reboot');
    add(status !== 'in-sync' && status !== 'pending-reboot', `the parameter group (${status})`);
  }
  for (const group of instance.OptionGroupMemberships ?? [])
    add(group.Status !== 'in-sync', `the option group (${group.Status})`, group.Status === 'failed');
  for (const group of instance.VpcSecurityGroups ?? [])
    add(group.Status !== 'active', `security group ${group.VpcSecurityGroupId} (${group.Status})`);
  for (const role of instance.AssociatedRoles ?? [])
    add(role.Status !== 'ACTIVE', `the role for ${role.FeatureName} (${role.Status})`, role.Status === 'INVALID');
  for (const domain of instance.DomainMemberships ?? [])
    add(
      domain.Status !== 'joined' && domain.Status !== 'kerberos-enabled',
      `the domain (${domain.Status})`,
      domain.Status === 'failed',
    );
  const secret = instance.MasterUserSecret?.SecretStatus;
  add(secret === 'creating' || secret === 'rotating', `the managed password (${secret})`);
  return parts;
}

function unsupportedReason(instance: DBInstance): string | undefined {
  const cluster = instance.DBClusterIdentifier;
  if (cluster) return `it is a member of the cluster ${cluster}; ask for the cluster instead`;
  const source = instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier;
  if (source) return `it is a read replica of ${source}`;
  if (instance.Engine?.startsWith('custom-')) return 'it is an RDS Custom instance, which RDS does not rename';
  if (instance.TdeCredentialArn) return 'it uses a CloudHSM key for TDE';
  if (instance.CustomerOwnedIpEnabled || instance.BackupTarget === 'outposts') return 'it runs on an Outpost';
  if ((instance.AdditionalStorageVolumes ?? []).length > 0) return 'it has additional storage volumes';
  return undefined;
}

/** `MultiAZ` → "multi az"; good enough for a sentence, and true for names that RDS adds later. */
export function words(key: string): string {
  return key
    .replace(/^DB(?=[A-Z])/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
