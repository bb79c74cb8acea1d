import {
  AddRoleToDBInstanceCommand,
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
  RebootDBInstanceCommand,
  RemoveRoleFromDBInstanceCommand,
  RemoveTagsFromResourceCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
  type Tag,
} from '@aws-sdk/client-rds';
import { type Account, openAccount, refused } from './harness';

const name = 'orders-staging';
const role = 'arn:aws:iam::123456789012:role/orders-s3-import';

describe('ModifyDBInstance', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const modify = async (input: Partial<ModifyDBInstanceCommandInput>, DBInstanceIdentifier = name) => {
    const command = new ModifyDBInstanceCommand({ DBInstanceIdentifier, ApplyImmediately: true, ...input });
    return (await account.client.send(command)).DBInstance ?? {};
  };

  test('goes on saying available for a while with what is pending, then modifying, then available', async () => {
    const answer = await modify({ DBInstanceClass: 'db.r6g.large', AllocatedStorage: 150 });
    expect(answer).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.t4g.large',
      PendingModifiedValues: { DBInstanceClass: 'db.r6g.large', AllocatedStorage: 150 },
    });
    await account.seconds(9);
    expect((await account.database(name)).DBInstanceStatus).toBe('available');
    await account.seconds(2);
    expect((await account.database(name)).DBInstanceStatus).toBe('modifying');
    await account.seconds(120);
    expect(await account.database(name)).toMatchObject({
      DBInstanceStatus: 'storage-optimization',
      DBInstanceClass: 'db.r6g.large',
      AllocatedStorage: 150,
      PendingModifiedValues: {},
    });
    await account.seconds(600);
    expect((await account.database(name)).DBInstanceStatus).toBe('available');
  });

  test('without ApplyImmediately a change waits, and the next immediate Modify applies it too (API: ApplyImmediately)', async () => {
    await modify({ MultiAZ: true, ApplyImmediately: false });
    await account.seconds(86_400);
    expect(await account.database(name)).toMatchObject({ MultiAZ: false, PendingModifiedValues: { MultiAZ: true } });

    await modify({ NewDBInstanceIdentifier: 'moved' });
    await account.seconds(400);
    expect(await account.database('moved')).toMatchObject({ MultiAZ: true, PendingModifiedValues: {} });
  });

  test('asking for what it has takes a waiting change back', async () => {
    await modify({ MultiAZ: true, ApplyImmediately: false });
    await modify({ MultiAZ: false, ApplyImmediately: false });
    expect((await account.database(name)).PendingModifiedValues).toEqual({});
  });

  test('settings that need no work show at once (API: DeletionProtection and others)', async () => {
    const answer = await modify({
      DeletionProtection: true,
      PreferredMaintenanceWindow: 'Mon:01:00-Mon:02:00',
      PreferredBackupWindow: '03:00-03:30',
      BackupRetentionPeriod: 5,
      CopyTagsToSnapshot: false,
      AutoMinorVersionUpgrade: false,
      MaxAllocatedStorage: 500,
      ApplyImmediately: false,
    });
    expect(answer).toMatchObject({
      DeletionProtection: true,
      PreferredMaintenanceWindow: 'mon:01:00-mon:02:00',
      PreferredBackupWindow: '03:00-03:30',
      BackupRetentionPeriod: 5,
      CopyTagsToSnapshot: false,
      AutoMinorVersionUpgrade: false,
      MaxAllocatedStorage: 500,
      PendingModifiedValues: {},
    });
  });

  test('what it has already is no modification', async () => {
    const before = await account.database(name);
    await modify({ MultiAZ: before.MultiAZ, DeletionProtection: before.DeletionProtection });
    await account.seconds(11);
    expect((await account.database(name)).DBInstanceStatus).toBe('available');
  });

  test('backups from off to on begin with one (User Guide: Enabling automated backups)', async () => {
    await modify({ BackupRetentionPeriod: 7 }, 'legacy-reports');
    await account.seconds(135);
    expect((await account.database('legacy-reports')).DBInstanceStatus).toBe('backing-up');
    await account.seconds(300);
    const done = await account.database('legacy-reports');
    expect(done).toMatchObject({ DBInstanceStatus: 'available', BackupRetentionPeriod: 7 });
    expect(done.LatestRestorableTime).toBeInstanceOf(Date);
  });

  test('a parameter group is applying, then pending-reboot until a reboot (User Guide: Working with parameter groups)', async () => {
    const status = async () => (await account.database(name)).DBParameterGroups?.[0]?.ParameterApplyStatus;
    const answer = await modify({ DBParameterGroupName: 'orders-postgres16', ApplyImmediately: false });
    expect(answer.DBParameterGroups).toEqual([
      { DBParameterGroupName: 'orders-postgres16', ParameterApplyStatus: 'applying' },
    ]);
    await account.seconds(131);
    expect(await status()).toBe('pending-reboot');
    await account.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: name }));
    expect((await account.database(name)).DBInstanceStatus).toBe('rebooting');
    await account.seconds(61);
    expect(await status()).toBe('in-sync');
  });

  test('an option group, security groups and logs pass through their own states', async () => {
    const answer = await modify({
      OptionGroupName: 'orders-postgres-16',
      VpcSecurityGroupIds: ['sg-0a11orders000000b'],
      CloudwatchLogsExportConfiguration: { EnableLogTypes: ['upgrade'], DisableLogTypes: ['postgresql'] },
    });
    expect(answer.OptionGroupMemberships).toEqual([
      { OptionGroupName: 'orders-postgres-16', Status: 'applying' },
      { OptionGroupName: 'default:postgres-16', Status: 'removing' },
    ]);
    expect(answer.VpcSecurityGroups).toEqual([
      { VpcSecurityGroupId: 'sg-0a11orders000000b', Status: 'adding' },
      { VpcSecurityGroupId: 'sg-0a11orders000000a', Status: 'removing' },
    ]);
    expect(answer.PendingModifiedValues?.PendingCloudwatchLogsExports).toEqual({
      LogTypesToEnable: ['upgrade'],
      LogTypesToDisable: ['postgresql'],
    });
    await account.seconds(135);
    expect((await account.database(name)).DBInstanceStatus).toBe('configuring-log-exports');
    await account.seconds(60);
    expect(await account.database(name)).toMatchObject({
      DBInstanceStatus: 'available',
      OptionGroupMemberships: [{ OptionGroupName: 'orders-postgres-16', Status: 'in-sync' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a11orders000000b', Status: 'active' }],
      EnabledCloudwatchLogsExports: ['upgrade'],
      PendingModifiedValues: {},
    });
  });

  test('a managed password brings a new secret (User Guide: Password management with Secrets Manager)', async () => {
    const answer = await modify({ ManageMasterUserPassword: true });
    expect(answer.MasterUserSecret?.SecretStatus).toBe('creating');
    expect(answer.MasterUserSecret?.SecretArn).toMatch(/:secret:rds!db-[0-9a-f-]{36}-/);
    await account.seconds(12);
    expect((await account.database(name)).DBInstanceStatus).toBe('resetting-master-credentials');
    await account.seconds(30);
    expect((await account.database(name)).MasterUserSecret?.SecretStatus).toBe('active');
  });

  test('IAM authentication and enhanced monitoring have statuses of their own', async () => {
    await modify({ EnableIAMDatabaseAuthentication: true, MonitoringInterval: 15 });
    await account.seconds(12);
    const first = (await account.database(name)).DBInstanceStatus;
    await account.seconds(30);
    const second = (await account.database(name)).DBInstanceStatus;
    expect([first, second].sort()).toEqual(['configuring-enhanced-monitoring', 'configuring-iam-database-auth']);
    await account.seconds(30);
    expect(await account.database(name)).toMatchObject({
      DBInstanceStatus: 'available',
      IAMDatabaseAuthenticationEnabled: true,
      MonitoringInterval: 15,
    });
  });

  test('a new port restarts the database whatever ApplyImmediately says (API: DBPortNumber)', async () => {
    await modify({ DBPortNumber: 5439, ApplyImmediately: false });
    await account.seconds(135);
    expect((await account.database(name)).Endpoint?.Port).toBe(5439);
  });

  test('a fault may leave it in a status that it does not leave', async () => {
    account.faults.arm({
      service: 'rds',
      operation: 'ModifyDBInstance',
      kind: 'ends-in',
      status: 'incompatible-parameters',
    });
    await modify({ DBInstanceClass: 'db.r6g.large' });
    await account.seconds(500);
    expect(await account.database(name)).toMatchObject({
      DBInstanceStatus: 'incompatible-parameters',
      DBInstanceClass: 'db.t4g.large',
    });
    expect(account.events.at(-1)?.detail.EventID).toBe('RDS-EVENT-0035');
  });

  test.each([
    ['nothing', {}, 'InvalidParameterCombination', 'No modifications were requested'],
    [
      'monitoring without a role',
      { MonitoringInterval: 5, MonitoringRoleArn: undefined },
      'InvalidParameterCombination',
      'MonitoringRoleARN',
    ],
    ['an interval that is none', { MonitoringInterval: 7 }, 'InvalidParameterValue', 'monitoring interval'],
    [
      'advanced insights without 465 days',
      { DatabaseInsightsMode: 'advanced' as const, EnablePerformanceInsights: true },
      'InvalidParameterCombination',
      '465',
    ],
    [
      'a key that is not there',
      { EnablePerformanceInsights: true, PerformanceInsightsKMSKeyId: 'key/none' },
      'KMSKeyNotAccessibleFault',
      'key/none',
    ],
    ['less storage', { AllocatedStorage: 50 }, 'InvalidParameterCombination', 'less than'],
    [
      'gp3 IOPS below the threshold',
      { StorageType: 'gp3', Iops: 3000 },
      'InvalidParameterCombination',
      'less than 400',
    ],
    ['autoscaling below the size', { MaxAllocatedStorage: 20 }, 'InvalidParameterCombination', 'Max storage size'],
    [
      'a new major version unasked',
      { EngineVersion: '8.4.3' },
      'InvalidParameterCombination',
      'AllowMajorVersionUpgrade',
    ],
    ['an older version', { EngineVersion: '8.0.39' }, 'InvalidParameterCombination', 'Cannot upgrade'],
    [
      'a group of another family',
      { DBParameterGroupName: 'orders-postgres16' },
      'InvalidParameterCombination',
      'mysql8.0',
    ],
    [
      'rotation of a password nobody manages',
      { RotateMasterUserPassword: true },
      'InvalidParameterCombination',
      'managed',
    ],
  ])('refuses %s', async (_what, input, error, words) => {
    const refusal = await refused(modify(input, 'billing-prod'));
    expect(refusal.name).toBe(error);
    expect(refusal.message).toContain(words);
  });

  test('backups of a source of replicas stay on (User Guide: Working with read replicas)', async () => {
    expect((await refused(modify({ BackupRetentionPeriod: 0 }, 'catalog-prod'))).name).toBe(
      'InvalidParameterCombination',
    );
  });

  test('a stopped database takes neither a Modify nor a snapshot; started, it does (User Guide: Stopping a DB instance)', async () => {
    const inventory = { DBInstanceIdentifier: 'inventory-dev' };
    const snapshot = () =>
      account.client.send(new CreateDBSnapshotCommand({ ...inventory, DBSnapshotIdentifier: 'inventory-1' }));
    expect((await refused(modify({ MultiAZ: true }, 'inventory-dev'))).name).toBe('InvalidDBInstanceStateFault');
    expect((await refused(snapshot())).name).toBe('InvalidDBInstanceStateFault');
    await account.client.send(new StartDBInstanceCommand(inventory));
    expect((await account.database('inventory-dev')).DBInstanceStatus).toBe('starting');
    await account.seconds(121);
    await snapshot();
    await account.seconds(181);
    await account.client.send(new StopDBInstanceCommand(inventory));
    await account.seconds(121);
    expect((await account.database('inventory-dev')).DBInstanceStatus).toBe('stopped');
  });
});

