import { invalidCombination, invalidValue, RdsError } from './errors';
import type { Instance, Snapshot } from './instance';
import { available, type Outcome, outcomeOf, play } from './lifecycle';
import { nameOf, rdsArn, snapshotName } from './naming';
import type { Query } from './query';
import { checkTags, type Tag } from './tags';
import type { World } from './world';

/** Source: CreateDBSnapshot. */
export function createSnapshot(world: World, query: Query): object {
  const instance = world.instance(query.required('DBInstanceIdentifier'));
  const { DBInstanceStatus: status, DBInstanceIdentifier: name } = instance.view;
  if (instance.view.DBClusterIdentifier !== undefined) {
    throw invalidValue(`${name} is a member of a DB cluster: use CreateDBClusterSnapshot.`);
  }
  const isReady = (status === 'available' && instance.work === undefined) || status === 'storage-optimization';
  if (!isReady) {
    throw new RdsError(
      'InvalidDBInstanceState',
      `Cannot create a snapshot because the database instance ${name} is not currently in the available state.`,
    );
  }
  const given = query.required('DBSnapshotIdentifier');
  checkFree(world, given);
  const tags = query.tags() ?? [];
  checkTags(tags);
  const snapshot = takeManualSnapshot(world, instance, given, tags, outcomeOf(world, 'CreateDBSnapshot', query));
  // The database goes on answering; only the control plane is busy.
  play(world, instance, [{ status: 'backing-up', seconds: world.knobs.snapshotSeconds }, available], { kind: 'well' });
  return { DBSnapshot: world.showSnapshot(snapshot) };
}

/** @throws DBSnapshotAlreadyExists, SnapshotQuotaExceeded */
function checkFree(world: World, given: string): string {
  const name = snapshotName(given, 'DBSnapshotIdentifier');
  if (world.snapshots.has(name)) {
    throw new RdsError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
    );
  }
  if (manualSnapshots(world) >= world.knobs.quotaManualSnapshots) {
    throw new RdsError('SnapshotQuotaExceeded', 'Cannot create more than the allowed number of manual snapshots.');
  }
  return name;
}

export function manualSnapshots(world: World): number {
  let count = 0;
  for (const [key, { view }] of world.snapshots) {
    if (view.SnapshotType === 'manual' && !key.startsWith('arn:')) count += 1;
  }
  return count;
}

export function takeManualSnapshot(
  world: World,
  instance: Instance,
  given: string,
  tags: readonly Tag[],
  outcome: Outcome,
): Snapshot {
  const name = checkFree(world, given);
  const now = world.clock.now();
  const own = new Set(tags.map((tag) => tag.Key));
  const inherited = instance.view.CopyTagsToSnapshot ? instance.view.TagList : [];
  const snapshot = snapshotOf(world, instance, name, 'manual');
  snapshot.view.TagList = [...tags, ...inherited.filter((tag) => !own.has(tag.Key ?? ''))];
  snapshot.view.SnapshotCreateTime = new Date(now);
  snapshot.view.SnapshotDatabaseTime = new Date(now);
  snapshot.view.OriginalSnapshotCreateTime = new Date(now);
  world.addSnapshot(snapshot);
  world.snapshotEvent(snapshot, 'snapshotStarted');
  grow(world, snapshot, world.knobs.snapshotSeconds, outcome, () => world.snapshotEvent(snapshot, 'snapshotCreated'));
  return snapshot;
}

/** A finished snapshot of what the instance is now. */
export function snapshotOf(world: World, instance: Instance, name: string, type: 'manual' | 'automated'): Snapshot {
  const { view } = instance;
  return {
    view: {
      DBSnapshotIdentifier: name,
      DBInstanceIdentifier: view.DBInstanceIdentifier,
      DBSnapshotArn: rdsArn(world, 'snapshot', name),
      DbiResourceId: view.DbiResourceId,
      Status: 'available',
      PercentProgress: 100,
      Engine: view.Engine,
      EngineVersion: view.EngineVersion,
      AllocatedStorage: view.AllocatedStorage,
      Port: instance.port,
      AvailabilityZone: view.AvailabilityZone,
      VpcId: view.DBSubnetGroup?.VpcId,
      InstanceCreateTime: view.InstanceCreateTime,
      MasterUsername: view.MasterUsername,
      LicenseModel: view.LicenseModel,
      SnapshotType: type,
      Iops: view.Iops,
      StorageThroughput: view.StorageThroughput,
      OptionGroupName: view.OptionGroupMemberships[0]?.OptionGroupName,
      StorageType: view.StorageType,
      Encrypted: view.StorageEncrypted,
      StorageEncryptionType: view.StorageEncryptionType,
      BackupRetentionPeriod: view.BackupRetentionPeriod,
      PreferredBackupWindow: view.PreferredBackupWindow,
      KmsKeyId: view.KmsKeyId,
      IAMDatabaseAuthenticationEnabled: view.IAMDatabaseAuthenticationEnabled,
      ProcessorFeatures: view.ProcessorFeatures,
      SnapshotTarget: 'region',
      DedicatedLogVolume: view.DedicatedLogVolume,
      TagList: [],
    },
    origin: { class: view.DBInstanceClass, dbName: view.DBName, port: instance.port, tags: view.TagList },
    progress: undefined,
    encoded: undefined,
  };
}

