import type { DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import type { Timer } from '../clock';
import type { Encoded } from './xml';

/** A shape of the API in which these members are there, although the API declares none as required. */
export type Known<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/** What Describe shows, kept in the API's own shape. */
export type InstanceView = Known<
  DBInstance,
  | 'DBInstanceIdentifier'
  | 'DBInstanceArn'
  | 'DbiResourceId'
  | 'DBInstanceStatus'
  | 'DBInstanceClass'
  | 'Engine'
  | 'EngineVersion'
  | 'AllocatedStorage'
  | 'StorageType'
  | 'BackupRetentionPeriod'
  | 'MultiAZ'
  | 'TagList'
  | 'PendingModifiedValues'
  | 'DBParameterGroups'
  | 'OptionGroupMemberships'
  | 'VpcSecurityGroups'
  | 'AssociatedRoles'
  | 'DomainMemberships'
  | 'ReadReplicaDBInstanceIdentifiers'
  | 'EnabledCloudwatchLogsExports'
>;

/** A change that was accepted and waits for its turn. */
export interface Change<V = InstanceView> {
  /** The status that the instance shows while it happens. */
  status: string;
  /** Its name and value in PendingModifiedValues, if it is shown there. */
  pending?: object;
  restarts?: boolean;
  /** Storage work goes on after the instance is available again. */
  optimizes?: boolean;
  /** Backups go from off to on: RDS takes the first one right away. */
  startsBackups?: boolean;
  apply(view: V): void;
}

/** What goes on with an instance now. */
export interface Work {
  /** Accepted, and Describe still shows the state before: a further Modify may join. */
  stale: boolean;
  cancel(): void;
}

export interface Instance {
  kind: 'instance';
  view: InstanceView;
  port: number;
  /** ARN of the snapshot, or of the instance, that the data came from. */
  restoredFrom: string | undefined;
  /** Virtual milliseconds: the volume is read from its snapshot meanwhile. */
  initializing: { from: number; to: number } | undefined;
  work: Work | undefined;
  /** Changes of the current work. */
  accepted: Change[];
  /** The name that an accepted rename gives it. */
  renamingTo: string | undefined;
  /** Changes that wait for the maintenance window, or for a Modify with ApplyImmediately. */
  deferred: Map<string, Change>;
  deferredName: string | undefined;
  roleTimers: Map<string, Timer>;
  /** The answer of Describe, until something changes. */
  encoded: Encoded | undefined;
}

export type SnapshotView = Known<
  DBSnapshot,
  | 'DBSnapshotIdentifier'
  | 'DBInstanceIdentifier'
  | 'DBSnapshotArn'
  | 'DbiResourceId'
  | 'Status'
  | 'Engine'
  | 'EngineVersion'
  | 'AllocatedStorage'
  | 'SnapshotType'
  | 'TagList'
>;

export interface Snapshot {
  view: SnapshotView;
  /** What a restore takes from the time of the snapshot, and DBSnapshot does not show. */
  origin: { class: string; dbName: string | undefined; port: number; tags: InstanceView['TagList'] };
  /** Virtual milliseconds between which the percentage grows. `to` Infinity: it never ends. */
  progress: { from: number; to: number } | undefined;
  encoded: Encoded | undefined;
}
