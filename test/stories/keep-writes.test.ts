import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBClustersCommand,
  DescribeDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { Fault } from '../../infra/local/faults';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** “Keep every write”: the database is set aside before its snapshot is taken, at the price of a long outage. */
jest.setTimeout(180_000);

let drive: Drive;
afterEach(() => drive.close());

const name = 'orders-staging';
const wanted = { snapshot: '@now', keepWrites: true } as const;
const start = async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 60, memberCreateSeconds: 40, clusterRenameSeconds: 30 },
  });
};
const asked = async (database = name): Promise<string> => {
  const run = await drive.requested(database, wanted);
  await drive.click('ben', run, 'approve');
  await drive.settle();
  if (drive.run(run).status === 'waiting') await drive.click('chloe', run, 'approve');
  return run;
};
const id = (of: string) => drive.database(of)?.resourceId;
const answers = () => drive.databases().some((one) => one.name === name && one.answersByName);

describe('an instance', () => {
  beforeEach(start);

  test('nobody can write from before the snapshot until the copy answers, and the plan says so', async () => {
    const world = before(drive);
    const original = id(name);
    const run = await drive.requested(name, wanted);
    const plan = await drive.card(run);
    expect(plan).toContain(`First \`${name}\` itself is set aside`);
    expect(plan).toContain('for the whole restore, about 15m to 4h (no history yet)');
    expect(plan).toContain(`No write to \`${name}\` is lost`);
    expect(plan).not.toContain('will be lost');
    await drive.click('ben', run, 'approve');

    await drive.until(run, (one) => one.steps.snapshot !== undefined);
    expect(answers()).toBe(false);
    expect(drive.databases().find((one) => one.resourceId === original)?.name).toBe(`${name}-old-${run}`);
    const record = await drive.until(run, 'succeeded');

    const fresh = drive.snapshots().find((one) => one.id === `${name}-snapshot-trapheus-${run}`);
    expect(fresh).toMatchObject({ status: 'available', resourceId: original });
    expect(drive.database(name)?.restoredFrom).toContain(`:snapshot:${fresh?.id}`);
    const { swap, outageSeconds = 0 } = record.facts;
    expect(swap?.startedAt).toBeLessThan(record.steps.snapshot?.startedAt ?? 0);
    expect(outageSeconds).toBe(Math.round(((swap?.answeredAt ?? 0) - (swap?.startedAt ?? 0)) / 1000));
    expect(record.facts.report?.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    await holds(drive, run, world);

    await drive.click('ana', run, 'undo');
    const undone = await drive.ended(run);
    expect(undone.status).toBe('undone');
    expect(id(name)).toBe(original);
    await holds(drive, run, world);

    const next = await drive.requested(name, wanted);
    expect(await drive.card(next)).toMatch(/for the whole restore, about .* \(its last run\)/);
    expect(drive.run(next).plan?.outageSeconds).toEqual({ from: outageSeconds, to: outageSeconds });
  });

  const rds = { service: 'rds' } as const;
  const failures: [string, Fault, RegExp][] = [
    [
      'the snapshot fails',
      { ...rds, operation: 'CreateDBSnapshot', kind: 'ends-in', status: 'failed' },
      /snapshot .* ended as failed/,
    ],
    [
      'the restore fails',
      { ...rds, operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'ends-in', status: 'incompatible-restore' },
      /ended as incompatible-restore/,
    ],
    ['AWS has no capacity', { ...rds, operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'quota' }, /limit/],
    [
      'the copy never gets the name',
      {
        ...rds,
        operation: 'ModifyDBInstance',
        match: `&NewDBInstanceIdentifier=${name}&`,
        alsoMatch: '-trapheus-',
        kind: 'wrong-state',
        times: 1_000_000,
      },
      /could not take the name/,
    ],
  ];
  test.each(failures)(
    '%s: the original answers under its name again, before anything is deleted',
    async (_, fault, says) => {
      const world = before(drive);
      const run = await drive.requested(name, wanted);
      drive.arm(fault);
      await drive.click('ben', run, 'approve');

      const record = await drive.ended(run);

      expect(record.status).toBe('failed');
      expect(await drive.card(run)).toMatch(says);
      const deletion = record.steps['restore-copy']?.undoStartedAt;
      if (deletion !== undefined) expect(record.steps.swap?.undoneAt).toBeLessThanOrEqual(deletion);
      await holds(drive, run, world);
    },
  );

  test.each(['set-aside', 'snapshot', 'restore-copy', 'match-settings', 'swap'])(
    'cancelled at %s: the same',
    async (step) => {
      const world = before(drive);
      const run = await asked();
      await drive.until(run, (one) => one.at?.step === step && one.facts.swap !== undefined);

      await drive.click('ana', run, 'cancel');
      const record = await drive.ended(run);

      expect(record.status).toBe('cancelled');
      await holds(drive, run, world);
    },
  );

  test('whose execution is stopped in between gets its name back by a recovery', async () => {
    const world = before(drive);
    const run = await asked();
    await drive.until(run, (one) => one.at?.step === 'restore-copy');

    await drive.stopExecution(run);
    const record = await drive.ended(run);

    expect(record.status).toBe('failed');
    expect(drive.executions(run)).toHaveLength(2);
    await holds(drive, run, world, { wasStopped: true });
  });

  test('that somebody gives its name back meanwhile ends the run: there may be writes that the snapshot lacks', async () => {
    const run = await asked();
    await drive.until(run, (one) => one.at?.step === 'match-settings');
    const original = drive.sandbox.rds.world.instance(`${name}-old-${run}`);
    drive.sandbox.rds.world.byName.delete(original.view.DBInstanceIdentifier);
    Object.assign(original.view, { DBInstanceIdentifier: name });
    Object.assign(original.view, { Endpoint: drive.sandbox.rds.world.endpoint(original) });
    drive.sandbox.rds.world.add(original);
    drive.sandbox.rds.world.touch(original);

    const record = await drive.ended(run);

    expect(record).toMatchObject({ status: 'failed', stop: { problem: { code: 'back-too-early' } } });
    expect(id(name)).toBe(original.view.DbiResourceId);
  });

  test('the choice is offered for a fresh snapshot in place only, and forgotten when another source is chosen', async () => {
    const ana = drive.as('ana');
    await ana.command(`restore ${name}`);
    expect(JSON.stringify((await ana.act({})).view ?? '')).not.toContain('keep-writes');
    const run = await drive.requested(name, { snapshot: '@now', target: 'new', name: 'orders-try' });
    expect(drive.run(run).request.source).toEqual({ kind: 'now' });
  });
});

describe('a cluster', () => {
  beforeEach(start);
  const cluster = 'payments-prod';
  const endpointsOf = async (DBClusterIdentifier: string) => {
    const { DBClusterEndpoints } = await drive
      .rds()
      .send(new DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }));
    return (DBClusterEndpoints ?? []).flatMap((one) => one.DBClusterEndpointIdentifier ?? []).sort();
  };
  const targetsOf = async (DBProxyName: string) => {
    const { Targets } = await drive.rds().send(new DescribeDBProxyTargetsCommand({ DBProxyName }));
    return (Targets ?? []).map(({ RdsResourceId }) => RdsResourceId).sort();
  };
  const membersOf = async (DBClusterIdentifier: string) => {
    const { DBClusters } = await drive.rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    return DBClusters?.[0]?.DBClusterMembers?.map((one) => one.DBInstanceIdentifier).sort();
  };

  test.each(['name', 'resource'] as const)(
    'nothing leads to it while it is set aside: no member’s name, no endpoint, no proxy that follows the %s',
    async (proxyTargetFollows) => {
      drive.sandbox.rds.knobs.proxyTargetFollows = proxyTargetFollows;
      const [endpoints, targets, members] = [
        await endpointsOf(cluster),
        await targetsOf('payments-proxy'),
        await membersOf(cluster),
      ];
      const run = await asked(cluster);
      await drive.until(run, (one) => one.steps.snapshot !== undefined);
      const aside = `${cluster}-old-${run}`;
      expect(await endpointsOf(aside)).toEqual([]);
      expect(await targetsOf('payments-proxy')).toEqual([]);
      expect((await membersOf(aside))?.every((one) => one?.endsWith(`-old-${run}`))).toBe(true);

      const record = await drive.until(run, 'succeeded', 8);

      expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
      expect(await endpointsOf(cluster)).toEqual(endpoints);
      expect(await targetsOf('payments-proxy')).toEqual(targets);
      expect(await membersOf(cluster)).toEqual(members);
    },
  );

  test('a failure gives it its name, its members, endpoints and proxy back', async () => {
    const found = async () => [await endpointsOf(cluster), await targetsOf('payments-proxy'), await membersOf(cluster)];
    const world = await found();
    const run = await asked(cluster);
    drive.arm({
      service: 'rds',
      operation: 'RestoreDBClusterFromSnapshot',
      kind: 'ends-in',
      status: 'incompatible-network',
    });

    const record = await drive.ended(run);

    expect(record.status).toBe('failed');
    expect(await found()).toEqual(world);
  });

  test('a Multi-AZ DB cluster', async () => {
    const run = await drive.requested('warehouse-staging', wanted);
    expect(await drive.card(run)).toContain('stop writers that stay connected');
    await drive.click('ben', run, 'approve');

    const record = await drive.until(run, 'succeeded', 8);

    expect(record.facts.report?.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
  });
});
