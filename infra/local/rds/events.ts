/** Source: RDS User Guide, Amazon RDS event categories and event messages. A rename has no event of its own. */
export const eventKinds = {
  created: { id: 'RDS-EVENT-0005', category: 'creation', text: 'DB instance created' },
  deleted: { id: 'RDS-EVENT-0003', category: 'deletion', text: 'DB instance deleted' },
  shutdown: { id: 'RDS-EVENT-0004', category: 'availability', text: 'DB instance shutdown' },
  restarted: { id: 'RDS-EVENT-0006', category: 'availability', text: 'DB instance restarted' },
  stopped: { id: 'RDS-EVENT-0087', category: 'notification', text: 'DB instance stopped' },
  started: { id: 'RDS-EVENT-0088', category: 'notification', text: 'DB instance started' },
  restoredToPointInTime: {
    id: 'RDS-EVENT-0019',
    category: 'restoration',
    text: 'Restored from DB instance to point in time',
  },
  backupStarted: { id: 'RDS-EVENT-0001', category: 'backup', text: 'Backing up DB instance' },
  backupFinished: { id: 'RDS-EVENT-0002', category: 'backup', text: 'Finished DB instance backup' },
  classChanged: {
    id: 'RDS-EVENT-0014',
    category: 'configuration change',
    text: 'Finished applying modification to DB instance class',
  },
  storageChanged: {
    id: 'RDS-EVENT-0017',
    category: 'configuration change',
    text: 'Finished applying modification to allocated storage',
  },
  parameterGroupSet: {
    id: 'RDS-EVENT-0092',
    category: 'configuration change',
    text: 'Finished updating DB parameter group',
  },
  passwordReset: { id: 'RDS-EVENT-0016', category: 'configuration change', text: 'Reset master credentials' },
  failed: {
    id: 'RDS-EVENT-0031',
    category: 'failure',
    text: 'DB instance put into a failed state. RDS recommends that you initiate a point-in-time-restore.',
  },
  incompatibleParameters: {
    id: 'RDS-EVENT-0035',
    category: 'failure',
    text: 'Database instance put into incompatible-parameters state.',
  },
  incompatibleNetwork: {
    id: 'RDS-EVENT-0036',
    category: 'failure',
    text: 'Database instance in incompatible-network state.',
  },
  snapshotStarted: { id: 'RDS-EVENT-0040', category: 'creation', text: 'Creating manual snapshot' },
  snapshotCreated: { id: 'RDS-EVENT-0042', category: 'creation', text: 'Manual snapshot created' },
  snapshotDeleted: { id: 'RDS-EVENT-0041', category: 'deletion', text: 'Deleted user snapshot' },
  snapshotRestored: { id: 'RDS-EVENT-0043', category: 'restoration', text: 'Restored from snapshot' },
  copyStarted: { id: 'RDS-EVENT-0196', category: 'notification', text: 'Started copy of snapshot in the local Region' },
  copyFinished: { id: 'RDS-EVENT-0197', category: 'notification', text: 'Finished copy of snapshot' },
  clusterCreated: { id: 'RDS-EVENT-0170', category: 'creation', text: 'DB cluster created' },
  clusterDeleted: { id: 'RDS-EVENT-0171', category: 'deletion', text: 'DB cluster deleted' },
  clusterRenamed: { id: 'RDS-EVENT-0172', category: 'notification', text: 'Renamed cluster' },
  clusterFailed: {
    id: 'RDS-EVENT-0354',
    category: 'creation',
    text: "You can't create the DB cluster because of incompatible resources.",
  },
  failoverFinished: { id: 'RDS-EVENT-0071', category: 'failover', text: 'Completed failover to DB instance' },
  clusterSnapshotStarted: { id: 'RDS-EVENT-0074', category: 'backup', text: 'Creating manual cluster snapshot' },
  clusterSnapshotCreated: { id: 'RDS-EVENT-0075', category: 'backup', text: 'Manual cluster snapshot created' },
} as const;
export type EventKind = keyof typeof eventKinds;

/** The event of a status that an instance does not leave by itself. */
export function failureEvent(status: string): EventKind {
  if (status === 'incompatible-parameters') return 'incompatibleParameters';
  if (status === 'incompatible-network') return 'incompatibleNetwork';
  return 'failed';
}
