import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBClusterEndpoint,
  type DBInstance,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { Fault } from '../../infra/local/faults';
import { Drive } from './drive';
import { quick } from './quick';

/** A cluster has more parts than an instance, and each takes its time. */
jest.setTimeout(180_000);
const always = 1_000_000;

let drive: Drive;
beforeEach(async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 60, memberCreateSeconds: 40, clusterRenameSeconds: 30 },
  });
});
afterEach(() => drive.close());

interface Whole {
  cluster: DBCluster;
  members: DBInstance[];
  endpoints: DBClusterEndpoint[];
}

/** What a client that is not ours sees of a cluster. */
async function describeWhole(DBClusterIdentifier: string): Promise<Whole> {
  const { DBClusters } = await drive.rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier] }];
  const { DBInstances } = await drive.rds().send(new DescribeDBInstancesCommand({ Filters }));
  const { DBClusterEndpoints } = await drive.rds().send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
  if (!DBClusters?.[0]) throw new Error(`there is no cluster ${DBClusterIdentifier}`);
  return { cluster: DBClusters[0], members: DBInstances ?? [], endpoints: DBClusterEndpoints ?? [] };
}

/** Everything that Describe says but what makes it this one, and what passes. */
function settingsOf({ cluster, members, endpoints }: Whole): object {
  const {
    DbClusterResourceId: _,
    ClusterCreateTime: __,
    EarliestRestorableTime: ___,
    LatestRestorableTime: ____,
    EarliestBacktrackTime: _____,
    MasterUserSecret,
    DBClusterMembers,
    ...settings
  } = cluster;
  const roles = settings.AssociatedRoles?.map((role) => `${role.FeatureName} ${role.RoleArn} ${role.Status}`).sort();
  return {
    ...settings,
    AssociatedRoles: roles,
    secretKey: MasterUserSecret?.KmsKeyId,
    secretStatus: MasterUserSecret?.SecretStatus,
    roles: DBClusterMembers?.map((one) => ({ ...one })).sort(byName),
    members: members.map(({ DbiResourceId: _, InstanceCreateTime: __, ...member }) => member).sort(byName),
    endpoints: endpoints.map(({ DBClusterEndpointResourceIdentifier: _, ...endpoint }) => endpoint),
  };
}

function byName(a: { DBInstanceIdentifier?: string | undefined }, b: { DBInstanceIdentifier?: string | undefined }) {
  return (a.DBInstanceIdentifier ?? '') < (b.DBInstanceIdentifier ?? '') ? -1 : 1;
}

async function approved(database: string, faults: (run: string) => Fault[] = () => []): Promise<string> {
  const run = await drive.requested(database);
  drive.arm(...faults(run));
  await drive.click('ben', run, 'approve');
  await drive.settle();
  if (drive.run(run).status === 'waiting') await drive.click('chloe', run, 'approve');
  return run;
}

/** Every fault that a story arms has been met, or the story proves nothing. */
function met(count = always): void {
  for (const fault of drive.sandbox.faults.list()) expect(fault.times ?? 1).toBeLessThan(count);
}

/** Nothing of the run is left, neither a cluster nor an instance. */
function nothingLeft(run: string): void {
  expect(clusters().filter(({ name }) => name.includes(run))).toEqual([]);
  expect(drive.databases().filter(({ name }) => name.includes(run))).toEqual([]);
}

const clusters = () => drive.sandbox.rds.snapshotOfWorld().clusters;
const cluster = (name: string) => clusters().find((one) => one.name === name && one.answersByName);

test('Undo: the original takes back its name, its members’ names and its custom endpoints', async () => {
  const before = await describeWhole('payments-prod');
  const id = await approved('payments-prod');
  await drive.until(id, 'succeeded', 8);

  await drive.click('ana', id, 'undo');
  const run = await drive.ended(id);

  expect(run.status).toBe('undone');
  const after = await describeWhole('payments-prod');
  expect(after.cluster.DbClusterResourceId).toBe(before.cluster.DbClusterResourceId);
  expect(after.members.map(({ DbiResourceId }) => DbiResourceId).sort()).toEqual(
    before.members.map(({ DbiResourceId }) => DbiResourceId).sort(),
  );
  expect(settingsOf(after)).toEqual(settingsOf(before));
  nothingLeft(id);
  const kept = drive.snapshots().filter(({ id: name }) => name.includes(id));
  expect(kept).toEqual([
    expect.objectContaining({ id: `payments-prod-safety-trapheus-${id}`, of: 'cluster' }),
    expect.objectContaining({ id: `payments-prod-copy-trapheus-${id}`, of: 'cluster' }),
  ]);
});

test('when the hold is over the members go, then the cluster, and a final snapshot of it stays', async () => {
  const before = cluster('tickets-staging');
  const id = await approved('tickets-staging');
  await drive.until(id, 'succeeded', 8);

  const run = await drive.ended(id, 8);

  expect(run.status).toBe('succeeded');
  expect(clusters().map(({ resourceId }) => resourceId)).not.toContain(before?.resourceId);
  nothingLeft(id);
  expect(drive.snapshots().find((one) => one.id === `tickets-staging-final-trapheus-${id}`)).toMatchObject({
    of: 'cluster',
    status: 'available',
    resourceId: before?.resourceId,
  });
});

