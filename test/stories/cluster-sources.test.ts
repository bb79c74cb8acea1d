import { resolve } from 'node:path';
import { DescribeDBClusterEndpointsCommand } from '@aws-sdk/client-rds';
import { Drive, sunday } from './drive';
import { quick } from './quick';

/** Clusters from every source and to every target; whole in-place restores are told in clusters.test.ts. */
jest.setTimeout(180_000);

const name = 'tickets-staging';
let drive: Drive;
const start = async (more = {}) => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 60, memberCreateSeconds: 40, clusterRenameSeconds: 30 },
    ...more,
  });
};
afterEach(() => drive.close());

const clusters = () => drive.sandbox.rds.snapshotOfWorld().clusters;
const cluster = (of: string) => clusters().find((one) => one.name === of && one.answersByName);
const endpointsOf = async (DBClusterIdentifier: string) => {
  const { DBClusterEndpoints } = await drive.rds().send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
  return (DBClusterEndpoints ?? []).flatMap((one) => one.DBClusterEndpointIdentifier ?? []).sort();
};

test('a point in time replaces a cluster, with every setting and member', async () => {
  await start();
  const before = cluster(name);
  const run = await drive.approved(name, { snapshot: '@time', at: sunday - 90 * 60_000 });
  const record = await drive.until(run, 'succeeded', 8);

  expect(record.plan?.source).toMatchObject({ kind: 'time', resourceId: before?.resourceId });
  expect(cluster(name)?.resourceId).toBe(record.facts.copy?.resourceId);
  expect(cluster(name)?.resourceId).not.toBe(before?.resourceId);
  expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
});

test('a clone leaves its source everything that only one can have, and goes with its members', async () => {
  await start();
  const world = clusters();
  const instances = drive.databases();
  const endpoints = await endpointsOf('payments-prod');
  expect(endpoints.length).toBeGreaterThan(0);
  const run = await drive.requested('payments-prod', { target: 'new', name: 'payments-try-staging', hours: 2 });
  await drive.click('ben', run, 'approve');
  await drive.settle();
  if (drive.run(run).status === 'waiting') await drive.click('chloe', run, 'approve');
  const record = await drive.until(run, 'succeeded', 8);

  expect(cluster('payments-try-staging')?.resourceId).toBe(record.facts.copy?.resourceId);
  expect(clusters()).toEqual(expect.arrayContaining(world));
  expect(await endpointsOf('payments-prod')).toEqual(endpoints);
  expect(record.facts.outageSeconds).toBeUndefined();
  expect(
    record.facts.report?.filter(({ verdict }) => verdict !== 'equal').map(({ setting, verdict }) => [setting, verdict]),
  ).toEqual([['customEndpoints', 'on-purpose']]);

  await drive.click('ana', run, 'remove-now');
  await drive.ended(run, 4);

  expect(clusters()).toEqual(world);
  expect(drive.databases()).toEqual(instances);
});

test('snapshots of a cluster past their retention go too', async () => {
  await start({ policyFile: resolve(__dirname, 'policy-retention.yml') });
  const others = drive.snapshots().map(({ id }) => id);
  const runs: string[] = [];
  for (const _ of [1, 2, 3]) {
    const ana = drive.as('ana');
    await ana.command(`snapshot ${name}`);
    const run = await ana.fillRestore({ reason: 'before the migration' });
    await drive.until(run, (one) => one.closedAt !== undefined, 2);
    runs.push(run);
  }

  const kept = drive.snapshots().flatMap(({ id }) => (others.includes(id) ? [] : [id]));
  expect(kept.sort()).toEqual(
    runs
      .slice(1)
      .map((run) => `${name}-snapshot-trapheus-${run}`)
      .sort(),
  );
});
