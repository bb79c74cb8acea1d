import {
  CopyDBSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  type DeleteDBInstanceCommandInput,
  DeleteDBSnapshotCommand,
  DescribeAccountAttributesCommand,
  DescribeDBSnapshotsCommand,
  type DescribeDBSnapshotsCommandInput,
  ModifyDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { type Account, openAccount, refused } from './harness';

describe('DeleteDBInstance', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const remove = (name: string, input: Partial<DeleteDBInstanceCommandInput> = { SkipFinalSnapshot: true }) =>
    account.client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, ...input }));
  const snapshotsOf = async (DBInstanceIdentifier: string) =>
    (await account.client.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier }))).DBSnapshots ?? [];

  test('is deleting for a while, then not found; manual snapshots survive (User Guide: Deleting a DB instance)', async () => {
    await remove('orders-staging');
    expect((await account.database('orders-staging')).DBInstanceStatus).toBe('deleting');
    expect(await refused(remove('orders-staging'))).toMatchObject({
      name: 'InvalidDBInstanceStateFault',
      message: expect.stringContaining('already being deleted'),
    });
    await account.seconds(181);
    expect((await refused(account.database('orders-staging'))).name).toBe('DBInstanceNotFoundFault');
    expect((await snapshotsOf('orders-staging')).map((each) => each.SnapshotType)).toEqual(['manual', 'manual']);
  });

  test('automated backups are kept on request, and a point in time can still be restored from them', async () => {
    const { DbiResourceId } = await account.database('orders-staging');
    const latest = () =>
      account.client.send(
        new RestoreDBInstanceToPointInTimeCommand({
          SourceDbiResourceId: DbiResourceId,
          TargetDBInstanceIdentifier: 'back',
          UseLatestRestorableTime: true,
        }),
      );
    await remove('orders-staging', { SkipFinalSnapshot: true, DeleteAutomatedBackups: false });
    await account.seconds(181);
    expect((await snapshotsOf('orders-staging')).map((each) => each.SnapshotType)).toContain('automated');
    expect((await latest()).DBInstance?.DBInstanceStatus).toBe('creating');
  });

  test('a protected database is not deleted (API: DeletionProtection)', async () => {
    expect(await refused(remove('orders-prod'))).toEqual({
      name: 'InvalidParameterCombination',
      message: 'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    });
    await account.client.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'orders-prod', DeletionProtection: false }),
    );
    expect((await remove('orders-prod')).DBInstance?.DBInstanceStatus).toBe('deleting');
  });

  test('exactly one of SkipFinalSnapshot and FinalDBSnapshotIdentifier', async () => {
    for (const input of [{}, { SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: 'last' }]) {
      expect((await refused(remove('orders-staging', input))).name).toBe('InvalidParameterCombination');
    }
  });

  test('a final snapshot holds what was there', async () => {
    await remove('orders-staging', { FinalDBSnapshotIdentifier: 'last-of-staging' });
    await account.seconds(500);
    expect(await account.snapshot('last-of-staging')).toMatchObject({
      Status: 'available',
      DBInstanceIdentifier: 'orders-staging',
      SnapshotType: 'manual',
    });
  });

  test('a final snapshot under a taken name, of a replica, or in a failed state is refused (API: SkipFinalSnapshot)', async () => {
    const last = { FinalDBSnapshotIdentifier: 'last' };
    const taken = { FinalDBSnapshotIdentifier: 'orders-prod-monthly' };
    expect((await refused(remove('orders-staging', taken))).name).toBe('DBSnapshotAlreadyExistsFault');
    expect((await refused(remove('catalog-prod-replica', last))).name).toBe('InvalidParameterCombination');
    account.simulator.setStatus('orders-staging', 'incompatible-restore');
    expect((await refused(remove('orders-staging', last))).name).toBe('InvalidDBInstanceStateFault');
    expect((await account.database('orders-staging')).DBInstanceStatus).toBe('incompatible-restore');
    await remove('orders-staging');
  });

  test('replicas of a deleted source are promoted', async () => {
    await remove('catalog-prod');
    await account.seconds(181);
    expect((await account.database('catalog-prod-replica')).ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
  });

  test('a copy that is being created can be deleted, and does not come up any more', async () => {
    await account.client.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: 'copy',
        DBSnapshotIdentifier: 'orders-staging-snapshot',
      }),
    );
    await account.seconds(590);
    await remove('copy');
    await account.seconds(20);
    expect((await account.database('copy')).DBInstanceStatus).toBe('deleting');
    await account.seconds(161);
    expect((await refused(account.database('copy'))).name).toBe('DBInstanceNotFoundFault');
  });

  test('a deletion may never end', async () => {
    account.faults.arm({ service: 'rds', operation: 'DeleteDBInstance', kind: 'never-ends' });
    await remove('legacy-reports');
    await account.seconds(100_000);
    expect((await account.database('legacy-reports')).DBInstanceStatus).toBe('deleting');
  });
});

