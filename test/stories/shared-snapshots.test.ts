import { clusterSnapshotOf } from '../../infra/local/rds/cluster-snapshots';
import type { Snapshot } from '../../infra/local/rds/instance';
import { rdsArn } from '../../infra/local/rds/naming';
import { snapshotOf } from '../../infra/local/rds/snapshots';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** Snapshots that the database’s own account has not taken by itself: AWS Backup’s, and other accounts’. */
jest.setTimeout(180_000);
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, copySnapshotSeconds: 60, clusterRestoreSeconds: 60, memberCreateSeconds: 40 },
  });
});
afterEach(() => drive.close());

const name = 'orders-staging';
const partner = { region: 'eu-west-1', accountId: '210987654321' };
const world = () => drive.sandbox.rds.world;

/** What another account shares of a database like this one. */
function shared(id: string, view: Partial<Snapshot['view']> = {}): string {
  const snapshot = snapshotOf(world(), world().instance(name), id, 'manual');
  const arn = rdsArn({ ...partner, region: world().region }, 'snapshot', id);
  const at = new Date(drive.sandbox.clock.now() - 3_600_000);
  Object.assign(snapshot.view, { DBSnapshotArn: arn, SnapshotType: 'shared', DBInstanceIdentifier: 'partner-orders' });
  Object.assign(snapshot.view, { SnapshotCreateTime: at, DbiResourceId: 'db-PARTNER', ...view });
  world().addSnapshot(snapshot);
  return arn;
}
const keyOf = (key: string) => `arn:aws:kms:${world().region}:${partner.accountId}:${key}`;

test('an AWS Backup recovery point is offered, and restored in place', async () => {
  const id = 'awsbackup:job-6f1d2c3b-4a59-4867-8f0e-1d2c3b4a5948';
  const snapshot = snapshotOf(world(), world().instance(name), id, 'manual');
  const at = new Date(drive.sandbox.clock.now() - 7_200_000);
  Object.assign(snapshot.view, { SnapshotType: 'awsbackup', SnapshotCreateTime: at });
  world().addSnapshot(snapshot);
  const everything = before(drive);

  const run = await drive.approved(name, { snapshot: id });
  const record = await drive.until(run, 'succeeded');

  expect(record.plan?.source).toMatchObject({ kind: 'snapshot', snapshot: id, type: 'awsbackup' });
  expect(drive.database(name)?.restoredFrom).toContain(`:snapshot:${id}`);
  await holds(drive, run, everything);
});

test('another account’s snapshot that is not encrypted is found by its ARN and restored as it is', async () => {
  const arn = shared('partner-open');
  const run = await drive.approved(name, { snapshot: arn });
  const record = await drive.until(run, 'succeeded');

  expect(record.plan?.steps).not.toContain('copy-snapshot');
  expect(drive.database(name)?.restoredFrom).toBe(arn);
});

describe('another account’s snapshot that is encrypted with a key it shares', () => {
  const encrypted = () =>
    shared('partner-sealed', { Encrypted: true, StorageEncryptionType: 'sse-kms', KmsKeyId: keyOf('key/partner') });

  test('is copied under a key of this account first; the copy is named and stays', async () => {
    const arn = encrypted();
    const everything = before(drive);
    const run = await drive.requested(name, { snapshot: arn });
    const id = `${name}-shared-trapheus-${run}`;
    expect(await drive.card(run)).toContain(`a copy of it under a key of this account, ${id}, is made first`);
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded');

    expect(drive.database(name)?.restoredFrom).toContain(`:snapshot:${id}`);
    expect(drive.snapshots().find((one) => one.id === id)).toMatchObject({ status: 'available' });
    expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(await drive.card(run)).toContain(id);
    await holds(drive, run, everything);
  });

  test('and the copy goes when the run is taken back', async () => {
    const everything = before(drive);
    const run = await drive.approved(name, { snapshot: encrypted() });
    await drive.until(run, (one) => one.at?.step === 'restore-copy');
    await drive.click('ana', run, 'cancel');

    expect((await drive.ended(run)).status).toBe('cancelled');
    expect(drive.snapshots().filter(({ id }) => id.includes('-shared-trapheus-'))).toEqual([]);
    await holds(drive, run, everything);
  });
});

test('one that is encrypted with the default key of its account is refused before anything is touched', async () => {
  const arn = shared('partner-default', { Encrypted: true, KmsKeyId: keyOf('alias/aws/rds') });
  const ana = drive.as('ana');
  await ana.command(`restore ${name} --snapshot ${arn}`);

  const answer = await ana.tryRestore({ reason: 'x' });

  expect(JSON.stringify(answer.errors)).toMatch(/default aws\/rds key of its account, which AWS lets nobody else use/);
  expect(drive.sandbox.runs.size).toBe(0);
});

test('a cluster snapshot of another account, encrypted or not, is restored as it is', async () => {
  const cluster = 'tickets-staging';
  const at = drive.sandbox.clock.now() - 3_600_000;
  const snapshot = clusterSnapshotOf(world(), world().cluster(cluster), 'partner-tickets-of-the-year', 'manual', at);
  const arn = rdsArn({ ...partner, region: world().region }, 'cluster-snapshot', 'partner-tickets-of-the-year');
  Object.assign(snapshot.view, { DBClusterSnapshotArn: arn, SnapshotType: 'shared', DBClusterIdentifier: 'partner' });
  Object.assign(snapshot.view, { StorageEncrypted: true, KmsKeyId: keyOf('key/partner') });
  world().addClusterSnapshot(snapshot);

  // Too long for an option of a menu: it is found again among what others share.
  expect(arn.length).toBeGreaterThan(75);
  const ana = drive.as('ana');
  await ana.command(`restore ${cluster} --snapshot ${arn}`);
  const run = await ana.fillRestore({ reason: 'numbers of the year' });
  await drive.click('ben', run, 'approve');
  const record = await drive.until(run, 'succeeded', 8);

  expect(record.plan?.steps).not.toContain('copy-snapshot');
  expect(record.plan?.source).toMatchObject({ snapshot: arn });
});
