import { resolve } from 'node:path';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { settingsOf } from './described';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** RDS backs a restored database up at once, which can take hours. */
let drive: Drive;
afterEach(() => drive.close());

const policyFile = resolve(__dirname, 'policy-backup.yml');
const described = async (DBInstanceIdentifier: string) => {
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  if (!DBInstances?.[0]) throw new Error(`${DBInstanceIdentifier} is not there`);
  return DBInstances[0];
};

test('the swap waits for it, however long it takes, and the card says why', async () => {
  drive = await Drive.start({ ...quick, knobs: { ...quick.knobs, baselineBackupSeconds: 1800 } });
  const world = before(drive);
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.steps['match-settings']?.note?.includes('first backup') ?? false);

  await drive.settle(1200);

  expect(await drive.card(run)).toMatch(/taking its first backup, as RDS does after a restore/);
  expect(drive.run(run)).toMatchObject({ status: 'running', at: { step: 'match-settings' } });
  // The copy has had its retention from the very call that made it.
  const { DBInstances = [] } = await drive.rds().send(new DescribeDBInstancesCommand({}));
  const copy = DBInstances.find((one) => one.DBInstanceIdentifier?.endsWith(`-trapheus-${run}`));
  expect(copy).toMatchObject({ DBInstanceStatus: 'backing-up', BackupRetentionPeriod: 3 });
  await drive.until(run, 'succeeded');
  await holds(drive, run, world);
});

test('where policy.yml allows it, it is made after the swap: said before, and timed as an outage', async () => {
  drive = await Drive.start({ ...quick, policyFile, knobs: { ...quick.knobs, baselineBackupSeconds: 1800 } });
  const world = before(drive);
  const original = await described('orders-staging');
  const run = await drive.requested('orders-staging');
  expect(await drive.card(run)).toMatch(/first backup is made after the swap: AWS documents a second outage/);
  await drive.click('ben', run, 'approve');
  const swapping = await drive.until(run, (one) => one.steps.swap !== undefined);
  expect(drive.database(swapping.facts.copy?.name ?? '')?.status).toBe('available');
  expect(await described(swapping.facts.copy?.name ?? '')).toMatchObject({ BackupRetentionPeriod: 0 });

  const record = await drive.until(run, 'succeeded', 2);

  const after = await described('orders-staging');
  expect(after).toMatchObject({ BackupRetentionPeriod: 3, DBInstanceStatus: 'backing-up' });
  const { DBInstanceStatus: _, ...settings } = settingsOf(after) as Record<string, unknown>;
  const { DBInstanceStatus: __, ...wanted } = settingsOf(original) as Record<string, unknown>;
  expect(settings).toEqual(wanted);
  expect(record.facts.report?.find(({ setting }) => setting === 'backupRetention')).toMatchObject({ verdict: 'equal' });
  const { startedAt = 0, answeredAt = 0, interruptions = [] } = record.facts.swap ?? {};
  expect(interruptions).toHaveLength(1);
  expect(record.facts.outageSeconds).toBeGreaterThan((answeredAt - startedAt) / 1000);
  expect(drive.database('orders-staging')?.resourceId).toBe(record.facts.copy?.resourceId);
  expect(world.databases.map(({ name }) => name)).toContain('orders-staging');
});

test.each([
  ['catalog-prod', /lets the first backup wait.*read replicas need backups of their source: the swap waits for it/],
  ['tickets-staging', /a cluster keeps backups for one day at least: the swap waits for it/],
])('%s cannot be without, and the plan says so', async (name, says) => {
  drive = await Drive.start({ ...quick, policyFile });

  const run = await drive.requested(name);

  expect(drive.run(run).plan?.firstBackup).toBeUndefined();
  expect(await drive.card(run)).toMatch(says);
});
