import {
  CreateDBInstanceCommand,
  DeregisterDBProxyTargetsCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxyTargetsCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { Knobs } from '../../../../infra/local/rds/knobs';
import { type Account, openAccount, refused } from './harness';

function rename(account: Account, from: string, to: string, ApplyImmediately = true) {
  return account.client.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately }),
  );
}

async function statusOf(account: Account, name: string): Promise<string | undefined> {
  try {
    return (await account.database(name)).DBInstanceStatus;
  } catch (error) {
    if (error instanceof Error) return error.name;
    throw error;
  }
}

const gone = 'DBInstanceNotFoundFault';

describe('a rename (User Guide: Renaming a DB instance)', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  test('passes through the states in which a wait by name goes wrong (boto3 #609, #2613)', async () => {
    const before = await account.database('orders-prod');
    const { DBInstance: answer } = await rename(account, 'orders-prod', 'Orders-Prod-Old');
    expect(answer).toMatchObject({
      DBInstanceIdentifier: 'orders-prod',
      DBInstanceStatus: 'available',
      PendingModifiedValues: { DBInstanceIdentifier: 'orders-prod-old' },
    });

    const seen: [number, string | undefined, string | undefined, string | undefined][] = [];
    for (const [at, step] of [
      [5, 5],
      [15, 10],
      [45, 30],
      [62, 17],
      [70, 8],
      [130, 60],
    ] as const) {
      await account.seconds(step);
      const found = await account.byResource(before.DbiResourceId);
      seen.push([
        at,
        await statusOf(account, 'orders-prod'),
        await statusOf(account, 'orders-prod-old'),
        found?.DBInstanceStatus,
      ]);
    }
    expect(seen).toEqual([
      [5, 'available', gone, 'available'],
      [15, 'renaming', gone, 'renaming'],
      [45, gone, gone, 'renaming'],
      [62, gone, 'available', 'available'],
      [70, gone, 'rebooting', 'rebooting'],
      [130, gone, 'available', 'available'],
    ]);

    const after = await account.database('orders-prod-old');
    expect(after.DBInstanceArn).toBe('arn:aws:rds:eu-west-1:123456789012:db:orders-prod-old');
    expect(after.Endpoint?.Address).toMatch(/^orders-prod-old\./);
    expect(after.PendingModifiedValues).toEqual({});
    for (const kept of [
      'DbiResourceId',
      'TagList',
      'AssociatedRoles',
      'MasterUserSecret',
      'DBParameterGroups',
    ] as const) {
      expect(after[kept]).toEqual(before[kept]);
    }
  });

  test('a filtered list answers with nothing where a name answers not found (API: DescribeDBInstances)', async () => {
    const Filters = [{ Name: 'db-instance-id', Values: ['nowhere'] }];
    expect((await account.client.send(new DescribeDBInstancesCommand({ Filters }))).DBInstances).toEqual([]);
    expect(await account.byResource('db-NOWHERE')).toBeUndefined();
  });

  test('a name that is taken is refused, and nothing changes (API: DBInstanceAlreadyExistsFault)', async () => {
    expect((await refused(rename(account, 'orders-prod', 'orders-staging'))).name).toBe('DBInstanceAlreadyExistsFault');
    await account.seconds(300);
    expect((await account.database('orders-prod')).PendingModifiedValues).toEqual({});
  });

  test('the old name is free only after a while, and the new one is taken from the start', async () => {
    await rename(account, 'orders-prod', 'orders-prod-old');
    expect((await refused(rename(account, 'orders-staging', 'orders-prod-old'))).name).toBe(
      'DBInstanceAlreadyExistsFault',
    );
    await account.seconds(50);
    expect(await statusOf(account, 'orders-prod')).toBe(gone);
    expect((await refused(rename(account, 'orders-staging', 'orders-prod'))).name).toBe('DBInstanceAlreadyExistsFault');
    await account.seconds(11);
    await rename(account, 'orders-staging', 'orders-prod');
    await account.seconds(200);
    expect((await account.database('orders-prod')).TagList).toContainEqual({ Key: 'Environment', Value: 'staging' });
  });

  test('two names swap, and swap back', async () => {
    const [a, b] = [await account.database('orders-prod'), await account.database('orders-staging')];
    const move = async (from: string, to: string) => {
      await rename(account, from, to);
      await account.seconds(200);
    };
    await move('orders-prod', 'aside');
    await move('orders-staging', 'orders-prod');
    expect((await account.database('orders-prod')).DbiResourceId).toBe(b.DbiResourceId);
    await move('orders-prod', 'orders-staging');
    await move('aside', 'orders-prod');
    expect((await account.database('orders-prod')).DbiResourceId).toBe(a.DbiResourceId);
    expect((await account.database('orders-staging')).DbiResourceId).toBe(b.DbiResourceId);
  });

  test('renaming or rebooting, it takes no other modification (API: InvalidDBInstanceStateFault)', async () => {
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(20);
    expect((await refused(rename(account, 'orders-prod', 'elsewhere'))).name).toBe('InvalidDBInstanceStateFault');
    await account.seconds(43);
    expect(await statusOf(account, 'aside')).toBe('available');
    expect((await refused(rename(account, 'aside', 'orders-prod'))).name).toBe('InvalidDBInstanceStateFault');
    await account.seconds(20);
    expect((await refused(rename(account, 'aside', 'orders-prod'))).name).toBe('InvalidDBInstanceStateFault');
  });

  test('asked again with the same name before it begins, it is the same rename', async () => {
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(3);
    await rename(account, 'orders-prod', 'aside');
    expect((await refused(rename(account, 'orders-prod', 'elsewhere'))).name).toBe('InvalidDBInstanceStateFault');
    await account.seconds(200);
    expect(await statusOf(account, 'aside')).toBe('available');
  });

  test('to the name that it has already: it reboots (CloudFormation RDS handlers, pull request 190)', async () => {
    await rename(account, 'orders-prod', 'orders-prod');
    await account.seconds(15);
    expect(await statusOf(account, 'orders-prod')).toBe('rebooting');
    await account.seconds(60);
    expect(await statusOf(account, 'orders-prod')).toBe('available');
  });

  test('without ApplyImmediately it only waits (API: NewDBInstanceIdentifier)', async () => {
    await rename(account, 'orders-prod', 'later', false);
    await account.seconds(3600);
    expect(await account.database('orders-prod')).toMatchObject({
      DBInstanceStatus: 'available',
      PendingModifiedValues: { DBInstanceIdentifier: 'later' },
    });
  });

  test('read replicas stay with the renamed instance', async () => {
    await rename(account, 'catalog-prod', 'catalog-old');
    await account.seconds(200);
    expect((await account.database('catalog-prod-replica')).ReadReplicaSourceDBInstanceIdentifier).toBe('catalog-old');
    await rename(account, 'catalog-prod-replica', 'moved-replica');
    await account.seconds(200);
    expect((await account.database('catalog-old')).ReadReplicaDBInstanceIdentifiers).toEqual(['moved-replica']);
  });

  test('it restarts the database: waiting parameters come into force', async () => {
    await account.client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'orders-staging',
        DBParameterGroupName: 'orders-postgres16',
      }),
    );
    await account.seconds(200);
    expect((await account.database('orders-staging')).DBParameterGroups?.[0]?.ParameterApplyStatus).toBe(
      'pending-reboot',
    );
    await rename(account, 'orders-staging', 'moved');
    await account.seconds(200);
    expect((await account.database('moved')).DBParameterGroups?.[0]?.ParameterApplyStatus).toBe('in-sync');
  });

  test('an armed fault leaves it renaming for ever', async () => {
    account.faults.arm({ service: 'rds', operation: 'ModifyDBInstance', kind: 'never-ends' });
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(100_000);
    expect(await statusOf(account, 'orders-prod')).toBe('renaming');
  });

  test('a 63-character name is a name, a 64-character one is not', async () => {
    await rename(account, 'orders-staging', 'a'.repeat(63));
    expect((await refused(rename(account, 'orders-prod', 'a'.repeat(64)))).name).toBe('InvalidParameterValue');
  });
});

