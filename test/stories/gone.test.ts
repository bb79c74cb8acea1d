import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { settingsOf } from './described';
import { Drive } from './drive';
import { quick } from './quick';

/** A database is deleted, by hand or by mistake, and comes back under its own name from a snapshot that a run has taken. */
jest.setTimeout(180_000);
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 60, memberCreateSeconds: 40, clusterRenameSeconds: 30 },
  });
});
afterEach(() => drive.close());

async function snapshotTaken(database: string): Promise<string> {
  const ana = drive.as('ana');
  await ana.command(`snapshot ${database}`);
  const run = await ana.fillRestore({ reason: 'before the clean-up' });
  const { facts } = await drive.until(run, (one) => one.closedAt !== undefined, 2);
  return facts.freshSnapshot?.id ?? '';
}

const instance = async (DBInstanceIdentifier: string) => {
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return DBInstances?.[0];
};
const cluster = async (DBClusterIdentifier: string) => {
  const { DBClusters } = await drive.rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier] }];
  const { DBInstances = [] } = await drive.rds().send(new DescribeDBInstancesCommand({ Filters }));
  const { DBClusterEndpoints } = await drive.rds().send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
  return { cluster: DBClusters?.[0], members: DBInstances, endpoints: DBClusterEndpoints };
};

async function deleteInstance(DBInstanceIdentifier: string): Promise<void> {
  await drive.rds().send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  await drive.settle(300);
  expect(drive.database(DBInstanceIdentifier)).toBeUndefined();
}

/** As somebody does who does not remember the name: the form offers what is gone. */
async function chosenInForm(database: string, snapshot = 'newest'): Promise<string> {
  const ana = drive.as('ana');
  await ana.command('restore');
  const run = await ana.fillRestore({ database, snapshot, reason: 'somebody deleted it' });
  await drive.until(run, 'waiting', 1);
  return run;
}

test('an instance: the form offers it, the plan says what is special, and every setting is back under its name', async () => {
  const before = await instance('orders-staging');
  const snapshot = await snapshotTaken('orders-staging');
  await deleteInstance('orders-staging');

  const run = await chosenInForm('orders-staging');
  const card = await drive.card(run);
  expect(card).toContain('is gone: the settings are those that were kept with');
  expect(card).toContain('under which nobody answers now');
  expect(card).not.toMatch(/Undo brings it back|nobody answers under `orders-staging` for about/);
  await drive.click('ben', run, 'approve');
  const record = await drive.ended(run);

  expect(record).toMatchObject({ status: 'succeeded', leftovers: [] });
  const after = await instance('orders-staging');
  expect(after?.DbiResourceId).toBe(record.facts.copy?.resourceId);
  expect(drive.database('orders-staging')?.restoredFrom).toContain(snapshot);
  expect(before && after && settingsOf(after)).toEqual(before && settingsOf(before));
  // It stays: no tag of the run, no end of its time, nothing to undo.
  expect(drive.database('orders-staging')?.tags['trapheus:run']).toBeUndefined();
  expect(await drive.card(run)).toContain('Restored: orders-staging');
  expect(drive.buttons(run)).toEqual([]);
  expect((await drive.thread(run)).join('\n')).toContain('`orders-staging` is back');
  expect(drive.databases().filter(({ name }) => name.includes(run))).toEqual([]);
  expect(drive.executions(run)).toEqual([{ name: run, status: 'SUCCEEDED' }]);
});

test('a cluster: its members have their own names again, and its custom endpoints are there', async () => {
  const name = 'tickets-staging';
  const before = await cluster(name);
  await snapshotTaken(name);
  const rds = drive.rds();
  await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: name, DeletionProtection: false }));
  await drive.settle(60);
  for (const { DBInstanceIdentifier } of before.members.toReversed())
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: name, SkipFinalSnapshot: true }));
  await drive.settle(600);

  const run = await chosenInForm(name);
  await drive.click('ben', run, 'approve');
  const record = await drive.ended(run);

  expect(record).toMatchObject({ status: 'succeeded', leftovers: [] });
  const after = await cluster(name);
  expect(after.cluster?.DbClusterResourceId).toBe(record.facts.copy?.resourceId);
  const names = (all: typeof before) => all.members.map((one) => one.DBInstanceIdentifier).sort();
  expect(names(after)).toEqual(names(before));
  const writer = (all: typeof before) => all.cluster?.DBClusterMembers?.find((one) => one.IsClusterWriter);
  expect(writer(after)?.DBInstanceIdentifier).toBe(writer(before)?.DBInstanceIdentifier);
  expect(after.endpoints?.map((one) => one.DBClusterEndpointIdentifier)).toEqual(
    before.endpoints?.map((one) => one.DBClusterEndpointIdentifier),
  );
  expect(after.cluster?.DeletionProtection).toBe(before.cluster?.DeletionProtection);
  expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
});

test('from an automated snapshot too, with the settings that were last kept', async () => {
  const kept = await snapshotTaken('orders-staging');
  await deleteInstance('orders-staging');

  const run = await chosenInForm('orders-staging', 'orders-staging-known-good');

  expect(await drive.card(run)).toContain(`kept with ${kept}`);
  await drive.click('ben', run, 'approve');
  expect((await drive.until(run, 'succeeded')).facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual(
    [],
  );
});

test('somebody makes a database of that name meanwhile: nothing of it is touched, and nothing is left', async () => {
  await snapshotTaken('orders-staging');
  await deleteInstance('orders-staging');
  const run = await chosenInForm('orders-staging');
  await drive.click('ben', run, 'approve');
  await drive.until(run, (one) => one.steps.verify !== undefined);
  const made = await drive.rds().send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: 'orders-staging',
      DBSnapshotIdentifier: 'orders-staging-known-good',
    }),
  );

  const record = await drive.ended(run);

  expect(record.status).toBe('failed');
  expect(await drive.card(run)).toMatch(/`?orders-staging`? .*taken by another database/);
  expect((await instance('orders-staging'))?.DbiResourceId).toBe(made.DBInstance?.DbiResourceId);
  expect(drive.databases().filter(({ name }) => name.includes(run))).toEqual([]);
});

test('one that left no settings is refused, and says why', async () => {
  await deleteInstance('orders-staging');
  const ana = drive.as('ana');

  const answer = await ana.command('restore orders-staging');
  const told = answer.ephemeral.length > 0 ? answer.ephemeral : await ana.tryRestore({ reason: 'x' });

  expect(JSON.stringify(told)).toMatch(/no database named orders-staging|settings were kept/);
  expect(drive.sandbox.runs.size).toBe(0);
});
