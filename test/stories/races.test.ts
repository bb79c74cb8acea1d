import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AddTagsToResourceCommand } from '@aws-sdk/client-rds';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import { RdsDatabases } from '../../orchestrator/aws/databases';
import { createParts } from '../../orchestrator/aws/parts';
import { Door } from '../../orchestrator/door/door';
import type { Run } from '../../orchestrator/run';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

/** What comes between two writes, two reads or two renames, each found by looking for it. */
let drive: Drive;
afterEach(() => drive.close());

const always = 1_000_000;
const isHolding = (run: Run) => run.at?.step === 'hold';
const isOver = (run: Run) => run.finishedAt !== undefined || run.stop !== undefined;
const secondRename = (run: string) => ({ match: `-trapheus-${run}`, alsoMatch: 'NewDBInstanceIdentifier' });

/** Slack does not wait its three seconds twice for a function that is dead. */
const dying = { ...quick, slackKnobs: { answerWithinMs: 2_000 } };

/** The door, as another Slack function would hold it, on the policy of these stories. */
function door(): Door {
  const config = {
    tableName: drive.sandbox.tableName,
    stateMachineArn: drive.sandbox.stateMachineArn,
    tickQueueUrl: 'http://127.0.0.1:1/none',
    policyFile: quick.policyFile as string,
  };
  return new Door({ ...createParts(config, drive.sandbox.clock), ticks: { send: async () => undefined } });
}

test('an Undo that comes while the removal looks wins: the original is not deleted', async () => {
  drive = await Drive.start(quick);
  const original = drive.database('orders-staging')?.resourceId;
  const run = await drive.approved('orders-staging');
  await drive.until(run, isHolding);
  await drive.settle();
  const pressed: boolean[] = [];
  const real = Object.getOwnPropertyDescriptor(RdsDatabases.prototype, 'byResourceId')
    ?.value as RdsDatabases['byResourceId'];
  RdsDatabases.prototype.byResourceId = async function (id) {
    const found = await real.call(this, id);
    const isRemoving =
      id === original &&
      found?.name.includes('-old-') &&
      drive.sandbox.clock.now() >= (drive.run(run).hold?.until ?? 0);
    if (isRemoving && pressed.length === 0) {
      pressed.push(true);
      pressed.push((await door().undo({ run, by: 'U0ANA00001' })).ok);
    }
    return found;
  };

  try {
    await drive.ended(run);
  } finally {
    RdsDatabases.prototype.byResourceId = real;
  }

  expect(pressed).toEqual([true, true]);
  expect(drive.run(run).status).toBe('undone');
  expect(drive.database('orders-staging')?.resourceId).toBe(original);
});

test('a copy that answered is deleted only with a snapshot, although its rename was never recorded', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  const fault = { service: 'rds', operation: 'ModifyDBInstance', kind: 'lost-answer', times: always } as const;
  drive.arm({ ...fault, ...secondRename(run) });
  await drive.until(run, (one) => one.facts.swap?.nameFreeAt !== undefined);
  drive.arm({ service: 'sqs', operation: 'deliver', kind: 'drop', times: always });
  const copy = drive.run(run).facts.copy?.resourceId;
  const answers = () =>
    drive.database('orders-staging')?.resourceId === copy && drive.database('orders-staging')?.status === 'available';
  expect(await drive.sandbox.clock.runUntil(answers, 600_000)).toBe(true);
  expect(drive.run(run).facts.swap?.takenAt).toBeUndefined();

  await drive.click('ana', run, 'cancel');
  drive.sandbox.faults.reset();
  const record = await drive.ended(run);

  expect(record.status).toBe('cancelled');
  expect(drive.snapshots().find((one) => one.id === `orders-staging-copy-trapheus-${run}`)?.status).toBe('available');
});