/** Lets a snapshot come into being on the virtual clock. */
export function grow(world: World, snapshot: Snapshot, seconds: number, outcome: Outcome, done: () => void): void {
  const now = world.clock.now();
  const isEndless = outcome.kind === 'never';
  snapshot.view.Status = 'creating';
  snapshot.progress = { from: now, to: isEndless ? Number.POSITIVE_INFINITY : now + seconds * 1000 };
  if (isEndless) return;
  world.clock.after(seconds * 1000, () => {
    if (snapshot.view.Status !== 'creating') return;
    snapshot.progress = undefined;
    snapshot.view.Status = outcome.kind === 'ends-in' ? outcome.status : 'available';
    snapshot.view.PercentProgress = outcome.kind === 'ends-in' ? 0 : 100;
    world.touch(snapshot);
    if (outcome.kind === 'well') done();
  });
}

/** Source: CopyDBSnapshot. */
export function copySnapshot(world: World, query: Query): object {
  const source = world.snapshot(query.required('SourceDBSnapshotIdentifier'));
  const name = checkFree(world, query.required('TargetDBSnapshotIdentifier'));
  if (source.view.Status !== 'available') {
    throw new RdsError(
      'InvalidDBSnapshotState',
      `Snapshot ${source.view.DBSnapshotIdentifier} is ${source.view.Status}.`,
    );
  }
  const key = query.text('KmsKeyId');
  const keyArn = key === undefined ? source.view.KmsKeyId : world.lookups.kmsKey(key);
  const isOthers = nameOf(world, 'snapshot', source.view.DBSnapshotArn) === undefined;
  // Source: RDS User Guide, Sharing encrypted snapshots: the default key of another account is nobody else's.
  if (isOthers && source.view.KmsKeyId?.endsWith(':alias/aws/rds')) {
    throw new RdsError(
      'KMSKeyNotAccessibleFault',
      `The source snapshot KMS key [${source.view.KmsKeyId}] is not accessible.`,
    );
  }
  if (isOthers && source.view.Encrypted && key === undefined) {
    throw new RdsError(
      'KMSKeyNotAccessibleFault',
      'A shared encrypted snapshot must be copied with a KMS key of this account.',
    );
  }
  const tags = query.tags() ?? (query.flag('CopyTags') ? source.view.TagList : []);
  checkTags(query.tags() ?? []);
  const outcome = outcomeOf(world, 'CopyDBSnapshot', query);
  const snapshot: Snapshot = {
    view: {
      ...source.view,
      DBSnapshotIdentifier: name,
      DBSnapshotArn: rdsArn(world, 'snapshot', name),
      SnapshotType: 'manual',
      SnapshotCreateTime: new Date(world.clock.now()),
      SourceDBSnapshotIdentifier: source.view.DBSnapshotArn,
      SourceRegion: world.region,
      Encrypted: keyArn !== undefined,
      StorageEncryptionType: keyArn === undefined ? 'none' : 'sse-kms',
      KmsKeyId: keyArn,
      TagList: [...tags],
    },
    origin: source.origin,
    progress: undefined,
    encoded: undefined,
  };
  world.addSnapshot(snapshot);
  world.snapshotEvent(snapshot, 'copyStarted');
  grow(world, snapshot, world.knobs.copySnapshotSeconds, outcome, () => world.snapshotEvent(snapshot, 'copyFinished'));
  return { DBSnapshot: world.showSnapshot(snapshot) };
}

/** Source: DeleteDBSnapshot: the snapshot must be available; automated snapshots go with their retention. */
export function deleteSnapshot(world: World, query: Query): object {
  const snapshot = world.snapshot(query.required('DBSnapshotIdentifier'));
  const { view } = snapshot;
  const arnName = nameOf(world, 'snapshot', view.DBSnapshotArn);
  if (arnName === undefined) throw invalidCombination('A shared snapshot can be deleted by its owner only.');
  if (view.SnapshotType !== 'manual') {
    throw new RdsError('InvalidDBSnapshotState', `Only manual snapshots may be deleted: ${view.DBSnapshotIdentifier}.`);
  }
  if (view.Status !== 'available' && view.Status !== 'failed') {
    throw new RdsError(
      'InvalidDBSnapshotState',
      `Cannot delete the snapshot ${view.DBSnapshotIdentifier}: it is ${view.Status}.`,
    );
  }
  world.snapshots.delete(arnName);
  world.snapshotEvent(snapshot, 'snapshotDeleted');
  view.Status = 'deleted';
  world.touch(snapshot);
  return { DBSnapshot: world.showSnapshot(snapshot) };
}
