import {
  AddRoleToDBClusterCommand,
  CreateDBClusterEndpointCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  type DBCluster,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  EnableHttpEndpointCommand,
  FailoverDBClusterCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RestoreDBClusterFromSnapshotCommand,
  type RestoreDBClusterFromSnapshotCommandInput,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { seedClusters } from '../../../../infra/local/rds/seed-clusters';
import { type Account, openAccount, refused } from './harness';

const name = 'payments-prod';
const copy = 'payments-copy';

describe('Aurora clusters', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
    seedClusters(account.simulator);
  });
  afterEach(() => account.close());

  const cluster = async (DBClusterIdentifier: string): Promise<DBCluster> =>
    (await account.client.send(new DescribeDBClustersCommand({ DBClusterIdentifier }))).DBClusters?.[0] ?? {};
  const byResource = async (id: string | undefined) => {
    const Filters = [{ Name: 'db-cluster-resource-id', Values: [id ?? ''] }];
    return (await account.client.send(new DescribeDBClustersCommand({ Filters }))).DBClusters?.[0];
  };
  const restore = (input: Partial<RestoreDBClusterFromSnapshotCommandInput> = {}) =>
    account.client.send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: copy,
        SnapshotIdentifier: 'payments-prod-before-release-9',
        Engine: 'aurora-postgresql',
        EngineVersion: '16.4',
        ...input,
      }),
    );
  const addMember = (DBInstanceIdentifier: string, more: object = {}) =>
    account.client.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        DBClusterIdentifier: copy,
        Engine: 'aurora-postgresql',
        DBInstanceClass: 'db.r6g.large',
        ...more,
      }),
    );
  const rename = (from: string, to: string, ApplyImmediately = true) =>
    account.client.send(
      new ModifyDBClusterCommand({ DBClusterIdentifier: from, NewDBClusterIdentifier: to, ApplyImmediately }),
    );

  test('a restored cluster has no members, no tags and the defaults of AWS (API: RestoreDBClusterFromSnapshot)', async () => {
    const original = await cluster(name);
    const { DBCluster: answer } = await restore();
    expect(answer?.Status).toBe('creating');
    expect(answer?.EarliestRestorableTime).toBeUndefined();
    await account.seconds(481);
    const naive = await cluster(copy);
    expect(naive).toMatchObject({
      Status: 'available',
      DBClusterMembers: [],
      TagList: [],
      AssociatedRoles: [],
      CustomEndpoints: [],
      BackupRetentionPeriod: 14,
      Port: 5433,
      DBClusterParameterGroup: 'default.aurora-postgresql16',
      IAMDatabaseAuthenticationEnabled: false,
      EnabledCloudwatchLogsExports: [],
      DeletionProtection: false,
      HttpEndpointEnabled: false,
      CopyTagsToSnapshot: false,
      DatabaseInsightsMode: 'standard',
      StorageType: 'aurora',
      KmsKeyId: original.KmsKeyId,
      MasterUsername: 'payments_admin',
    });
    expect(naive.EarliestRestorableTime).toBeInstanceOf(Date);
    expect(naive.ServerlessV2ScalingConfiguration).toBeUndefined();
    expect(naive.DbClusterResourceId).not.toBe(original.DbClusterResourceId);
  });

  test('what is passed comes back', async () => {
    const { TagList: Tags } = await cluster(name);
    await restore({
      Port: 5444,
      DBClusterParameterGroupName: 'payments-aurora16',
      EnableIAMDatabaseAuthentication: true,
      EnableCloudwatchLogsExports: ['postgresql'],
      CopyTagsToSnapshot: true,
      StorageType: 'aurora-iopt1',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
      Tags,
    });
    expect(await cluster(copy)).toMatchObject({
      Port: 5444,
      DBClusterParameterGroup: 'payments-aurora16',
      IAMDatabaseAuthenticationEnabled: true,
      EnabledCloudwatchLogsExports: ['postgresql'],
      CopyTagsToSnapshot: true,
      StorageType: 'aurora-iopt1',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16 },
      TagList: Tags,
    });
  });

  test('without a version it takes the newest of the engine; an earlier one is refused (API: EngineVersion)', async () => {
    await restore({ DBClusterIdentifier: 'newest', EngineVersion: undefined });
    expect((await cluster('newest')).EngineVersion).toBe('16.8');
    const refusal = await refused(restore({ EngineVersion: '15.10' }));
    expect(refusal).toMatchObject({ name: 'InvalidParameterCombination' });
    expect(refusal.message).toContain('is earlier than the engine version of the DB cluster snapshot (16.4)');
  });

  test('members are made when the cluster is available; the first one writes (API: CreateDBInstance)', async () => {
    await restore();
    expect((await refused(addMember('copy-1'))).name).toBe('InvalidDBClusterStateFault');
    await account.seconds(481);
    await addMember('copy-1', { PromotionTier: 0 });
    await addMember('copy-2', { PromotionTier: 5 });
    // Available says nothing about members that are still being made.
    expect((await cluster(copy)).Status).toBe('available');
    expect((await account.database('copy-1')).DBInstanceStatus).toBe('creating');
    await account.seconds(301);
    expect(await account.database('copy-1')).toMatchObject({
      DBInstanceStatus: 'available',
      DBClusterIdentifier: copy,
    });
    expect((await cluster(copy)).DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'copy-1', IsClusterWriter: true, PromotionTier: 0 },
      { DBInstanceIdentifier: 'copy-2', IsClusterWriter: false, PromotionTier: 5 },
    ]);
  });

  test.each([
    ['a cluster that is not there', { DBClusterIdentifier: 'nowhere' }, 'DBClusterNotFoundFault'],
    ['another engine', { Engine: 'aurora-mysql' }, 'InvalidParameterCombination'],
    ['what the cluster decides', { BackupRetentionPeriod: 3 }, 'InvalidParameterCombination'],
    ['serverless without its capacity', { DBInstanceClass: 'db.serverless' }, 'InvalidParameterCombination'],
    ['a group of another family', { DBParameterGroupName: 'orders-postgres16' }, 'InvalidParameterCombination'],
  ])('a member is refused with %s', async (_what, more, error) => {
    await restore();
    await account.seconds(481);
    expect((await refused(addMember('copy-1', more))).name).toBe(error);
  });

  test('a rename keeps the members’ names and the resource id (Aurora User Guide: Modifying a DB cluster)', async () => {
    const before = await cluster(name);
    const { DBCluster: answer } = await rename(name, 'payments-old');
    expect(answer).toMatchObject({
      Status: 'available',
      PendingModifiedValues: { DBClusterIdentifier: 'payments-old' },
    });
    await account.seconds(15);
    expect((await cluster(name)).Status).toBe('renaming');
    await account.seconds(58);
    expect((await refused(cluster(name))).name).toBe('DBClusterNotFoundFault');
    expect((await refused(cluster('payments-old'))).name).toBe('DBClusterNotFoundFault');
    expect((await byResource(before.DbClusterResourceId))?.DBClusterIdentifier).toBe('payments-old');
    await account.seconds(10);
    const after = await cluster('payments-old');
    expect(after).toMatchObject({
      Status: 'available',
      DbClusterResourceId: before.DbClusterResourceId,
      PendingModifiedValues: {},
    });
    expect(after.Endpoint).toMatch(/^payments-old\.cluster-/);
    expect(after.DBClusterMembers?.map((each) => each.DBInstanceIdentifier)).toEqual([
      'payments-prod-1',
      'payments-prod-2',
      'payments-prod-3',
    ]);
    expect((await account.database('payments-prod-1')).DBClusterIdentifier).toBe('payments-old');
    expect(account.events.map((event) => event.detail.EventID)).toContain('RDS-EVENT-0172');
  });

  test('cluster names and instance names do not collide; a taken cluster name is refused', async () => {
    await rename(name, 'orders-prod');
    await account.seconds(100);
    await restore();
    await account.seconds(481);
    expect((await refused(rename(copy, 'orders-prod'))).name).toBe('DBClusterAlreadyExistsFault');
    await rename(copy, name);
    await account.seconds(100);
    expect((await cluster(name)).DBClusterMembers).toEqual([]);
  });

  test('renaming a member shows in its cluster', async () => {
    await account.client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'payments-prod-2',
        NewDBInstanceIdentifier: 'payments-old-2',
        ApplyImmediately: true,
      }),
    );
    await account.seconds(200);
    expect((await cluster(name)).DBClusterMembers?.map((each) => each.DBInstanceIdentifier)).toEqual([
      'payments-prod-1',
      'payments-old-2',
      'payments-prod-3',
    ]);
  });

  test('a failover moves the writer', async () => {
    await account.client.send(new FailoverDBClusterCommand({ DBClusterIdentifier: name }));
    expect((await cluster(name)).Status).toBe('failing-over');
    await account.seconds(31);
    expect((await cluster(name)).DBClusterMembers).toMatchObject([
      { DBInstanceIdentifier: 'payments-prod-1', IsClusterWriter: false },
      { DBInstanceIdentifier: 'payments-prod-2', IsClusterWriter: true },
      { DBInstanceIdentifier: 'payments-prod-3', IsClusterWriter: false },
    ]);
  });

  test('what is only reached afterwards: roles, endpoints, Data API, insights', async () => {
    await restore({ EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 465 });
    await account.seconds(481);
    const { client } = account;
    const modify = (input: object) =>
      client.send(new ModifyDBClusterCommand({ DBClusterIdentifier: copy, ApplyImmediately: true, ...input }));
    await modify({
      DatabaseInsightsMode: 'advanced',
      DeletionProtection: true,
      PreferredMaintenanceWindow: 'mon:01:00-mon:02:00',
    });
    await account.seconds(200);
    const role = {
      DBClusterIdentifier: copy,
      RoleArn: 'arn:aws:iam::123456789012:role/payments-s3',
      FeatureName: 's3Export',
    };
    await client.send(new AddRoleToDBClusterCommand(role));
    expect((await refused(client.send(new AddRoleToDBClusterCommand(role)))).name).toBe(
      'DBClusterRoleAlreadyExistsFault',
    );
    const endpoint = { DBClusterIdentifier: copy, EndpointType: 'READER' };
    const create = (DBClusterEndpointIdentifier: string) =>
      client.send(new CreateDBClusterEndpointCommand({ ...endpoint, DBClusterEndpointIdentifier }));
    expect((await refused(create('payments-reporting'))).name).toBe('DBClusterEndpointAlreadyExistsFault');
    expect((await create('copy-reporting')).Endpoint).toMatch(/^copy-reporting\.cluster-custom-/);
    const { DBClusterArn: ResourceArn } = await cluster(copy);
    await client.send(new EnableHttpEndpointCommand({ ResourceArn }));
    await account.seconds(31);
    expect(await cluster(copy)).toMatchObject({
      Status: 'available',
      DatabaseInsightsMode: 'advanced',
      DeletionProtection: true,
      PreferredMaintenanceWindow: 'mon:01:00-mon:02:00',
      HttpEndpointEnabled: true,
      AssociatedRoles: [{ FeatureName: 's3Export', Status: 'ACTIVE' }],
    });
    const { DBClusterEndpoints } = await client.send(
      new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier: copy }),
    );
    expect(DBClusterEndpoints?.map((each) => each.EndpointType)).toEqual(['WRITER', 'READER', 'CUSTOM']);
    expect((await refused(modify({}))).name).toBe('InvalidParameterCombination');
  });

  test('snapshots are of the cluster, not of a member (API: CreateDBClusterSnapshot)', async () => {
    const ofMember = { DBInstanceIdentifier: 'payments-prod-1', DBSnapshotIdentifier: 's' };
    expect((await refused(account.client.send(new CreateDBSnapshotCommand(ofMember)))).name).toBe(
      'InvalidParameterValue',
    );
    await account.client.send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: name, DBClusterSnapshotIdentifier: 'fresh' }),
    );
    await account.seconds(90);
    const list = async () =>
      (
        await account.client.send(
          new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: name, SnapshotType: 'manual' }),
        )
      ).DBClusterSnapshots ?? [];
    expect((await list()).find((each) => each.DBClusterSnapshotIdentifier === 'fresh')).toMatchObject({
      Status: 'creating',
      PercentProgress: 50,
    });
    await account.seconds(91);
    const fresh = (await list()).find((each) => each.DBClusterSnapshotIdentifier === 'fresh');
    expect(fresh).toMatchObject({ Status: 'available', PercentProgress: 100 });
    const { TagList } = await account.client.send(
      new ListTagsForResourceCommand({ ResourceName: fresh?.DBClusterSnapshotArn }),
    );
    expect(TagList).toContainEqual({ Key: 'Team', Value: 'payments' });
  });

  test('a clone is quick and takes the newest data only (API: RestoreDBClusterToPointInTime)', async () => {
    const clone = (more: object) =>
      account.client.send(
        new RestoreDBClusterToPointInTimeCommand({
          DBClusterIdentifier: copy,
          SourceDBClusterIdentifier: name,
          RestoreType: 'copy-on-write',
          ...more,
        }),
      );
    expect((await refused(clone({ RestoreToTime: new Date(account.clock.now()) }))).name).toBe(
      'InvalidParameterCombination',
    );
    await clone({ UseLatestRestorableTime: true });
    await account.seconds(301);
    expect(await cluster(copy)).toMatchObject({ Status: 'available', DBClusterMembers: [] });
  });

  test('a cluster goes after its members, and not while protected (Aurora User Guide: Deleting a DB cluster)', async () => {
    const remove = () =>
      account.client.send(new DeleteDBClusterCommand({ DBClusterIdentifier: name, SkipFinalSnapshot: true }));
    expect((await refused(remove())).message).toContain('Cannot delete protected Cluster');
    await account.client.send(new ModifyDBClusterCommand({ DBClusterIdentifier: name, DeletionProtection: false }));
    expect((await refused(remove())).message).toContain('still contains DB instances in non-deleting state');
    for (const member of ['payments-prod-3', 'payments-prod-2', 'payments-prod-1']) {
      await account.client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: member, SkipFinalSnapshot: true }));
    }
    await remove();
    await account.seconds(200);
    expect((await refused(cluster(name))).name).toBe('DBClusterNotFoundFault');
    expect(account.simulator.snapshotOfWorld().clusters.map((each) => each.name)).not.toContain(name);
  });

  test('a failed restore stays, to be looked at', async () => {
    account.faults.arm({
      service: 'rds',
      operation: 'RestoreDBClusterFromSnapshot',
      kind: 'ends-in',
      status: 'incompatible-restore',
    });
    await restore();
    await account.seconds(500);
    expect((await cluster(copy)).Status).toBe('incompatible-restore');
  });

  test('armed refusals are worded for clusters', async () => {
    account.faults.arm({ service: 'rds', kind: 'wrong-state' });
    expect((await refused(rename(name, 'x'))).name).toBe('InvalidDBClusterStateFault');
    account.faults.arm({ service: 'rds', kind: 'not-found' });
    expect((await refused(restore())).name).toBe('DBClusterSnapshotNotFoundFault');
  });
});