describe('a failure leaves the original as it was, and nothing else', () => {
  const name = 'tickets-staging';
  const rds = { service: 'rds' } as const;
  const stories: [string, (run: string) => Fault[], RegExp][] = [
    [
      'a member cannot be made',
      () => [{ ...rds, operation: 'CreateDBInstance', kind: 'ends-in', status: 'incompatible-parameters', times: 1 }],
      /incompatible-parameters/,
    ],
    [
      'the account has no room for a member',
      () => [{ ...rds, operation: 'CreateDBInstance', kind: 'quota', skip: 1, times: 1 }],
      /limit/i,
    ],
    [
      'the original’s rename is denied',
      () => [{ ...rds, operation: 'ModifyDBCluster', match: '-old-', kind: 'access-denied', times: always }],
      /not allowed/,
    ],
    [
      'the copy never gets the name',
      (run) => [
        {
          ...rds,
          operation: 'ModifyDBCluster',
          match: `&DBClusterIdentifier=${name}-trapheus-${run}`,
          alsoMatch: `&NewDBClusterIdentifier=${name}`,
          kind: 'wrong-state',
          times: always,
        },
      ],
      /could not take the name/,
    ],
    [
      'a member’s rename is denied after the swap',
      () => [
        {
          ...rds,
          operation: 'ModifyDBInstance',
          match: `&NewDBInstanceIdentifier=${name}-1`,
          kind: 'access-denied',
          times: 1,
        },
      ],
      /not allowed/,
    ],
  ];

  test.each(stories)('%s', async (_, faults, says) => {
    const before = await describeWhole(name);
    const id = await approved(name, faults);

    const run = await drive.ended(id);

    met();
    expect(run.status).toBe('failed');
    expect(await drive.card(id)).toMatch(says);
    const after = await describeWhole(name);
    expect(after.cluster.DbClusterResourceId).toBe(before.cluster.DbClusterResourceId);
    expect(settingsOf(after)).toEqual(settingsOf(before));
    nothingLeft(id);
  });
});

describe('whatever a proxy’s target follows, in the end it is the new database', () => {
  test.each(['name', 'resource'] as const)('%s', async (proxyTargetFollows) => {
    drive.sandbox.rds.knobs.proxyTargetFollows = proxyTargetFollows;
    const id = await approved('payments-prod');
    await drive.until(id, 'succeeded', 8);

    const { Targets } = await drive.rds().send(new DescribeDBProxyTargetsCommand({ DBProxyName: 'payments-proxy' }));

    const names = Targets?.map(({ RdsResourceId, Type }) => `${Type} ${RdsResourceId}`).sort();
    expect(names).toEqual([
      'RDS_INSTANCE payments-prod-1',
      'RDS_INSTANCE payments-prod-2',
      'RDS_INSTANCE payments-prod-3',
      'TRACKED_CLUSTER payments-prod',
    ]);
  });
});

test('readers of the autoscaler are left to it: not made again, no difference, and one that joins meanwhile harms nothing', async () => {
  const name = 'tickets-staging';
  const rds = drive.rds();
  const scaledOut = (id: string, DBClusterIdentifier: string) =>
    rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `application-autoscaling-${id}`,
        DBClusterIdentifier,
        Engine: 'aurora-mysql',
        DBInstanceClass: 'db.r6g.large',
        PromotionTier: 15,
      }),
    );
  await scaledOut('before', name);
  await drive.settle(120);
  const own = (await describeWhole(name)).members
    .map((one) => one.DBInstanceIdentifier)
    .filter(isOwn)
    .sort();
  const run = await drive.requested(name);
  await scaledOut('while-asked', name);
  await drive.settle(120);
  expect(drive.run(run).planMoved).toBeUndefined();
  await drive.click('ben', run, 'approve');
  await drive.until(run, (one) => one.steps.verify !== undefined);
  await scaledOut('while-restored', name);

  const record = await drive.until(run, 'succeeded', 8);
  // From now on the new one is what the autoscaler sees under the name.
  await scaledOut('after', name);
  await drive.settle(120);

  const after = await describeWhole(name);
  expect(after.cluster.DbClusterResourceId).toBe(record.facts.copy?.resourceId);
  expect(after.members.map((one) => one.DBInstanceIdentifier).sort()).toEqual(
    ['application-autoscaling-after', ...own].sort(),
  );
  expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);

  // Those of the original go with it.
  const ended = await drive.ended(run, 8);
  expect(ended).toMatchObject({ status: 'succeeded' });
  expect(ended.leftovers.filter(({ what }) => what === 'database')).toEqual([]);
  expect(drive.databases().filter((one) => one.name.startsWith('application-autoscaling-'))).toMatchObject([
    { name: 'application-autoscaling-after' },
  ]);
});

const isOwn = (member: string | undefined) => member?.startsWith('application-autoscaling-') === false;

describe('what is not restored in place is refused with its own sentence', () => {
  test.each([
    ['accounts-prod', /global database accounts-global/],
    ['payments-prod-2', /member of the cluster payments-prod/],
  ])('%s', async (database, says) => {
    // The shipped rules name members too: who asks for one learns what to ask for.
    await drive.close();
    drive = await Drive.start();
    const world = clusters();
    const ana = drive.as('ana');

    const answer = await ana.command(`restore ${database}`);
    const told = JSON.stringify(answer.ephemeral.length > 0 ? answer.ephemeral : await ana.tryRestore({ reason: 'x' }));

    expect(told).toMatch(says);
    expect(clusters()).toEqual(world);
    expect(drive.sandbox.runs.size).toBe(0);
  });
});

/** AWS does not say which of the two it does. */
test.each(['accept', 'refuse'] as const)(
  'members are made together, or after the writer where RDS %ss that',
  async (membersTogether) => {
    drive.sandbox.rds.knobs.membersTogether = membersTogether;
    const before = await describeWhole('payments-prod');
    const id = await approved('payments-prod');
    await drive.until(id, 'succeeded', 8);

    const after = await describeWhole('payments-prod');
    expect(after.cluster.DbClusterResourceId).not.toBe(before.cluster.DbClusterResourceId);
    expect(settingsOf(after)).toEqual(settingsOf(before));
  },
);
