import {
  CreateDBSnapshotCommand,
  type DBInstance,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  type RestoreDBInstanceFromDBSnapshotCommandInput,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { seeded } from '../../../../infra/local/rds/seed';
import { type Account, openAccount, refused } from './harness';

const source = 'orders-prod-before-release-42';
const copy = 'orders-prod-copy';

function restore(account: Account, input: Partial<RestoreDBInstanceFromDBSnapshotCommandInput> = {}) {
  return account.client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: copy, DBSnapshotIdentifier: source, ...input }),
  );
}

/** Everything that RestoreDBInstanceFromDBSnapshot can be told about a database. */
function everything(original: DBInstance): Partial<RestoreDBInstanceFromDBSnapshotCommandInput> {
  return {
    DBInstanceClass: original.DBInstanceClass,
    Port: original.Endpoint?.Port,
    DBSubnetGroupName: original.DBSubnetGroup?.DBSubnetGroupName,
    MultiAZ: original.MultiAZ,
    PubliclyAccessible: original.PubliclyAccessible,
    AutoMinorVersionUpgrade: original.AutoMinorVersionUpgrade,
    StorageType: original.StorageType,
    Iops: original.Iops,
    StorageThroughput: original.StorageThroughput,
    OptionGroupName: original.OptionGroupMemberships?.[0]?.OptionGroupName,
    DBParameterGroupName: original.DBParameterGroups?.[0]?.DBParameterGroupName,
    VpcSecurityGroupIds: original.VpcSecurityGroups?.map((each) => each.VpcSecurityGroupId ?? ''),
    CopyTagsToSnapshot: original.CopyTagsToSnapshot,
    EnableIAMDatabaseAuthentication: original.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: original.EnabledCloudwatchLogsExports,
    NetworkType: original.NetworkType,
    BackupRetentionPeriod: original.BackupRetentionPeriod,
    PreferredBackupWindow: original.PreferredBackupWindow,
    CACertificateIdentifier: original.CACertificateIdentifier,
    EngineLifecycleSupport: original.EngineLifecycleSupport,
    DeletionProtection: original.DeletionProtection,
    Tags: original.TagList,
  };
}

