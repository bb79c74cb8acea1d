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

describe('a cluster’s only member', () => {
  const only = 'ledger-temp-staging';
  const names = () => drive.databases().map((one) => one.name);

  test('gets its name by a restart, a second outage that the plan announces', async () => {
    await start();
    const run = await drive.requested(only);

    expect(await drive.card(run)).toContain(`Its only member ${only}-1 restarts when it gets its name`);
    expect(drive.run(run).plan?.outageSeconds).toEqual({ from: 240, to: 1440 });
  });

  test('keeps its temporary name where policy.yml says so: no second outage, and the plan says so', async () => {
    await start({ policyFile: resolve(__dirname, 'policy-keep.yml') });
    const run = await drive.requested(only);
    expect(await drive.card(run)).toContain('Its only member keeps a temporary name');
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded', 8);

    expect(record.facts.swap?.interruptions ?? []).toEqual([]);
    expect(cluster(only)?.resourceId).toBe(record.facts.copy?.resourceId);
    expect(names()).toContain(`${only}-1`);
    expect(names()).toContain(`${only}-1-trapheus-${run}`);

    await drive.click('ana', run, 'undo');
    expect((await drive.ended(run)).status).toBe('undone');
    expect(cluster(only)?.resourceId).toBe(record.facts.original?.resourceId);
    expect(names().filter((name) => name.includes(run))).toEqual([]);
  });
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

describe('an Aurora clone', () => {
  const calls = (operation: string) => {
    const seen: URLSearchParams[] = [];
    drive.sandbox.onCall((call) => {
      if (call.operation === operation) seen.push(new URLSearchParams(call.body));
    });
    return seen;
  };

  test('under a new name shares the pages of its source, with every setting and member', async () => {
    await start();
    const world = clusters();
    const restores = calls('RestoreDBClusterToPointInTime');
    const run = await drive.requested(name, { snapshot: '@clone', target: 'new', name: 'tickets-try-staging' });
    const plan = await drive.card(run);
    expect(plan).toContain('as an Aurora clone (copy-on-write)');
    expect(plan).toContain('Nobody has an outage');
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded', 8);

    expect(restores).toHaveLength(1);
    expect(Object.fromEntries(restores[0] ?? [])).toMatchObject({
      RestoreType: 'copy-on-write',
      UseLatestRestorableTime: 'true',
      SourceDBClusterIdentifier: name,
    });
    expect(cluster('tickets-try-staging')?.resourceId).toBe(record.facts.copy?.resourceId);
    // An endpoint's name is unique in the Region, and the source keeps its own.
    expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([
      expect.objectContaining({ setting: 'customEndpoints', verdict: 'on-purpose' }),
    ]);
    expect(clusters()).toEqual(expect.arrayContaining(world));
    expect(drive.snapshots().filter(({ id }) => id.includes(run))).toEqual([]);
  });

  test('in place: writes after it was made are lost, and the plan says so', async () => {
    await start();
    const before = cluster(name);
    const run = await drive.requested(name, { snapshot: '@clone' });
    expect(await drive.card(run)).toMatch(/Writes between the clone and the swap will be lost/);
    await drive.click('ben', run, 'approve');
    const record = await drive.until(run, 'succeeded', 8);

    expect(cluster(name)?.resourceId).toBe(record.facts.copy?.resourceId);
    expect(cluster(name)?.resourceId).not.toBe(before?.resourceId);
    expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
  });

  test.each([
    ['an instance', 'orders-staging', /only Aurora clusters/],
    ['a Multi-AZ DB cluster', 'warehouse-staging', /only Aurora clusters/],
  ])('of %s is not offered, and refused when it is asked for', async (_, database, says) => {
    await start();
    const ana = drive.as('ana');
    await ana.command(`restore ${database} --snapshot clone`);

    const answer = await ana.tryRestore({ reason: 'x' });

    expect(JSON.stringify(answer.errors)).toMatch(says);
    expect(drive.sandbox.runs.size).toBe(0);
  });
});

test('a fresh snapshot replaces a cluster', async () => {
  await start();
  const before = cluster(name);
  const run = await drive.requested(name, { snapshot: '@now' });
  expect(await drive.card(run)).toMatch(/Writes between the fresh snapshot and the swap will be lost/);
  await drive.click('ben', run, 'approve');
  const record = await drive.until(run, 'succeeded', 8);

  expect(drive.snapshots().find(({ id }) => id === `${name}-snapshot-trapheus-${run}`)).toMatchObject({
    of: 'cluster',
    status: 'available',
    resourceId: before?.resourceId,
  });
  expect(record.plan?.snapshots).toHaveLength(1);
  expect(cluster(name)?.resourceId).toBe(record.facts.copy?.resourceId);
  expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
});

test('onto another cluster: data of one, settings and members of the other, which comes back by Undo', async () => {
  await start();
  const from = 'payments-prod';
  const onto = 'ledger-temp-staging';
  const before = cluster(onto);
  const world = clusters();
  const run = await drive.requested(from, { snapshot: '@clone', target: 'onto', name: onto });
  expect(await drive.card(run)).toContain(`What is in \`${onto}\` now will not be in the restored database`);
  await drive.click('ben', run, 'approve');
  await drive.settle();
  if (drive.run(run).status === 'waiting') await drive.click('chloe', run, 'approve');
  const record = await drive.until(run, 'succeeded', 8);

  const now = cluster(onto);
  expect(now?.resourceId).toBe(record.facts.copy?.resourceId);
  expect(now?.restoredFrom).toContain(`:cluster:${from}`);
  const members = record.facts.original?.settings.members;
  expect(Object.keys(members as object)).toEqual([`${onto}-1`]);
  expect(drive.databases().find((one) => one.name === `${onto}-1`)).toMatchObject({ answersByName: true });
  expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
  expect(cluster(from)).toEqual(world.find((one) => one.name === from));

  await drive.click('ben', run, 'undo');
  expect((await drive.ended(run)).status).toBe('undone');
  expect(cluster(onto)?.resourceId).toBe(before?.resourceId);
});
