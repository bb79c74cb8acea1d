import { resolve } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import { executionKey, runIdFor } from '../../orchestrator/names';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** Whoever started intuit/Trapheus by its JSON input goes on as before, through the same door as everybody. */
let drive: Drive;
let client: SFNClient;
beforeEach(async () => {
  drive = await Drive.start({ ...quick, policyFile: resolve(__dirname, 'policy-aws.yml') });
  const credentials = { accessKeyId, secretAccessKey };
  client = new SFNClient({ region, endpoint: drive.sandbox.endpoints.states, credentials });
});
afterEach(async () => {
  client.destroy();
  await drive.close();
});

async function started(input: unknown, name = 'friday-refresh'): Promise<{ run: string; executionArn: string }> {
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: drive.sandbox.stateMachineArn,
      name,
      input: JSON.stringify(input),
    }),
  );
  return { run: runIdFor(executionKey(name)), executionArn };
}

const described = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
const there = (run: string) => drive.sandbox.clock.runUntil(() => drive.sandbox.runs.has(run), 600_000);
const input = { identifier: 'orders-staging', task: 'db_restore', isCluster: false };

test('db_restore restores from <identifier>-snapshot, with the approval that the rule asks for', async () => {
  const world = before(drive);
  const { run, executionArn } = await started(input);
  await there(run);
  const { request, plan } = await drive.until(run, 'waiting', 1);
  expect(request).toMatchObject({ requester: { id: 'aws' }, target: { kind: 'replace' }, channel: 'C0DBOPS001' });
  expect(plan?.source).toMatchObject({ kind: 'snapshot', snapshot: 'orders-staging-snapshot' });
  expect(await drive.card(run)).toContain('Execution friday-refresh of the state machine');

  await drive.click('ben', run, 'approve');
  await drive.until(run, 'succeeded');
  expect(drive.database('orders-staging')?.restoredFrom).toContain(':snapshot:orders-staging-snapshot');
  await drive.click('ben', run, 'remove-now');
  await drive.ended(run);

  expect((await described(executionArn)).status).toBe('SUCCEEDED');
  expect(drive.executions(run)).toEqual([]);
  expect(world.databases).toHaveLength(drive.databases().length);
});

test('without that snapshot the newest one serves; a rule may ask for nobody’s approval', async () => {
  const { run, executionArn } = await started({ ...input, identifier: 'analytics-staging' });
  await there(run);
  const record = await drive.ended(run);

  expect(record).toMatchObject({ status: 'succeeded', request: { channel: '', source: { kind: 'newest' } } });
  expect((await described(executionArn)).status).toBe('SUCCEEDED');
});

test.each([
  ['create_snapshot takes a fresh snapshot and restores it', 'create_snapshot', 'replace'],
  ['create_snapshot_only takes a snapshot and nothing else', 'create_snapshot_only', 'none'],
])('%s', async (_, task, target) => {
  const { run } = await started({ ...input, identifier: 'analytics-staging', task });
  await there(run);
  const record = await drive.until(run, 'succeeded');

  expect(record.request).toMatchObject({ source: { kind: 'now' }, target: { kind: target } });
  const id = `analytics-staging-snapshot-trapheus-${run}`;
  expect(drive.snapshots().find((one) => one.id === id)?.status).toBe('available');
  const from = drive.database('analytics-staging')?.restoredFrom;
  if (target === 'none') expect(from).toBeUndefined();
  else expect(from).toContain(id);
});

test('an execution that somebody stops is taken back, and a recovery of ours says so', async () => {
  const world = before(drive);
  const { run, executionArn } = await started(input);
  await there(run);
  await drive.click('ben', run, 'approve');
  await drive.until(run, (one) => one.facts.copy !== undefined);

  await client.send(new StopExecutionCommand({ executionArn }));
  const record = await drive.ended(run);

  expect(record.status).toBe('failed');
  expect(drive.executions(run).map(({ name }) => name)).toEqual([`${run}-r1`]);
  await holds(drive, run, world, { wasStopped: true });
});

describe('is refused before anything is touched, and the execution fails with the sentence', () => {
  test.each([
    ['an unknown task', { ...input, task: 'snapshot_only' }, /task/],
    ['a task that only begins like one', { ...input, task: 'create_snapshot-only' }, /task/],
    [
      'the task for other accounts',
      { ...input, task: 'restore_rds_in_target_accounts', vpcId: 'x' },
      /not done by this/,
    ],
    ['an unknown field', { ...input, dryRun: true }, /dryRun/],
    ['a missing isCluster', { identifier: 'orders-staging', task: 'db_restore' }, /isCluster/],
    ['an instance that is called a cluster', { ...input, isCluster: true }, /not a cluster/],
    ['a cluster that is called an instance', { ...input, identifier: 'tickets-staging' }, /not an instance/],
    ['an unknown database', { ...input, identifier: 'analytics-stagin' }, /no database named analytics-stagin/],
    ['a database whose rule names everyone but not aws', { ...input, identifier: 'orders-prod' }, /does not let you/],
    ['approvals that nobody could give', { ...input, identifier: 'billing-prod' }, /names no channel/],
    ['nothing', {}, /identifier/],
    ['a run that there is not', { runId: 'r2222222' }, /There is no run r2222222/],
  ])('%s', async (_, given, says) => {
    const world = drive.databases();
    const { executionArn } = await started(given);
    await drive.sandbox.clock.advance(120_000);

    const { status, error, cause } = await described(executionArn);
    expect(status).toBe('FAILED');
    expect(error).toBe('Trapheus.Failed');
    expect(cause).toMatch(says);
    expect(drive.databases()).toEqual(world);
    expect(drive.sandbox.runs.size).toBe(0);
  });

  test('a database that another run holds', async () => {
    const run = await drive.requested('orders-staging');
    const { executionArn } = await started(input);
    await drive.sandbox.clock.advance(120_000);

    expect((await described(executionArn)).cause).toMatch(new RegExp(`reserved by run ${run}`));
  });
});

describe('with the policy.yml that ships', () => {
  beforeEach(async () => {
    await drive.close();
    drive = await Drive.start({ ...quick, policyFile: resolve('policy.yml') });
    client.destroy();
    const credentials = { accessKeyId, secretAccessKey };
    client = new SFNClient({ region, endpoint: drive.sandbox.endpoints.states, credentials });
  });

  test.each([
    ['db_restore', 'orders-staging', false, 'waiting', /:snapshot:orders-staging-snapshot$/],
    ['db_restore', 'tickets-staging', true, 'waiting', /:cluster-snapshot:tickets-staging-before-import$/],
    ['create_snapshot', 'orders-staging', false, 'waiting', undefined],
    ['create_snapshot', 'warehouse-staging', true, 'waiting', undefined],
    ['create_snapshot_only', 'analytics-staging', false, 'succeeded', undefined],
    ['create_snapshot_only', 'tickets-staging', true, 'succeeded', undefined],
  ] as const)('%s of %s begins, and whoever approves sees it', async (task, identifier, isCluster, status, source) => {
    const { run } = await started({ identifier, task, isCluster });
    await there(run);
    const { request, plan } = await drive.until(run, status, 2);

    expect(request.channel).toBe('C0DBOPS001');
    expect(await drive.card(run)).toContain(`(run ${run})`);
    expect(plan?.source).toMatchObject(
      source ? { kind: 'snapshot', arn: expect.stringMatching(source) } : { kind: 'now' },
    );
  });
});