describe('RestoreDBInstanceFromDBSnapshot', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  test('goes creating without an endpoint, backing-up with one, available (User Guide: DB instance status)', async () => {
    const { DBInstance: answer } = await restore(account);
    expect(answer?.DBInstanceStatus).toBe('creating');
    expect(answer?.Endpoint).toBeUndefined();

    await account.seconds(601);
    const backing = await account.database(copy);
    expect(backing.DBInstanceStatus).toBe('backing-up');
    expect(backing.Endpoint?.Address).toMatch(/^orders-prod-copy\..+\.eu-west-1\.rds\.amazonaws\.com$/);

    await account.seconds(300);
    expect((await account.database(copy)).DBInstanceStatus).toBe('available');
  });

  test('without settings the copy has the defaults of AWS, not the original’s settings (API: RestoreDBInstanceFromDBSnapshot)', async () => {
    const original = await account.database('orders-prod');
    await restore(account);
    await account.seconds(1000);
    const naive = await account.database(copy);

    expect(naive).toMatchObject({
      Engine: 'postgres',
      EngineVersion: '16.6',
      AllocatedStorage: 500,
      MasterUsername: 'orders_admin',
      DBName: 'orders',
      KmsKeyId: original.KmsKeyId,
      StorageEncrypted: true,
      Iops: 12_000,
      StorageThroughput: 500,
      MultiAZ: false,
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16' }],
      OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16' }],
      IAMDatabaseAuthenticationEnabled: false,
      EnabledCloudwatchLogsExports: [],
      CopyTagsToSnapshot: false,
      DeletionProtection: false,
      MonitoringInterval: 0,
      PerformanceInsightsEnabled: false,
      DatabaseInsightsMode: 'standard',
      NetworkType: 'IPV4',
      AssociatedRoles: [],
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      EngineLifecycleSupport: 'open-source-rds-extended-support',
      AutoMinorVersionUpgrade: true,
    });
    expect(naive.MaxAllocatedStorage).toBeUndefined();
    expect(naive.MasterUserSecret).toBeUndefined();
    expect(naive.MonitoringRoleArn).toBeUndefined();
    expect(naive.DBSubnetGroup?.DBSubnetGroupName).toBe('default');
    expect(naive.VpcSecurityGroups?.map((each) => each.VpcSecurityGroupId)).not.toContain(seeded.securityGroups[0]);
    expect(naive.PreferredMaintenanceWindow).not.toBe(original.PreferredMaintenanceWindow);
    expect(naive.DbiResourceId).not.toBe(original.DbiResourceId);
  });

  test('every setting that is passed comes back', async () => {
    const original = await account.database('orders-prod');
    await restore(account, everything(original));
    await account.seconds(1000);
    const faithful = await account.database(copy);

    const same: (keyof DBInstance)[] = [
      'DBInstanceClass',
      'MultiAZ',
      'PubliclyAccessible',
      'AutoMinorVersionUpgrade',
      'StorageType',
      'Iops',
      'StorageThroughput',
      'OptionGroupMemberships',
      'DBParameterGroups',
      'VpcSecurityGroups',
      'DBSubnetGroup',
      'CopyTagsToSnapshot',
      'IAMDatabaseAuthenticationEnabled',
      'EnabledCloudwatchLogsExports',
      'NetworkType',
      'BackupRetentionPeriod',
      'PreferredBackupWindow',
      'CACertificateIdentifier',
      'EngineLifecycleSupport',
      'DeletionProtection',
      'TagList',
      'KmsKeyId',
    ];
    for (const key of same) expect({ [key]: faithful[key] }).toEqual({ [key]: original[key] });
    expect(faithful.Endpoint?.Port).toBe(5433);
  });

  test('what only Modify can set is reached by Modify (API: ModifyDBInstance)', async () => {
    const original = await account.database('orders-prod');
    await restore(account, { ...everything(original), BackupRetentionPeriod: 0 });
    await account.seconds(1000);
    await account.client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: copy,
        ApplyImmediately: true,
        PreferredMaintenanceWindow: original.PreferredMaintenanceWindow,
        MonitoringInterval: original.MonitoringInterval,
        MonitoringRoleArn: original.MonitoringRoleArn,
        EnablePerformanceInsights: true,
        PerformanceInsightsKMSKeyId: original.PerformanceInsightsKMSKeyId,
        PerformanceInsightsRetentionPeriod: original.PerformanceInsightsRetentionPeriod,
        DatabaseInsightsMode: original.DatabaseInsightsMode,
        MaxAllocatedStorage: original.MaxAllocatedStorage,
        ManageMasterUserPassword: true,
        MasterUserSecretKmsKeyId: original.MasterUserSecret?.KmsKeyId,
      }),
    );
    await account.seconds(400);
    const faithful = await account.database(copy);
    const same: (keyof DBInstance)[] = [
      'PreferredMaintenanceWindow',
      'MonitoringInterval',
      'MonitoringRoleArn',
      'PerformanceInsightsEnabled',
      'PerformanceInsightsKMSKeyId',
      'PerformanceInsightsRetentionPeriod',
      'DatabaseInsightsMode',
      'MaxAllocatedStorage',
    ];
    for (const key of same) expect({ [key]: faithful[key] }).toEqual({ [key]: original[key] });
    expect(faithful.DBInstanceStatus).toBe('available');
    expect(faithful.MasterUserSecret).toMatchObject({
      SecretStatus: 'active',
      KmsKeyId: original.MasterUserSecret?.KmsKeyId,
    });
    expect(faithful.MasterUserSecret?.SecretArn).not.toBe(original.MasterUserSecret?.SecretArn);
  });

  test('the source’s tags come along only when Tags is left out (API: Tags)', async () => {
    const original = await account.database('orders-prod');
    await restore(account);
    expect((await account.database(copy)).TagList).toEqual(original.TagList);
    await restore(account, { DBInstanceIdentifier: 'tagged', Tags: [{ Key: 'only', Value: 'this one' }] });
    expect((await account.database('tagged')).TagList).toEqual([{ Key: 'only', Value: 'this one' }]);
    await restore(account, { DBInstanceIdentifier: 'untagged', Tags: [] });
    expect((await account.database('untagged')).TagList).toEqual([]);
  });

  test('after available the volume is still read from the snapshot (API: StorageOperationStatus)', async () => {
    await restore(account, { BackupRetentionPeriod: 0 });
    await account.seconds(600 + 900);
    expect(await account.database(copy)).toMatchObject({
      DBInstanceStatus: 'available',
      StorageOperationStatus: 'Initializing',
      StorageOperationPercentProgress: 50,
    });
    await account.seconds(901);
    expect((await account.database(copy)).StorageOperationStatus).toBeUndefined();
  });

  test.each([
    ['a snapshot that is not there', { DBSnapshotIdentifier: 'nowhere' }, 'DBSnapshotNotFoundFault'],
    ['a snapshot that is not ready', { DBSnapshotIdentifier: 'billing-prod-running' }, 'InvalidDBSnapshotStateFault'],
    ['a name that is taken', { DBInstanceIdentifier: 'Billing-Prod' }, 'DBInstanceAlreadyExistsFault'],
    ['a name that is no name', { DBInstanceIdentifier: '9bad--id-' }, 'InvalidParameterValue'],
    ['a parameter group that is not there', { DBParameterGroupName: 'nowhere' }, 'DBParameterGroupNotFoundFault'],
    ['a parameter group of another family', { DBParameterGroupName: 'old-postgres15' }, 'InvalidParameterCombination'],
    ['an option group that is not there', { OptionGroupName: 'nowhere' }, 'OptionGroupNotFoundFault'],
    ['an option group of another engine', { OptionGroupName: 'billing-audit-8-0' }, 'InvalidParameterCombination'],
    ['a subnet group that is not there', { DBSubnetGroupName: 'nowhere' }, 'DBSubnetGroupNotFoundFault'],
    ['a security group that is not there', { VpcSecurityGroupIds: ['sg-1'] }, 'InvalidParameterValue'],
    [
      'a security group of another VPC',
      { VpcSecurityGroupIds: ['sg-0d44elsewhere0000'] },
      'InvalidParameterCombination',
    ],
    ['a zone together with Multi-AZ', { MultiAZ: true, AvailabilityZone: 'eu-west-1a' }, 'InvalidParameterCombination'],
    ['a database name', { DBName: 'orders' }, 'InvalidParameterCombination'],
    ['another engine', { Engine: 'mysql' }, 'InvalidParameterCombination'],
    ['less storage than the snapshot has', { AllocatedStorage: 400 }, 'InvalidParameterCombination'],
    ['a little more storage', { AllocatedStorage: 549 }, 'InvalidParameterCombination'],
    ['a CA that is not there', { CACertificateIdentifier: 'rds-ca-2019' }, 'CertificateNotFoundFault'],
    ['dual stack without such subnets', { NetworkType: 'DUAL' }, 'NetworkTypeNotSupported'],
    ['a log that the engine has not', { EnableCloudwatchLogsExports: ['slowquery'] }, 'InvalidParameterCombination'],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: 'y' }] }, 'InvalidParameterValue'],
    ['a domain that is not there', { Domain: 'd-none', DomainIAMRoleName: 'r' }, 'DomainNotFoundFault'],
    ['a dedicated log volume on gp3', { DedicatedLogVolume: true }, 'InvalidParameterCombination'],
    ['gp3 IOPS without enough of them', { StorageType: 'gp3', Iops: 3000 }, 'InvalidParameterCombination'],
  ])('refuses %s', async (_what, input, error) => {
    expect((await refused(restore(account, input))).name).toBe(error);
    expect(account.simulator.snapshotOfWorld().databases.map((each) => each.name)).not.toContain(copy);
  });

  test('refuses gp3 IOPS below the striping threshold in AWS’s words (User Guide: gp3 storage)', async () => {
    const small = {
      DBSnapshotIdentifier: 'orders-staging-snapshot',
      StorageType: 'gp3',
      Iops: 3000,
      StorageThroughput: 125,
    };
    expect(await refused(restore(account, small))).toEqual({
      name: 'InvalidParameterCombination',
      message: "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.",
    });
    await restore(account, { DBSnapshotIdentifier: 'orders-staging-snapshot', StorageType: 'gp3' });
    expect(await account.database(copy)).toMatchObject({ Iops: 3000, StorageThroughput: 125 });
  });

  test('a volume may grow by a tenth (API: AllocatedStorage)', async () => {
    await restore(account, { AllocatedStorage: 550 });
    expect((await account.database(copy)).AllocatedStorage).toBe(550);
  });

  test('IOPS without a storage type mean io1 (API: StorageType)', async () => {
    await restore(account, { Iops: 5000 });
    expect(await account.database(copy)).toMatchObject({ StorageType: 'io1', Iops: 5000 });
  });

  test('IOPS of 0 mean storage without provisioned IOPS (API: Iops)', async () => {
    await restore(account, { Iops: 0 });
    expect(await account.database(copy)).toMatchObject({ StorageType: 'gp3', Iops: 12_000 });
  });

  test('a shared snapshot is restored by its ARN only', async () => {
    const arn = 'arn:aws:rds:eu-west-1:210987654321:snapshot:partner-orders-sample';
    expect((await refused(restore(account, { DBSnapshotIdentifier: 'partner-orders-sample' }))).name).toBe(
      'DBSnapshotNotFoundFault',
    );
    await restore(account, { DBSnapshotIdentifier: arn });
    expect(account.simulator.snapshotOfWorld().databases.at(-1)).toMatchObject({ name: copy, restoredFrom: arn });
  });

  test('refuses the instance beyond the quota (User Guide: Quotas)', async () => {
    account.simulator.knobs.quotaInstances = account.simulator.snapshotOfWorld().databases.length;
    expect((await refused(restore(account))).name).toBe('InstanceQuotaExceededFault');
  });

  test('a copy may end in a status that it does not leave, and a copy may never end', async () => {
    account.faults.arm({
      service: 'rds',
      operation: 'RestoreDBInstanceFromDBSnapshot',
      kind: 'ends-in',
      status: 'incompatible-restore',
    });
    await restore(account);
    account.faults.arm({ service: 'rds', kind: 'never-ends' });
    await restore(account, { DBInstanceIdentifier: 'endless' });
    await account.seconds(100_000);
    expect((await account.database(copy)).DBInstanceStatus).toBe('incompatible-restore');
    expect((await account.database('endless')).DBInstanceStatus).toBe('creating');
  });
});