describe('roles and tags', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  test('a role is PENDING, then ACTIVE; one for each feature (API: AddRoleToDBInstance)', async () => {
    const input = { DBInstanceIdentifier: name, RoleArn: role, FeatureName: 's3Import' };
    await account.client.send(new AddRoleToDBInstanceCommand(input));
    expect((await account.database(name)).AssociatedRoles).toEqual([
      { RoleArn: role, FeatureName: 's3Import', Status: 'PENDING' },
    ]);
    await account.seconds(31);
    expect((await account.database(name)).AssociatedRoles?.[0]?.Status).toBe('ACTIVE');
    expect((await refused(account.client.send(new AddRoleToDBInstanceCommand(input)))).name).toBe(
      'DBInstanceRoleAlreadyExistsFault',
    );
    await account.client.send(new RemoveRoleFromDBInstanceCommand(input));
    expect((await account.database(name)).AssociatedRoles).toEqual([]);
    expect((await refused(account.client.send(new RemoveRoleFromDBInstanceCommand(input)))).name).toBe(
      'DBInstanceRoleNotFoundFault',
    );
  });

  test('roles wait for an available database', async () => {
    const input = { DBInstanceIdentifier: 'inventory-dev', RoleArn: role, FeatureName: 's3Import' };
    expect((await refused(account.client.send(new AddRoleToDBInstanceCommand(input)))).name).toBe(
      'InvalidDBInstanceStateFault',
    );
  });

  test('tags are added, replaced and removed, any script allowed (User Guide: Tagging Amazon RDS resources)', async () => {
    const { DBInstanceArn: ResourceName, TagList: before } = await account.database(name);
    const add = (...Tags: Tag[]) => account.client.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
    expect((await refused(add({ Key: 'Environment', Value: 'a & <b>' }))).name).toBe('InvalidParameterValue');
    await add({ Key: '担当 者', Value: 'Zoë Müller' }, { Key: 'Team', Value: 'b' });
    await account.client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['Environment'] }));
    const { TagList } = await account.client.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(before).toContainEqual({ Key: 'Environment', Value: 'staging' });
    expect(TagList).toEqual([
      { Key: '担当 者', Value: 'Zoë Müller' },
      { Key: 'Team', Value: 'b' },
    ]);
    expect((await account.database(name)).TagList).toEqual(TagList);
  });
});
