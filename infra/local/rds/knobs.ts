/**
 * How long things take, and the rules that AWS does not document and that are only inferred here. Every time is in
 * virtual seconds. The simulator reads a knob at the moment of use, so a test may turn it between two calls.
 */
export interface Knobs {
  snapshotSeconds: number;
  copySnapshotSeconds: number;
  createSeconds: number;
  /** `creating` of a restore. */
  restoreSeconds: number;
  /** The backup that RDS takes at once when a new instance has a retention above 0: minutes, or hours when it is large. */
  baselineBackupSeconds: number;
  /** How long a restored volume is read from its snapshot after `available`. 0: not shown at all. */
  storageInitializationSeconds: number;
  /** How long Describe still says `available` after an accepted Modify. */
  staleSeconds: number;
  modifySeconds: number;
  /** `modifying` of a change that needs no work on the instance, such as deletion protection. */
  instantModifySeconds: number;
  /** Each `configuring-…` and `resetting-master-credentials`. */
  configureSeconds: number;
  storageOptimizationSeconds: number;
  rebootSeconds: number;
  startSeconds: number;
  stopSeconds: number;
  deleteSeconds: number;
  roleSeconds: number;
  clusterCreateSeconds: number;
  /** `creating` of a cluster's restore; its members are made afterwards. */
  clusterRestoreSeconds: number;
  /** A copy-on-write clone, whatever its size. */
  clusterCloneSeconds: number;
  memberCreateSeconds: number;
  failoverSeconds: number;
  clusterRenameSeconds: number;
  /** How long a renamed cluster is found by neither name. */
  clusterRenameGapSeconds: number;

  /** From the accepted call until the old name answers DBInstanceNotFound. */
  renameOldGoneSeconds: number;
  /** From the accepted call until the new name is found by name; a filter by resource id always finds it. */
  renameNewVisibleSeconds: number;
  /** From the accepted call until another instance may take the old name. */
  renameOldFreeSeconds: number;
  /** How long a renamed instance says `available` before it reboots. 0: it does not. */
  renameFlashSeconds: number;
  /** Which endpoint it shows meanwhile. */
  renameFlashEndpoint: 'new' | 'old';
  renameRebootSeconds: number;

  /** Whether Modify, rename and roles are accepted in `backing-up`. */
  modifyWhileBackingUp: 'refuse' | 'accept';
  /** Whether a second Modify is accepted while the first still shows `available`. */
  modifyWhileStale: 'merge' | 'refuse';
  /** Whether a cluster takes another member while one of it is still being made. */
  membersTogether: 'accept' | 'refuse';
  /** Whether the snapshots of a renamed instance carry its new name. */
  snapshotsFollowRename: boolean;
  /** What a proxy's target is bound to. */
  proxyTargetFollows: 'name' | 'resource';

  /** What a restore takes when the parameter is left out. */
  restoreRetention: 'snapshot' | 'one' | 'zero';
  restoreBackupWindow: 'snapshot' | 'random';
  restoreStorageType: 'gp3' | 'snapshot';
  restoreOptionGroup: 'default' | 'snapshot';
  restoreAutoMinorVersionUpgrade: boolean;

  quotaInstances: number;
  quotaManualSnapshots: number;
  quotaClusters: number;
  quotaManualClusterSnapshots: number;
  quotaStorageGiB: number;
  /** Calls that the account may make in this Region: a token bucket. Undefined: no limit. */
  rate: { burst: number; perSecond: number } | undefined;
}

export const defaultKnobs: Readonly<Knobs> = {
  snapshotSeconds: 180,
  copySnapshotSeconds: 180,
  createSeconds: 300,
  restoreSeconds: 600,
  baselineBackupSeconds: 300,
  storageInitializationSeconds: 1800,
  staleSeconds: 10,
  modifySeconds: 120,
  instantModifySeconds: 30,
  configureSeconds: 30,
  storageOptimizationSeconds: 600,
  rebootSeconds: 60,
  startSeconds: 120,
  stopSeconds: 120,
  deleteSeconds: 180,
  roleSeconds: 30,
  clusterCreateSeconds: 120,
  clusterRestoreSeconds: 480,
  clusterCloneSeconds: 300,
  memberCreateSeconds: 300,
  failoverSeconds: 30,
  clusterRenameSeconds: 60,
  clusterRenameGapSeconds: 10,
  renameOldGoneSeconds: 40,
  renameNewVisibleSeconds: 60,
  renameOldFreeSeconds: 60,
  renameFlashSeconds: 5,
  renameFlashEndpoint: 'new',
  renameRebootSeconds: 60,
  modifyWhileBackingUp: 'refuse',
  modifyWhileStale: 'merge',
  membersTogether: 'accept',
  snapshotsFollowRename: false,
  proxyTargetFollows: 'name',
  restoreRetention: 'snapshot',
  restoreBackupWindow: 'random',
  restoreStorageType: 'gp3',
  restoreOptionGroup: 'default',
  restoreAutoMinorVersionUpgrade: true,
  quotaInstances: 40,
  quotaManualSnapshots: 100,
  quotaClusters: 40,
  quotaManualClusterSnapshots: 100,
  quotaStorageGiB: 100_000,
  rate: undefined,
};

/** The limit that operators have measured; AWS publishes none. */
export const measuredRate = { burst: 300, perSecond: 12 } as const;