describe('what AWS does not document about a restore', () => {
  test.each([
    ['snapshot', 14],
    ['one', 1],
    ['zero', 0],
  ] as const)('retention left out: %s', async (restoreRetention, days) => {
    const account = await openAccount({ restoreRetention });
    await restore(account);
    await account.seconds(601);
    expect(await account.database(copy)).toMatchObject({
      BackupRetentionPeriod: days,
      DBInstanceStatus: days === 0 ? 'available' : 'backing-up',
    });
    await account.close();
  });

  test.each([
    ['gp3', 'gp3'],
    ['snapshot', 'gp2'],
  ] as const)('storage type left out: %s', async (restoreStorageType, type) => {
    const account = await openAccount({ restoreStorageType });
    await restore(account, { DBSnapshotIdentifier: 'legacy-reports-final-2025' });
    expect((await account.database(copy)).StorageType).toBe(type);
    await account.close();
  });

  test.each([
    ['default', 'default:postgres-16'],
    ['snapshot', seeded.optionGroup],
  ] as const)('option group left out: %s', async (restoreOptionGroup, name) => {
    const account = await openAccount({ restoreOptionGroup });
    await restore(account);
    expect((await account.database(copy)).OptionGroupMemberships?.[0]?.OptionGroupName).toBe(name);
    await account.close();
  });

  test.each([
    ['snapshot', true],
    ['random', false],
  ] as const)('backup window left out: %s', async (restoreBackupWindow, isSame) => {
    const account = await openAccount({ restoreBackupWindow });
    await restore(account);
    expect((await account.database(copy)).PreferredBackupWindow === '02:10-02:40').toBe(isSame);
    await account.close();
  });

  test.each([true, false])('automatic minor upgrades left out: %s', async (restoreAutoMinorVersionUpgrade) => {
    const account = await openAccount({ restoreAutoMinorVersionUpgrade });
    await restore(account);
    expect((await account.database(copy)).AutoMinorVersionUpgrade).toBe(restoreAutoMinorVersionUpgrade);
    await account.close();
  });

  test('the first backup may take hours', async () => {
    const account = await openAccount({ baselineBackupSeconds: 3 * 3600 });
    await restore(account);
    await account.seconds(600 + 3 * 3600 - 1);
    expect((await account.database(copy)).DBInstanceStatus).toBe('backing-up');
    await account.seconds(2);
    expect((await account.database(copy)).DBInstanceStatus).toBe('available');
    await account.close();
  });

  test.each([
    ['refuse', 'InvalidDBInstanceStateFault'],
    ['accept', undefined],
  ] as const)('Modify while backing-up: %s', async (modifyWhileBackingUp, error) => {
    const account = await openAccount({ modifyWhileBackingUp });
    await restore(account);
    await account.seconds(610);
    const modify = account.client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: copy,
        NewDBInstanceIdentifier: 'moved',
        ApplyImmediately: true,
      }),
    );
    if (error === undefined)
      expect((await modify).DBInstance?.PendingModifiedValues?.DBInstanceIdentifier).toBe('moved');
    else expect((await refused(modify)).name).toBe(error);
    await account.close();
  });
});

