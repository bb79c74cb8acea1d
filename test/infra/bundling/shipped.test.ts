import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EntryName, entries } from '../../../infra/bundle';
import type { Deployed } from '../../../infra/local/lambda';
import { TrapheusStack } from '../../../infra/stack';
import type { Log } from '../../../orchestrator/log';
import { kibLimits } from '../../bench/ack/limits';
import { Drive } from '../../stories/drive';
import { before, holds } from '../../stories/invariants';
import { quick } from '../../stories/quick';

type Create = (environment: object, clock: object, ...rest: unknown[]) => Deployed['handler'];

// The files speak through sockets, as they do where they are deployed: in memory nobody would hear them.
const { front: _wires, tableEngine: _memory, ...onSockets } = quick;

const folder = mkdtempSync(join(tmpdir(), 'trapheus-shipped-'));
const files = new Map<string, string>();
let drive: Drive | undefined;

/** As `npm run deploy` would upload them: each function's own, out of the synthesised stack. */
beforeAll(() => {
  const stack = new TrapheusStack(new App({ outdir: folder }), 'Trapheus');
  const functions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  for (const name of Object.keys(entries)) {
    const [, { Properties } = { Properties: {} }] =
      functions.find(([id]) => id.toLowerCase().startsWith(`${name}function`)) ?? [];
    const { S3Key } = Properties.Code as { S3Key: string };
    files.set(name, join(folder, `asset.${S3Key.replace('.zip', '')}`, 'index.js'));
  }
}, 180_000);
afterEach(() => drive?.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** The sandbox, with its functions replaced by the files that a deployment ships. */
async function shipped(): Promise<{ drive: Drive; errors: string[] }> {
  const errors: string[] = [];
  const log: Log = (level, event, fields) => {
    if (level === 'error') errors.push(`${event} ${JSON.stringify(fields)}`);
  };
  const started = await Drive.start(onSockets);
  drive = started;
  const { sandbox } = started;
  const environment = {
    TABLE_NAME: sandbox.tableName,
    STATE_MACHINE_ARN: sandbox.stateMachineArn,
    TICK_QUEUE_URL: sandbox.queue.url(sandbox.endpoints.sqs),
    SECRET_ID: 'trapheus/slack',
    POLICY_FILE: join(dirname(files.get('worker') ?? ''), 'policy.json'),
    SLACK_API_URL: sandbox.slackApiUrl,
    COMMAND: '/trapheus',
  };
  const require = createRequire(__filename);
  const deploy = (name: EntryName, ...rest: unknown[]) => {
    const { create } = require(files.get(name) ?? '') as { create: Create };
    const handler = create(environment, sandbox.clock, ...rest);
    sandbox.lambda.deploy(`trapheus-${name}`, { handler, timeoutSeconds: 25 });
  };
  deploy('slack', () => Date.parse('2026-11-22T10:00:00Z'), log);
  deploy('notifier', log);
  deploy('worker', log);
  deploy('watcher', log);
  deploy('ended', log);
  return { drive: started, errors };
}

describe('the files that a deployment ships', () => {
  test('are each function’s own, with a map of its sources beside it', () => {
    expect(new Set(files.values()).size).toBe(Object.keys(entries).length);
    for (const [name, entry] of Object.entries(entries)) {
      const { sources } = JSON.parse(readFileSync(`${files.get(name)}.map`, 'utf8')) as { sources: string[] };
      expect([name, sources.some((source) => source.endsWith(entry))]).toEqual([name, true]);
    }
  });

  test.each(Object.entries(kibLimits))('are small: %s has at most %d KiB', (name, limit) => {
    expect(readFileSync(files.get(name) ?? '').length / 1024).toBeLessThanOrEqual(limit);
  });

  test('change no database where Slack calls: the commands are not even there', () => {
    const carried = (name: string) => readFileSync(files.get(name) ?? '', 'utf8').match(/"DeleteDBInstance"/g) ?? [];

    expect(carried('worker')).not.toEqual([]);
    expect(carried('slack')).toEqual([]);
  });

  test('restore a database and take it back, through the sandbox’s AWS and Slack', async () => {
    const { drive, errors } = await shipped();
    const world = before(drive);
    const original = drive.database('orders-staging')?.resourceId;

    const run = await drive.approved('orders-staging');
    await drive.until(run, (record) => record.at?.step === 'hold');
    expect(drive.database('orders-staging')?.resourceId).not.toBe(original);
    expect(await drive.card(run)).toContain('Prove it equal');

    await drive.click('ana', run, 'undo');
    const record = await drive.ended(run);

    expect(record.status).toBe('undone');
    expect(drive.database('orders-staging')?.resourceId).toBe(original);
    expect(errors).toEqual([]);
    await holds(drive, run, world);
  });

  test('meet refusals, throttling and lost answers as the SDK’s own clients do', async () => {
    const { drive } = await shipped();
    const unknown = await drive.as('ana').command('restore no-such-database');
    expect(JSON.stringify(unknown.ephemeral)).toContain('no-such-database');
    const run = await drive.requested('orders-staging');
    drive.arm(
      { service: 'dynamodb', operation: 'UpdateItem', kind: 'throttle', times: 3 },
      { service: 'dynamodb', operation: 'PutItem', kind: 'lost-answer', times: 1 },
      { service: 'states', operation: 'SendTaskSuccess', kind: '5xx', times: 2 },
      { service: 'rds', operation: 'DescribeDBInstances', kind: 'throttle', times: 2 },
      { service: 'rds', operation: 'RestoreDBInstanceFromDBSnapshot', kind: 'lost-answer', times: 1 },
      { service: 'sqs', operation: 'SendMessageBatch', kind: '5xx', times: 1 },
      { service: 'slack', operation: 'chat.update', kind: 'throttle', times: 1 },
    );

    await drive.click('ben', run, 'approve');
    await drive.until(run, (record) => record.at?.step === 'hold');

    expect(drive.executions(run)).toHaveLength(1);
    expect(await drive.card(run)).toContain('Prove it equal');
  });
});
