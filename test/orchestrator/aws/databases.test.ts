import { CreateDBClusterSnapshotCommand, CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { seedClusters } from '../../../infra/local/rds/seed-clusters';
import { RdsDatabases } from '../../../orchestrator/aws/databases';
import { type Account, openAccount } from '../../infra/local/rds/harness';

/** The adapter before a simulated account, through the real SDK client. */
let account: Account;
let databases: RdsDatabases;
let calls: string[];
beforeEach(async () => {
  account = await openAccount({ quotaManualSnapshots: 1000, snapshotSeconds: 0 });
  seedClusters(account.simulator);
  databases = new RdsDatabases(account.client, account.clock);
  calls = [];
  account.client.middlewareStack.add(
    (next, context) => (args) => {
      calls.push(String(context.commandName));
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterEach(() => account.close());

test('a thousand runs that wait for their snapshots cost a describe for each hundred, of either kind', async () => {
  const ids: string[] = [];
  for (let number = 0; number < 120; number += 1) {
    ids.push(`of-orders-${number}`);
    await account.client.send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders-staging', DBSnapshotIdentifier: ids.at(-1) }),
    );
    await account.seconds(1);
  }
  const ofCluster = 'tickets-safety';
  await account.client.send(
    new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: 'tickets-staging',
      DBClusterSnapshotIdentifier: ofCluster,
    }),
  );
  const orders = (await databases.find('orders-staging'))?.resourceId ?? '';
  calls.length = 0;

  await databases.prefetch([...ids, ofCluster, 'not-there-yet', orders]);
  const asked = calls.splice(0).sort();
  const found = await Promise.all([...ids, ofCluster].map((id) => databases.snapshot(id)));

  expect(asked).toEqual([
    'DescribeDBClusterSnapshotsCommand',
    'DescribeDBClusterSnapshotsCommand',
    'DescribeDBInstancesCommand',
    'DescribeDBSnapshotsCommand',
    'DescribeDBSnapshotsCommand',
  ]);
  expect(found.map((one) => one?.id)).toEqual([...ids, ofCluster]);
  expect(found.at(-1)?.kind).toBe('cluster');
  expect(await databases.snapshot('not-there-yet')).toBeUndefined();
  expect((await databases.byResourceId(orders))?.name).toBe('orders-staging');
  expect(calls).toEqual([]);

  await account.seconds(6);
  await databases.snapshot(ofCluster);
  expect(calls).toEqual(['DescribeDBSnapshotsCommand', 'DescribeDBClusterSnapshotsCommand']);
});