describe('RestoreDBInstanceToPointInTime', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const toLatest = (name: string) =>
    account.client.send(
      new RestoreDBInstanceToPointInTimeCommand({
        SourceDBInstanceIdentifier: name,
        TargetDBInstanceIdentifier: copy,
        UseLatestRestorableTime: true,
        MaxAllocatedStorage: 3000,
      }),
    );

  test('takes autoscaling as a parameter, which the restore from a snapshot does not (API: MaxAllocatedStorage)', async () => {
    await toLatest('orders-prod');
    expect(await account.database(copy)).toMatchObject({
      MaxAllocatedStorage: 3000,
      MultiAZ: false,
      EngineVersion: '16.6',
    });
  });

  test('needs automated backups (API: PointInTimeRestoreNotEnabledFault)', async () => {
    expect((await refused(toLatest('legacy-reports'))).name).toBe('PointInTimeRestoreNotEnabledFault');
  });

  test('refuses a time outside the retention', async () => {
    const call = account.client.send(
      new RestoreDBInstanceToPointInTimeCommand({
        SourceDBInstanceIdentifier: 'orders-staging',
        TargetDBInstanceIdentifier: copy,
        RestoreTime: new Date(account.clock.now() - 4 * 86_400_000),
      }),
    );
    expect((await refused(call)).name).toBe('InvalidRestoreFault');
  });
});

