import type { Database, Databases, Snapshot } from '../ports';
import type { Settings } from '../settings';

/** The Describe calls of RDS: MaxRecords 20 to 100; a filter takes as many values as a page shows. */
export const pageSize = 100;

export type RestoreInput = Parameters<Databases['restore']>[0];
export type CloneInput = Parameters<Databases['clone']>[0];
export type RestoreToTimeInput = Parameters<Databases['restoreToTime']>[0];
export type RemovalOptions = Parameters<Databases['remove']>[1];

/** What RDS does in its own way for each kind of database: DB instances and DB clusters. */
export interface DatabaseKind
  extends Pick<
    Databases,
    | 'find'
    | 'snapshot'
    | 'snapshotsOf'
    | 'takeSnapshot'
    | 'copySnapshot'
    | 'sharedSnapshots'
    | 'restore'
    | 'restorable'
    | 'restoreToTime'
    | 'clone'
    | 'converge'
    | 'compare'
    | 'rename'
    | 'protect'
    | 'remove'
  > {
  byResourceIds(ids: string[]): Promise<Database[]>;
  /** Those that have one of these names. */
  byNames(names: string[]): Promise<Database[]>;
  all(): Promise<Database[]>;
  /** Which of the account's quotas (DescribeAccountAttributes) a database with these settings and a snapshot of it take. */
  quotas(settings: Settings): { takes: { name: string; what: string; needed: number }[]; snapshots: string };
  /** Of those ids, the ones that are snapshots of this kind in this account. */
  snapshotsByIds(ids: string[]): Promise<Snapshot[]>;
  /** Deletes a snapshot of this kind; one that is gone is what was asked for. */
  removeSnapshot(id: string): Promise<void>;
}

/** The id in a snapshot's ARN; an automated one's has a colon of its own (`rds:orders-2026-11-22`). */
export function snapshotIdOf(arn: string): string {
  return arn.split(':').slice(6).join(':');
}