test('a copy that fails after it took the name gives it back at once', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.facts.swap?.takenAt !== undefined);
  const copy = drive.run(run).facts.copy?.resourceId;
  const isRebooting = () =>
    drive
      .databases()
      .some((one) => one.resourceId === copy && one.name === 'orders-staging' && one.status === 'rebooting');
  expect(await drive.sandbox.clock.runUntil(isRebooting, 600_000)).toBe(true);
  drive.sandbox.rds.setStatus('orders-staging', 'incompatible-parameters');

  await drive.settle(60);

  expect(drive.run(run).stop?.problem.code).toBe('copy-failed');
  expect(world.databases.length).toBeGreaterThan(0);
});

describe('a click whose function dies, or whose answer is lost, is seen all the same', () => {
  const look = { service: 'dynamodb', operation: 'UpdateItem', match: 'SET nextLookAt = :at, due = :open' } as const;

  test('an Undo, between its record and its look', async () => {
    drive = await Drive.start(dying);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle(60);
    drive.arm({ ...look, kind: 'crash-before' });

    await drive.click('ana', run, 'undo');
    await drive.settle(30 * 60);

    expect(drive.run(run).status).toBe('undone');
  });

  test('an Undo whose record’s answer is lost', async () => {
    drive = await Drive.start(dying);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle(60);
    drive.arm({ service: 'dynamodb', operation: 'UpdateItem', match: '"undone"', kind: 'lost-answer' });

    const { ephemeral } = await drive.click('ana', run, 'undo');
    await drive.settle(20 * 60);

    expect(ephemeral).toEqual([]);
    expect(drive.run(run).status).toBe('undone');
  });

  test('Retry, between its record and its execution', async () => {
    drive = await Drive.start(dying);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    drive.arm({ service: 'rds', operation: 'DeleteDBInstance', kind: 'access-denied', times: always });
    await drive.click('ana', run, 'remove-now');
    await drive.ended(run);
    await drive.settle(200);
    drive.sandbox.faults.reset();
    drive.arm({ ...look, kind: 'crash-before' });

    await drive.click('ana', run, 'retry-removal');
    await drive.settle(30 * 60);

    expect(drive.run(run).facts.removal?.doneAt).toBeDefined();
  });

  test.each(['crash-after', 'lost-answer'] as const)('a request, at its first write: %s', async (kind) => {
    drive = await Drive.start(dying);
    drive.arm({ service: 'dynamodb', operation: 'PutItem', match: '"draft"', kind });
    const ana = drive.as('ana');
    await ana.command('restore orders-staging');

    await ana.tryRestore({ reason: 'because' });
    await drive.settle(600);

    expect([...drive.sandbox.runs.values()].map((one) => one.status)).toEqual(['waiting']);
  });

  test('an Undo that died with the lock in its hand does not keep the database', async () => {
    drive = await Drive.start(dying);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle(60);
    drive.arm({ service: 'dynamodb', operation: 'PutItem', match: 'lock#orders-staging', kind: 'crash-after' });
    await drive.click('ana', run, 'undo');
    await drive.settle(20 * 60);

    const ana = drive.as('ana');
    await ana.command('restore orders-staging');
    const answer = await ana.tryRestore({ reason: 'again' });

    expect(answer.errors).toBeUndefined();
  });
});