test('the same calls make the same world', async () => {
  const play = async () => {
    const account = await openAccount();
    await restore(account);
    await account.seconds(2000);
    await account.close();
    return [account.simulator.snapshotOfWorld(), account.events];
  };
  expect(await play()).toEqual(await play());
});

describe('CreateDBSnapshot', () => {
  test('grows, keeps the database backing-up, and becomes available (User Guide: Creating a DB snapshot)', async () => {
    const account = await openAccount();
    const { DBSnapshot: answer } = await account.client.send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: 'orders-prod',
        DBSnapshotIdentifier: 'Fresh-1',
        Tags: [{ Key: 'run', Value: 'r1' }],
      }),
    );
    expect(answer).toMatchObject({ DBSnapshotIdentifier: 'fresh-1', Status: 'creating', PercentProgress: 0 });
    await account.seconds(90);
    expect(await account.snapshot('fresh-1')).toMatchObject({ Status: 'creating', PercentProgress: 50 });
    expect((await account.database('orders-prod')).DBInstanceStatus).toBe('backing-up');
    await account.seconds(91);
    const done = await account.snapshot('fresh-1');
    expect(done).toMatchObject({ Status: 'available', PercentProgress: 100, SnapshotType: 'manual' });
    expect(done.TagList).toEqual(
      expect.arrayContaining([
        { Key: 'run', Value: 'r1' },
        { Key: 'Team', Value: 'orders' },
      ]),
    );
    expect((await account.database('orders-prod')).DBInstanceStatus).toBe('available');
    await account.close();
  });
});
