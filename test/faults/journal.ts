import type { DatabaseInWorld, SnapshotInWorld } from '../../infra/local/rds/simulator';
import type { CallRecord } from '../../infra/local/service';
import type { Drive } from '../stories/drive';

/** A call that changed something in RDS, whoever made it and whatever its caller learnt of it. */
export interface Effect {
  operation: string;
  at: number;
  fields: URLSearchParams;
  /** What stood in the account just before the next thing happened. */
  databases: DatabaseInWorld[];
  snapshots: SnapshotInWorld[];
  /** In which settings the copy differs from what the original was before, by RDS's own words. */
  unequal: string[];
}

/** What stood in the account before, and everything that was done to it since. */
export interface Journal {
  before: { databases: DatabaseInWorld[]; snapshots: SnapshotInWorld[] };
  effects: Effect[];
  /** Copies that a restore has made, by resource id. */
  copies: Set<string>;
  /** When somebody who may has pressed Approve. */
  approvedAt: number | undefined;
  /** The plan that was approved says that the original is set aside before its snapshot is taken. */
  keepsWrites: boolean;
  /** When Slack first showed that the restore is done. */
  restoredAt: number | undefined;
}

/** What must be equal before a copy may take a name. */
const settings = [
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

const reads = /^Describe|^List/;

export function keepJournal(drive: Drive, name: string): Journal {
  const { rds } = drive.sandbox;
  const { databases, snapshots } = rds.snapshotOfWorld();
  const viewOf = (resourceId: string | undefined) => {
    const view = rds.world.instances.get(resourceId ?? '')?.view;
    return Object.fromEntries(settings.map((key) => [key, JSON.stringify(view?.[key])]));
  };
  const wanted = viewOf(databases.find((one) => one.name === name)?.resourceId);
  const journal: Journal = {
    before: { databases, snapshots },
    effects: [],
    copies: new Set(),
    approvedAt: undefined,
    keepsWrites: false,
    restoredAt: undefined,
  };
  drive.sandbox.onCall((call) => {
    if (call.service === 'slack' && call.operation.startsWith('chat.') && tookEffect(call) && heads(call.body, name))
      journal.restoredAt ??= call.at;
    if (call.service !== 'rds' || reads.test(call.operation) || !tookEffect(call)) return;
    const after = rds.snapshotOfWorld();
    for (const one of after.databases)
      if (!databases.some((old) => old.resourceId === one.resourceId)) journal.copies.add(one.resourceId);
    const copy = viewOf([...journal.copies].at(-1));
    journal.effects.push({
      operation: call.operation,
      at: call.at,
      fields: new URLSearchParams(call.body),
      databases: after.databases,
      snapshots: after.snapshots,
      unequal: settings.filter((key) => copy[key] !== wanted[key]),
    });
  });
  return journal;
}

/** The header of the card: “Restored: orders-staging”, with or without leftovers. */
function heads(body: string, name: string): boolean {
  const text = decodeURIComponent(body.replaceAll('+', ' '));
  return text.includes(`Restored: ${name}`) || text.includes(`Restored, with leftovers: ${name}`);
}

function tookEffect({ status, fault }: CallRecord): boolean {
  return status === 200 || status === 'lost' || (status === 'crashed' && fault === 'crash-after');
}
