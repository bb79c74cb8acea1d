import { resolve } from 'node:path';
import { DeleteDBInstanceCommand, DeleteDBSnapshotCommand } from '@aws-sdk/client-rds';
import { Drive } from './drive';
import { quick } from './quick';

/** Runs that only take a snapshot: what is kept beside it, and how long it is kept. */
let drive: Drive;
afterEach(() => drive.close());

const policyFile = resolve(__dirname, 'policy-retention.yml');
const ids = () => drive.snapshots().map(({ id }) => id);

async function taken(database = 'orders-staging'): Promise<string> {
  const ana = drive.as('ana');
  await ana.command(`snapshot ${database}`);
  const run = await ana.fillRestore({ reason: 'before the migration' });
  await drive.until(run, (one) => one.closedAt !== undefined, 2);
  await drive.settle();
  return run;
}

test('a snapshot is taken, with its progress, and nothing else is touched', async () => {
  drive = await Drive.start(quick);
  const world = drive.databases();
  const run = await taken();

  const id = `orders-staging-snapshot-trapheus-${run}`;
  const record = drive.run(run);
  expect(record).toMatchObject({ status: 'succeeded', facts: { freshSnapshot: { id } }, leftovers: [] });
  expect(drive.snapshots().find((one) => one.id === id)).toMatchObject({ status: 'available' });
  expect(drive.history.some((one) => (one.steps.snapshot?.percent ?? 0) > 0)).toBe(true);
  expect(drive.databases()).toEqual(world);
  const card = await drive.card(run);
  expect(card).toContain('Snapshot taken: orders-staging');
  expect(card).not.toMatch(/Swap|Restore a copy/);
  expect((await drive.thread(run)).at(-1)).toContain(`snapshot \`${id}\` of \`orders-staging\` is available`);
  expect(drive.executions(run)).toEqual([{ name: run, status: 'SUCCEEDED' }]);
  // The next one may begin: the lock is free.
  await taken();
});

test('those past their retention go when the new one is there, and never one of somebody else', async () => {
  drive = await Drive.start({ ...quick, policyFile });
  const others = ids();
  const runs = [await taken(), await taken(), await taken()];

  const ours = ids().filter((id) => !others.includes(id));
  expect(ours.sort()).toEqual(
    runs
      .slice(1)
      .map((run) => `orders-staging-snapshot-trapheus-${run}`)
      .sort(),
  );
  expect(ids()).toEqual(expect.arrayContaining(others));
  expect(drive.run(runs[2] ?? '').facts.pruned).toEqual([`orders-staging-snapshot-trapheus-${runs[0]}`]);
  expect(await drive.card(runs[2] ?? '')).toContain('Past their retention and deleted');
});

test('one that somebody deleted keeps no place: as many good ones stay as policy.yml says', async () => {
  drive = await Drive.start({ ...quick, policyFile });
  const first = await taken();
  const second = await taken();
  const [one, two] = [first, second].map((run) => `orders-staging-snapshot-trapheus-${run}`);
  await drive.rds().send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: two }));

  const third = await taken();

  expect(ids()).toContain(one);
  expect(drive.run(third).facts.pruned).toBeUndefined();
});

test('one that cannot be taken fails, and the older ones stay', async () => {
  drive = await Drive.start({ ...quick, policyFile });
  const first = await taken();
  await taken();
  const before = ids();
  drive.arm({ service: 'rds', operation: 'CreateDBSnapshot', kind: 'ends-in', status: 'failed', times: 1 });

  const run = await taken();

  expect(drive.run(run).status).toBe('failed');
  expect(ids()).toEqual(expect.arrayContaining(before));
  expect(before).toContain(`orders-staging-snapshot-trapheus-${first}`);
});

test('whose retention cannot be kept succeeds, and says what is left', async () => {
  drive = await Drive.start({ ...quick, policyFile });
  const first = await taken();
  await taken();
  drive.arm({ service: 'rds', operation: 'DeleteDBSnapshot', kind: 'access-denied', times: 1000 });

  const run = await taken();

  expect(drive.run(run)).toMatchObject({
    status: 'succeeded',
    leftovers: [{ what: 'snapshot', name: `orders-staging-snapshot-trapheus-${first}` }],
  });
});

test('a database that is gone comes back as a clone, with the settings kept beside its snapshot', async () => {
  drive = await Drive.start(quick);
  const taking = await taken();
  const gone = drive.database('orders-staging');
  await drive
    .rds()
    .send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'orders-staging', SkipFinalSnapshot: true }));
  await drive.settle(300);
  expect(drive.database('orders-staging')).toBeUndefined();

  const ana = drive.as('ana');
  await ana.command('clone orders-staging orders-again');
  const run = await ana.fillRestore({ reason: 'somebody deleted it' });
  await drive.until(run, 'waiting', 1);
  expect(await drive.card(run)).toMatch(/is gone: the settings are those that were kept with/);
  await drive.click('ben', run, 'approve');
  const record = await drive.until(run, 'succeeded');

  const back = drive.database('orders-again');
  expect(back?.restoredFrom).toContain(`orders-staging-snapshot-trapheus-${taking}`);
  expect(back).toMatchObject({ class: gone?.class });
  expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
});
