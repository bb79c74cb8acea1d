import { resolve } from 'node:path';
import type { World } from '../../infra/local/rds/world';
import { Drive } from './drive';
import { quick } from './quick';

/** What cannot be restored is refused in the form, each with its own sentence, before anything is touched. */
let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start(quick);
});
afterEach(() => drive.close());

const told = async (database: string, given = {}): Promise<string> => {
  const ana = drive.as('ana');
  const answer = await ana.command(`restore ${database}`);
  if (answer.view === undefined) return JSON.stringify(answer.ephemeral);
  return JSON.stringify((await ana.tryRestore({ reason: 'x', ...given })).errors);
};
const world = () => {
  const { databases, clusters, snapshots } = drive.sandbox.rds.snapshotOfWorld();
  return { databases, clusters, snapshots };
};

const instance = 'orders-staging';
const cluster = 'tickets-staging';
const kinds: [string, string, (world: World) => void, RegExp][] = [
  [
    'a read replica',
    instance,
    (world) => Object.assign(world.instance(instance).view, { ReadReplicaSourceDBInstanceIdentifier: 'orders-prod' }),
    /read replica of orders-prod/,
  ],
  [
    'RDS Custom',
    instance,
    (world) => Object.assign(world.instance(instance).view, { Engine: 'custom-sqlserver-se' }),
    /RDS Custom instance, which RDS does not rename/,
  ],
  [
    'a database on an Outpost',
    instance,
    (world) => Object.assign(world.instance(instance).view, { BackupTarget: 'outposts' }),
    /runs on an Outpost/,
  ],
  [
    'a member of a blue/green deployment',
    instance,
    (world) => deploy(world, world.instance(instance).view.DBInstanceArn),
    /belongs to the blue\/green deployment next-major/,
  ],
  [
    'a member of a global database',
    cluster,
    (world) => Object.assign(world.cluster(cluster).view, { GlobalClusterIdentifier: 'tickets-global' }),
    /belongs to the global database tickets-global/,
  ],
  [
    'Aurora Limitless Database',
    cluster,
    (world) => Object.assign(world.cluster(cluster).view, { ClusterScalabilityType: 'limitless' }),
    /Aurora Limitless Database/,
  ],
  [
    'Aurora Serverless v1',
    cluster,
    (world) => Object.assign(world.cluster(cluster).view, { EngineMode: 'serverless' }),
    /Serverless v1, which AWS has ended/,
  ],
  [
    'an RDS Custom cluster',
    cluster,
    (world) => Object.assign(world.cluster(cluster).view, { Engine: 'custom-oracle-ee' }),
    /RDS Custom cluster/,
  ],
  [
    'a cluster that replicates another',
    cluster,
    (world) => Object.assign(world.cluster(cluster).view, { ReplicationSourceIdentifier: 'arn:aws:rds:x:1:cluster:a' }),
    /read replica of arn:aws:rds:x:1:cluster:a/,
  ],
  [
    'a cluster in a blue/green deployment',
    cluster,
    (world) => deploy(world, world.cluster(cluster).view.DBClusterArn),
    /belongs to the blue\/green deployment next-major/,
  ],
];

function deploy(world: World, Source: string): void {
  world.deployments.push({
    BlueGreenDeploymentIdentifier: 'bgd-0123456789abcdef',
    BlueGreenDeploymentName: 'next-major',
    Source,
    Target: `${Source}-green-abc123`,
    Status: 'AVAILABLE',
  });
}

test.each(kinds)('%s', async (_, database, change, says) => {
  change(drive.sandbox.rds.world);
  for (const one of [...drive.sandbox.rds.world.instances.values(), ...drive.sandbox.rds.world.clusters.values()])
    drive.sandbox.rds.world.touch(one);
  const before = world();

  expect(await told(database)).toMatch(says);
  expect(await told(database, { snapshot: '@now', keepWrites: true })).toMatch(says);
  expect(world()).toEqual(before);
  expect(drive.sandbox.runs.size).toBe(0);
});

