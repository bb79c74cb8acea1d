import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TrapheusStack } from '../../infra/stack';
import { Drive, sunday } from '../stories/drive';
import { quick } from '../stories/quick';
import { authorised } from './called';
import { allows, type Call, type Resources } from './simulate';

jest.setTimeout(180_000);
const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
const context = { 'aws:cdk:bundling-stacks': [], identifierPatterns: ['*-staging*', '*-prod*'] };
const template = Template.fromStack(new TrapheusStack(new App({ outdir, context }), 'Trapheus'));
const resources = template.toJSON().Resources as Resources;
const idOf = (type: string, start: string) =>
  Object.keys(template.findResources(type)).find((id) => id.startsWith(start)) ?? `no ${start}`;
const names = {
  table: idOf('AWS::DynamoDB::Table', 'Records'),
  queue: idOf('AWS::SQS::Queue', 'TicksQueue'),
  secret: idOf('AWS::SecretsManager::Secret', 'SlackSecret'),
};

let drive: Drive;
/** Every different call that a function has made, with what IAM would be asked. */
const asked = new Map<string, { role: string; call: Call }>();
beforeEach(async () => {
  drive = await Drive.start({
    ...quick,
    knobs: { ...quick.knobs, clusterRestoreSeconds: 60, memberCreateSeconds: 40, clusterRenameSeconds: 30 },
  });
  drive.sandbox.onCall((record) => {
    if (record.by === undefined) return;
    const role = record.by.replace(/^trapheus-(.)/, (_, first: string) => first.toUpperCase());
    for (const call of authorised(record, names)) asked.set(JSON.stringify([role, call]), { role, call });
  });
});
afterEach(() => drive.close());
afterAll(() => rmSync(outdir, { recursive: true }));

/** What a role was refused, that the code needs. */
function refused(): string[] {
  const calls = [...asked.values()].filter(({ role, call }) => !allows(resources, role, call));
  asked.clear();
  return calls.map(
    ({ role, call }) => `${role}: ${call.action} ${call.resource} ${JSON.stringify(call.context ?? {})}`,
  );
}

test('an instance: replaced, and undone', async () => {
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.at?.step === 'hold');
  await drive.as('ana').home();
  await drive.click('ana', run, 'undo');
  await drive.ended(run);

  expect(new Set([...asked.values()].map(({ role }) => role))).toEqual(
    new Set(['Slack', 'Worker', 'Watcher', 'Notifier']),
  );
  expect(asked.size).toBeGreaterThan(100);
  expect(refused()).toEqual([]);
});

test('an instance: to a point in time, and the original removed', async () => {
  const run = await drive.approved('orders-staging', { snapshot: '@time', at: sunday - 90 * 60_000 });
  await drive.until(run, (one) => one.at?.step === 'hold');
  await drive.click('ana', run, 'remove-now');
  await drive.ended(run);

  expect(refused()).toEqual([]);
});

test('a cluster with its members and endpoints: from a fresh snapshot', async () => {
  const run = await drive.approved('tickets-staging', { snapshot: '@now' });
  await drive.until(run, 'succeeded', 8);
  await drive.click('ana', run, 'remove-now');
  await drive.ended(run);

  expect(refused()).toEqual([]);
});

test('an execution that somebody stops: the run is taken back', async () => {
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.at?.step === 'restore-copy');
  await drive.stopExecution(run);
  await drive.ended(run);

  expect([...asked.values()].some(({ role }) => role === 'Ended')).toBe(true);
  expect(refused()).toEqual([]);
});

test('what is asked of IAM is what a call says', () => {
  const record = { service: 'dynamodb', operation: 'UpdateItem', nth: 1, at: 0, status: 200 } as const;
  const body = JSON.stringify({
    Key: { pk: { S: 'wait#r7k3q9xz' } },
    UpdateExpression: 'SET nextLookAt = :at, #run = if_not_exists(#run, :run) REMOVE token',
    ExpressionAttributeNames: { '#run': 'run' },
    ReturnValues: 'NONE',
  });

  const [call] = authorised({ ...record, body }, names);
  expect(call?.context).toEqual({
    'dynamodb:LeadingKeys': ['wait#r7k3q9xz'],
    'dynamodb:Attributes': ['pk', 'run', 'nextLookAt', 'token'],
    'dynamodb:ReturnValues': 'NONE',
  });
  expect(call && allows(resources, 'Slack', call)).toBe(false);
  expect(call && allows(resources, 'Worker', call)).toBe(true);
});