describe('what AWS does not document about a rename', () => {
  async function during(knobs: Partial<Knobs>, atSeconds: number) {
    const account = await openAccount(knobs);
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(atSeconds);
    const found = account.simulator.snapshotOfWorld().databases.find((each) => each.name === 'aside');
    await account.close();
    return found;
  }

  test('it may flash available before it reboots, with its new endpoint or its old one, or not', async () => {
    expect(await during({}, 62)).toMatchObject({ status: 'available', endpoint: expect.stringMatching(/^aside\./) });
    expect(await during({ renameFlashEndpoint: 'old' }, 62)).toMatchObject({
      status: 'available',
      endpoint: expect.stringMatching(/^orders-prod\./),
    });
    expect(await during({ renameFlashSeconds: 0 }, 62)).toMatchObject({ status: 'rebooting' });
  });

  test('the lags of names are knobs', async () => {
    expect(await during({ renameNewVisibleSeconds: 300 }, 200)).toMatchObject({ answersByName: false });
    expect(await during({ renameOldGoneSeconds: 300, renameNewVisibleSeconds: 320 }, 200)).toBeUndefined();
    const account = await openAccount({ renameOldFreeSeconds: 600 });
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(599);
    const again = () => rename(account, 'orders-staging', 'orders-prod');
    expect((await refused(again())).name).toBe('DBInstanceAlreadyExistsFault');
    await account.seconds(2);
    await again();
    await account.close();
  });

  test.each([
    [false, 'orders-prod'],
    [true, 'aside'],
  ])('snapshots follow the rename: %s', async (snapshotsFollowRename, name) => {
    const account = await openAccount({ snapshotsFollowRename });
    const { DbiResourceId } = await account.database('orders-prod');
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(200);
    const { DBSnapshots } = await account.client.send(
      new DescribeDBSnapshotsCommand({ Filters: [{ Name: 'dbi-resource-id', Values: [DbiResourceId ?? ''] }] }),
    );
    expect(new Set(DBSnapshots?.map((each) => each.DBInstanceIdentifier))).toEqual(new Set([name]));
    await account.close();
  });

  test.each([
    ['name', { RdsResourceId: 'orders-prod', TargetHealth: { State: 'UNAVAILABLE' } }],
    ['resource', { RdsResourceId: 'aside', TargetHealth: { State: 'AVAILABLE' } }],
  ] as const)('a proxy target follows the %s', async (proxyTargetFollows, target) => {
    const account = await openAccount({ proxyTargetFollows });
    await rename(account, 'orders-prod', 'aside');
    await account.seconds(200);
    const { Targets } = await account.client.send(new DescribeDBProxyTargetsCommand({ DBProxyName: 'orders-proxy' }));
    expect(Targets).toMatchObject([target]);
    await account.close();
  });

  test('a target that is not the new database is deregistered, and the new one registered', async () => {
    const account = await openAccount();
    const targets = { DBProxyName: 'orders-proxy', DBInstanceIdentifiers: ['orders-prod'] };
    const register = () => account.client.send(new RegisterDBProxyTargetsCommand(targets));
    expect((await refused(register())).name).toBe('DBProxyTargetAlreadyRegisteredFault');
    await account.client.send(new DeregisterDBProxyTargetsCommand(targets));
    expect((await register()).DBProxyTargets).toMatchObject([{ RdsResourceId: 'orders-prod' }]);
    await account.close();
  });

  test.each([
    ['merge', undefined],
    ['refuse', 'InvalidDBInstanceStateFault'],
  ] as const)('a second Modify while the first still shows available: %s', async (modifyWhileStale, error) => {
    const account = await openAccount({ modifyWhileStale });
    await rename(account, 'orders-staging', 'aside');
    const second = account.client.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'orders-staging', MultiAZ: true, ApplyImmediately: true }),
    );
    if (error !== undefined) expect((await refused(second)).name).toBe(error);
    else {
      await second;
      await account.seconds(400);
      expect(await account.database('aside')).toMatchObject({ MultiAZ: true, DBInstanceStatus: 'available' });
    }
    await account.close();
  });
});

test('a name that a rename has left takes a new database', async () => {
  const account = await openAccount();
  await rename(account, 'legacy-reports', 'aside');
  await account.seconds(200);
  await account.client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'legacy-reports',
      Engine: 'mysql',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: 20,
      MasterUsername: 'admin_user',
      ManageMasterUserPassword: true,
    }),
  );
  await account.seconds(700);
  expect(await account.database('legacy-reports')).toMatchObject({
    DBInstanceStatus: 'available',
    MasterUserSecret: { SecretStatus: 'active' },
  });
  await account.close();
});
