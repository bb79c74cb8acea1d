import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { Drive, sunday } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** Where restored data comes from. Chosen and newest snapshots in place are told in restore.test.ts. */
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

const minutes = (count: number) => count * 60_000;
const restoredFrom = (name: string) => drive.database(name)?.restoredFrom;
const targets = [
  ['in place', {}, 'orders-staging'],
  ['as a clone', { target: 'new', name: 'orders-try' }, 'orders-try'],
] as const;

describe('now: a fresh snapshot', () => {
  test.each(targets)('is taken and restored %s', async (_, target, name) => {
    const world = before(drive);
    const run = await drive.requested('orders-staging', { snapshot: '@now', ...target });
    const plan = await drive.card(run);
    expect(plan).toContain('First a fresh snapshot');
    if (name === 'orders-staging') expect(plan).toMatch(/Writes between the fresh snapshot and the swap will be lost/);
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded');

    const id = `orders-staging-snapshot-trapheus-${run}`;
    expect(record.facts.freshSnapshot).toMatchObject({ id });
    expect(restoredFrom(name)).toContain(`:snapshot:${id}`);
    // The fresh one is of the same database and moment: one serves as the safety snapshot too.
    expect(
      drive
        .snapshots()
        .filter((one) => one.id.endsWith(run))
        .map((one) => one.id),
    ).toEqual([id]);
    if (name === 'orders-staging') await holds(drive, run, world);
  });

  test('onto another name: the target has a safety snapshot of its own', async () => {
    const run = await drive.requested('orders-staging', { snapshot: '@now', target: 'onto', name: 'orders-prod' });
    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'approve');
    await drive.until(run, 'succeeded');

    const taken = drive.snapshots().filter((one) => one.id.endsWith(run));
    expect(taken.map((one) => one.id).sort()).toEqual([
      `orders-prod-safety-trapheus-${run}`,
      `orders-staging-snapshot-trapheus-${run}`,
    ]);
    expect(restoredFrom('orders-prod')).toContain(`orders-staging-snapshot-trapheus-${run}`);
  });
});

describe('a point in time', () => {
  test.each(targets)('is restored %s', async (_, target, name) => {
    const world = before(drive);
    const original = drive.database('orders-staging')?.resourceId;
    const at = sunday - minutes(90);
    const run = await drive.requested('orders-staging', { snapshot: '@time', at, ...target });
    expect(await drive.card(run)).toContain('2026-11-22 08:30 UTC');
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded');

    expect(record.plan?.source).toMatchObject({ kind: 'time', at, resourceId: original });
    expect(restoredFrom(name)).toContain(':db:orders-staging');
    expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    if (name === 'orders-staging') await holds(drive, run, world);
  });

  test('onto another name', async () => {
    const at = sunday - minutes(90);
    const run = await drive.requested('orders-staging', { snapshot: '@time', at, target: 'onto', name: 'orders-prod' });
    await drive.click('ben', run, 'approve');
    await drive.click('chloe', run, 'approve');
    await drive.until(run, 'succeeded');

    expect(restoredFrom('orders-prod')).toContain(':db:orders-staging');
  });

  test.each([
    ['before the window', -minutes(60 * 24 * 30), /only to a moment from 2026-11-19 .* to 2026-11-22 09:5/],
    ['not restorable yet', -minutes(1), /only to a moment from/],
  ])('%s is refused under its field, with the window', async (_, offset, says) => {
    const world = drive.databases();
    const ana = drive.as('ana');
    await ana.command('restore orders-staging');

    const answer = await ana.tryRestore({ snapshot: '@time', at: sunday + offset, reason: 'x' });

    expect(answer.errors?.at).toMatch(says);
    expect(drive.databases()).toEqual(world);
  });

  test('of a database without automated backups is refused', async () => {
    await drive.rds().send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'orders-staging',
        BackupRetentionPeriod: 0,
        ApplyImmediately: true,
      }),
    );
    await drive.settle(120);
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --at "2026-11-22 09:00"');

    const answer = await ana.tryRestore({ reason: 'x' });

    expect(answer.errors?.at).toMatch(/automated backups are off/);
  });
});

describe('a snapshot of another major version', () => {
  const other = 'inventory-dev-fixtures';

  test('needs an explicit yes, and then gets the default groups', async () => {
    const world = before(drive);
    const ana = drive.as('ana');
    await ana.command(`restore orders-staging --snapshot ${other}`);
    const asked = await ana.tryRestore({ reason: 'old fixtures' });
    expect(JSON.stringify(asked.view)).toContain('another major version than orders-staging');
    expect(drive.sandbox.runs.size).toBe(0);

    const answer = await ana.send({ 'other-version': { 'other-version': ['yes'] }, reason: { reason: 'fixtures' } });
    const run = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.stringify(answer.view))?.[0] ?? '';
    await drive.until(run, 'waiting', 1);
    expect(await drive.card(run)).toMatch(/gets RDS’s default groups/);
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded');

    const groups = record.facts.report?.filter(({ setting }) => setting === 'parameterGroup');
    expect(groups).toMatchObject([
      { verdict: 'on-purpose', wanted: 'staging-postgres16', actual: 'default.postgres15' },
    ]);
    await holds(drive, run, world);
  });

  test('does not go onto another database', async () => {
    const ana = drive.as('ana');
    await ana.command(`restore orders-staging --snapshot ${other} --onto orders-prod`);

    const answer = await ana.tryRestore({ reason: 'x' });

    expect(JSON.stringify(answer.errors)).toMatch(/Clone it under a new name/);
  });
});

test('a chosen snapshot becomes a clone', async () => {
  const given = { snapshot: 'orders-staging-known-good', target: 'new', name: 'orders-try' } as const;
  const run = await drive.approved('orders-staging', given);
  await drive.until(run, 'succeeded');

  expect(restoredFrom('orders-try')).toContain(':snapshot:orders-staging-known-good');
});