test('a blue/green deployment that is over ties nobody any more', async () => {
  deploy(drive.sandbox.rds.world, drive.sandbox.rds.world.instance(instance).view.DBInstanceArn);
  Object.assign(drive.sandbox.rds.world.deployments[0] ?? {}, { Status: 'SWITCHOVER_COMPLETED' });

  await drive.requested(instance);

  expect(drive.sandbox.runs.size).toBe(1);
});

describe('with the shipped rules', () => {
  beforeEach(async () => {
    await drive.close();
    drive = await Drive.start({ ...quick, policyFile: resolve('policy.yml') });
  });

  test.each([
    ['a member instead of its cluster', 'payments-prod-2', /member of the cluster payments-prod; ask for the cluster/],
    ['the primary of a global database', 'accounts-prod', /global database accounts-global/],
    [
      'a cluster that another account shares through AWS RAM',
      'insights-prod',
      /belongs to account 444455556666, which shares it through AWS RAM/,
    ],
    ['a seeded replica', 'catalog-prod-replica', /read replica of catalog-prod/],
  ])('%s', async (_, database, says) => {
    const before = world();

    expect(await told(database)).toMatch(says);
    expect(world()).toEqual(before);
  });
});

describe('what the account or the source does not have', () => {
  test('a snapshot that is still being made', async () => {
    const before = world();
    const ana = drive.as('ana');
    await ana.command('restore billing-prod --snapshot billing-prod-running');

    const answer = await ana.tryRestore({ reason: 'x' });

    expect(JSON.stringify(answer.errors)).toMatch(/Snapshot billing-prod-running is creating, not available/);
    expect(world()).toEqual(before);
  });

  test('a snapshot that is not there', async () => {
    const ana = drive.as('ana');
    await ana.command('restore orders-staging --snapshot orders-staging-gone');

    expect(JSON.stringify((await ana.tryRestore({ reason: 'x' })).errors)).toMatch(
      /There is no snapshot orders-staging-gone/,
    );
  });

  test.each([
    ['an instance needs one', instance, {}, /in use, and the copy needs one more/],
    ['a cluster needs one for each member', cluster, {}, /in use, and the copy needs 2 more/],
    ['a Multi-AZ DB cluster needs three', 'warehouse-staging', {}, /in use, and the copy needs 3 more/],
  ])('room: %s', async (_, database, given, says) => {
    const { instances } = drive.sandbox.rds.world;
    const need = Number(/needs (\d)/.exec(says.source)?.[1] ?? 1);
    drive.sandbox.rds.knobs.quotaInstances = instances.size + need - 1;
    const before = world();
    const ana = drive.as('ana');
    await ana.command(`restore ${database}`);
    const run = await ana.fillRestore({ reason: 'x', ...given });

    const record = await drive.ended(run);

    expect(record).toMatchObject({ status: 'failed', stop: { problem: { code: 'quota' } } });
    expect(record.stop?.problem.message).toMatch(says);
    expect(world()).toEqual(before);
  });

  test('room for a snapshot', async () => {
    drive.sandbox.rds.knobs.quotaManualSnapshots = 1;
    const ana = drive.as('ana');
    await ana.command(`restore ${instance}`);
    const run = await ana.fillRestore({ reason: 'x' });

    expect((await drive.ended(run)).stop?.problem.message).toMatch(/manual snapshots exist, and this run needs 1 more/);
  });

  test('room for a cluster', async () => {
    drive.sandbox.rds.knobs.quotaClusters = drive.sandbox.rds.world.clusters.size;
    const ana = drive.as('ana');
    await ana.command(`restore ${cluster}`);
    const run = await ana.fillRestore({ reason: 'x' });

    expect((await drive.ended(run)).stop?.problem.message).toMatch(
      /DB clusters are in use, and the copy needs one more/,
    );
  });
});