describe('what RDS says for a moment only', () => {
  test('a copy that is not found just after its restore is waited for', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const match = `orders-staging-trapheus-${run}`;
    drive.arm({ service: 'rds', operation: 'DescribeDBInstances', match, kind: 'not-found', times: 3 });
    await drive.click('ben', run, 'approve');

    await drive.until(run, 'succeeded');

    await holds(drive, run, world);
  });

  test('a copy that is not found when it is to be deleted is looked for', async () => {
    drive = await Drive.start(quick);
    const world = before(drive);
    const run = await drive.requested('orders-staging');
    const match = `orders-staging-trapheus-${run}`;
    drive.arm({ service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'crash-after' });
    drive.arm({ service: 'rds', operation: 'DescribeDBInstances', match, kind: 'not-found', skip: 1, times: 3 });
    await drive.click('ben', run, 'approve');
    await drive.until(run, (one) => one.at?.step === 'restore-copy');
    await drive.settle(5);
    await drive.click('ana', run, 'cancel');

    await drive.ended(run);

    await holds(drive, run, world);
  });

  test('a name that is not found once between the renames is tried again', async () => {
    drive = await Drive.start(quick);
    const run = await drive.approved('orders-staging');
    drive.arm({ service: 'rds', operation: 'ModifyDBInstance', ...secondRename(run), kind: 'not-found' });

    const record = await drive.until(run, isOver);

    expect(record.stop).toBeUndefined();
  });

  test('a database that is being modified while people think is waited for', async () => {
    drive = await Drive.start(quick);
    const run = await drive.requested('orders-staging');
    drive.sandbox.rds.setStatus('orders-staging', 'modifying');
    await drive.settle(400);
    expect(drive.run(run).status).toBe('waiting');
    drive.sandbox.rds.setStatus('orders-staging', 'available');

    await drive.click('ben', run, 'approve');

    expect((await drive.until(run, isOver)).stop).toBeUndefined();
  });

  test('a table that fails for a while ends nothing', async () => {
    drive = await Drive.start(quick);
    const run = await drive.approved('orders-staging');
    await drive.until(run, (one) => one.at?.step === 'swap');
    drive.arm({ service: 'dynamodb', operation: 'GetItem', match: 'lock#orders-staging', kind: '5xx', times: 30 });

    const record = await drive.until(run, isOver);

    expect(record.stop).toBeUndefined();
  });
});

describe('others in the same account', () => {
  test('a tag that somebody puts on every new database is no difference', async () => {
    drive = await Drive.start(quick);
    const run = await drive.approved('orders-staging');
    await drive.until(run, (one) => one.at?.step === 'match-settings');
    const copy = drive.databases().find((one) => one.name.endsWith(`-trapheus-${run}`));
    await drive
      .rds()
      .send(new AddTagsToResourceCommand({ ResourceName: copy?.arn, Tags: [{ Key: 'created-by', Value: 'tagger' }] }));

    const record = await drive.until(run, isOver);

    expect(record.stop).toBeUndefined();
    expect(record.facts.report?.find((row) => row.setting === 'tags')).toMatchObject({ verdict: 'on-purpose' });
  });

  test('a run’s own databases are nobody’s to restore, and its keepsakes are not the newest snapshot', async () => {
    drive = await Drive.start(quick);
    const run = await drive.approved('orders-staging');
    await drive.until(run, isHolding);
    await drive.settle(20);
    const requester = { id: 'U0ANA00001', team: 'T0SANDBOX1' };
    const wish = { source: { kind: 'newest' }, target: { kind: 'replace' } } as const;
    const common = { ...wish, reason: 'x', requester, channel: 'C0DBOPS001' };

    const aside = await door().request({ ...common, database: `orders-staging-old-${run}`, key: 'aside' });
    const again = await door().request({ ...common, database: 'orders-staging', key: 'again' });

    expect(aside.ok).toBe(false);
    expect(again.ok).toBe(true);
    const second = await drive.until(again.ok ? again.run.id : '', 'waiting');
    expect(second.plan?.source).toMatchObject({ snapshot: 'orders-staging-snapshot' });
  });

  test('a record that this version cannot read keeps nobody waiting', async () => {
    drive = await Drive.start(quick);
    const client = new DynamoDBClient({
      region,
      endpoint: drive.sandbox.endpoints.dynamodb,
      credentials: { accessKeyId, secretAccessKey },
    });
    const Item = {
      pk: { S: 'run#rzzzzzzz' },
      kind: { S: 'draft' },
      open: { S: 'open' },
      requestedAt: { N: '1' },
      record: { M: { id: { S: 'rzzzzzzz' }, status: { S: 'paused' } } },
    };
    await client.send(new PutItemCommand({ TableName: drive.sandbox.tableName, Item }));
    client.destroy();

    const run = await drive.approved('orders-staging');
    await drive.until(run, 'succeeded');

    expect(drive.log.filter((line) => line.event === 'tick failed')).toEqual([]);
    expect(JSON.stringify((await drive.as('ana').command('status')).ephemeral)).toContain(run);
  });
});