describe('snapshots', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const create = (name: string, DBInstanceIdentifier = 'orders-staging') =>
    account.client.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier: name, DBInstanceIdentifier }));
  const list = async (input: DescribeDBSnapshotsCommandInput) =>
    (await account.client.send(new DescribeDBSnapshotsCommand(input))).DBSnapshots ?? [];

  test('are listed by instance, resource, type and engine (API: DescribeDBSnapshots)', async () => {
    const { DbiResourceId } = await account.database('billing-prod');
    expect(
      (await list({ DBInstanceIdentifier: 'billing-prod', SnapshotType: 'manual' })).map(
        (each) => each.DBSnapshotIdentifier,
      ),
    ).toEqual(['billing-prod-running', 'billing-prod-year-end']);
    expect(await list({ DbiResourceId, SnapshotType: 'automated' })).toHaveLength(2);
    expect(await list({ Filters: [{ Name: 'engine', Values: ['mariadb'] }] })).toHaveLength(2);
    expect(await list({ DBInstanceIdentifier: 'nowhere' })).toEqual([]);
    expect((await refused(list({ DBSnapshotIdentifier: 'nowhere' }))).name).toBe('DBSnapshotNotFoundFault');
    expect((await list({ SnapshotType: 'shared' })).map((each) => each.DBSnapshotIdentifier)).toEqual([
      'partner-orders-sample',
    ]);
  });

  test('one name, one snapshot; one backup at a time', async () => {
    await create('fresh');
    expect((await refused(create('fresh', 'billing-prod'))).name).toBe('DBSnapshotAlreadyExistsFault');
    expect((await refused(create('second'))).name).toBe('InvalidDBInstanceStateFault');
    await account.seconds(181);
    await create('second');
  });

  test('the quota counts manual snapshots (User Guide: Quotas)', async () => {
    const { AccountQuotas } = await account.client.send(new DescribeAccountAttributesCommand({}));
    const used = AccountQuotas?.find((each) => each.AccountQuotaName === 'ManualSnapshots')?.Used ?? 0;
    account.simulator.knobs.quotaManualSnapshots = used + 1;
    await create('the-last-one');
    expect((await refused(create('one-too-many', 'billing-prod'))).name).toBe('SnapshotQuotaExceededFault');
  });

  test('a snapshot may fail', async () => {
    account.faults.arm({ service: 'rds', operation: 'CreateDBSnapshot', kind: 'ends-in', status: 'failed' });
    await create('broken');
    await account.seconds(181);
    expect((await account.snapshot('broken')).Status).toBe('failed');
    expect((await account.database('orders-staging')).DBInstanceStatus).toBe('available');
  });

  test('a copy may take another key, and takes tags on request (API: CopyDBSnapshot)', async () => {
    const copy = (TargetDBSnapshotIdentifier: string, more: object = {}) =>
      account.client.send(
        new CopyDBSnapshotCommand({
          SourceDBSnapshotIdentifier: 'orders-prod-monthly',
          TargetDBSnapshotIdentifier,
          ...more,
        }),
      );
    await copy('plain');
    await copy('keyed', { KmsKeyId: 'key/7d2a8d2f-2222-4b4b-8c8c-1f1e1d1c1b1a', CopyTags: true });
    expect((await refused(copy('other', { KmsKeyId: 'key/none' }))).name).toBe('KMSKeyNotAccessibleFault');
    await account.seconds(181);
    expect(await account.snapshot('plain')).toMatchObject({ Status: 'available', TagList: [] });
    const keyed = await account.snapshot('keyed');
    expect(keyed.KmsKeyId).toMatch(/7d2a8d2f/);
    expect(keyed.TagList).toHaveLength(6);
  });

  test('manual ones are deleted, automated and unfinished ones are not (API: DeleteDBSnapshot)', async () => {
    const remove = (DBSnapshotIdentifier: string) =>
      account.client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier }));
    await remove('orders-prod-monthly');
    expect((await refused(remove('orders-prod-monthly'))).name).toBe('DBSnapshotNotFoundFault');
    const automated = (await list({ SnapshotType: 'automated' }))[0]?.DBSnapshotIdentifier ?? '';
    expect((await refused(remove(automated))).name).toBe('InvalidDBSnapshotStateFault');
    expect((await refused(remove('billing-prod-running'))).name).toBe('InvalidDBSnapshotStateFault');
  });
});
