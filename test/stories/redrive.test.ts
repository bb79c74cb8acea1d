import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { accessKeyId, region, secretAccessKey } from '../../infra/local/sandbox';
import { redrive } from '../../infra/redrive/redrive';
import { queueOutput } from '../../infra/runbook';
import { RunTable } from '../../orchestrator/aws/run-table';
import { Drive } from './drive';
import { before, holds } from './invariants';
import { quick } from './quick';

let drive: Drive;
afterEach(() => drive.close());

const always = 1_000_000;

/** `npm run redrive`, with an operator's own clients and what the stack tells of itself. */
async function handBack({ onlyLook, queues }: { onlyLook?: boolean; queues?: Record<string, string> } = {}) {
  const { endpoints, onFailure, queue, tableName, stateMachineArn } = drive.sandbox;
  const own = { region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  const clients = {
    sqs: new SQSClient({ ...own, endpoint: endpoints.sqs }),
    lambda: new LambdaClient({ ...own, endpoint: endpoints.lambda }),
    sfn: new SFNClient({ ...own, endpoint: endpoints.states }),
  };
  const table = new DynamoDBClient({ ...own, endpoint: endpoints.dynamodb });
  const outputs = Object.fromEntries(
    Object.values(onFailure).map((one) => [
      queueOutput(one.name.replace('trapheus-', '') as 'cards-unwritten'),
      one.url(endpoints.sqs),
    ]),
  );
  const said: string[] = [];
  const code = await redrive(
    {
      ...clients,
      runs: new RunTable(table, tableName),
      tickQueueUrl: queue.url(endpoints.sqs),
      endedFunctionName: 'trapheus-ended',
      stateMachineArn,
    },
    queues ?? outputs,
    { say: (line) => said.push(line), ...(onlyLook && { onlyLook }) },
  );
  for (const client of [...Object.values(clients), table]) client.destroy();
  return { code, said: said.join('\n') };
}

/** A queue of what nobody could handle, as the operator sees it: how full it is, and whether its alarm rings. */
function queueOf(alarm: 'cards-unwritten' | 'end-unhandled' | 'ticks-undelivered') {
  return { waiting: drive.sandbox.onFailure[alarm].visible, rings: drive.sandbox.alarms.ringing().includes(alarm) };
}

const mails = () => drive.sandbox.alerts.sent.map(({ text }) => text).join('\n');

test('records that the notifier cannot handle land on its queue, the alarm rings, and redrive writes the card', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.requested('orders-staging');
  await drive.click('ben', run, 'approve');
  drive.arm({ service: 'slack', kind: '5xx', times: always });
  await drive.until(run, (one) => one.at?.step === 'hold');
  await drive.settle(600);
  expect(queueOf('cards-unwritten')).toEqual({ waiting: expect.any(Number), rings: true });
  expect(drive.sandbox.onFailure['cards-unwritten'].visible).toBeGreaterThan(0);
  expect(mails()).toContain('runbook.md#cards-unwritten');
  expect(await drive.card(run)).not.toContain('succeeded');

  drive.sandbox.faults.reset();
  // The watcher would have the card written again within minutes: without it, only the redrive does.
  drive.arm({ service: 'lambda', operation: 'trapheus-watcher', kind: 'throttle', times: always });
  const looked = await handBack({ onlyLook: true });
  expect(looked.said).toMatch(/cards-unwritten: \d+ messages?/);
  const { code, said } = await handBack();

  expect(code).toBe(0);
  expect(said).toContain(`the cards of ${run} are written again`);
  // What the mapping still tried when Slack came back has its last wait behind it.
  await drive.settle(60);
  expect(await drive.card(run)).toContain('succeeded');
  await drive.settle(60);
  expect(queueOf('cards-unwritten')).toEqual({ waiting: 0, rings: false });
  drive.sandbox.faults.reset();
  await holds(drive, run, world);
});

test('an end that its function cannot handle lands on its queue after three attempts, and redrive closes the run', async () => {
  drive = await Drive.start(quick);
  const world = before(drive);
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.at?.step === 'snapshot');
  drive.arm(
    { service: 'lambda', operation: 'trapheus-ended', kind: 'crash-before', times: 3 },
    // The watcher would find the run by itself: it is out, too.
    { service: 'lambda', operation: 'trapheus-watcher', kind: 'throttle', times: always },
  );
  await drive.stopExecution(run);
  await drive.settle(300);
  expect(queueOf('end-unhandled')).toEqual({ waiting: 1, rings: true });
  expect(mails()).toContain('runbook.md#end-unhandled');
  expect(drive.executions(run)).toHaveLength(1);

  const { code, said } = await handBack();
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(`execution ${run} (ABORTED)`) });
  await drive.settle(10);
  expect(drive.executions(run).map(({ name }) => name)).toEqual([run, `${run}-r1`]);
  drive.sandbox.faults.reset();
  const record = await drive.ended(run);
  await drive.settle(60);

  expect(record.status).toBe('failed');
  expect(queueOf('end-unhandled')).toEqual({ waiting: 0, rings: false });
  await holds(drive, run, world, { wasStopped: true });
});

test('ticks that fail five times land on their queue, and redrive sends them once more', async () => {
  drive = await Drive.start(quick);
  const run = await drive.approved('orders-staging');
  await drive.until(run, (one) => one.at?.step === 'snapshot');
  // Every read of what is due fails: the watcher answers, and says that it could not.
  drive.arm({ service: 'dynamodb', operation: 'Query', kind: '5xx', times: always });
  await drive.settle(400);
  expect(queueOf('ticks-undelivered')).toEqual({ waiting: expect.any(Number), rings: true });
  const waiting = drive.sandbox.onFailure['ticks-undelivered'].visible;
  expect(waiting).toBeGreaterThan(0);
  expect(mails()).toContain('runbook.md#ticks-undelivered');

  drive.sandbox.faults.reset();
  const { code, said } = await handBack();

  expect(code).toBe(0);
  expect(said.match(/is sent again/g)).toHaveLength(waiting);
  expect(queueOf('ticks-undelivered').waiting).toBe(0);
  expect((await drive.until(run, (one) => one.at?.step === 'hold')).status).toBe('succeeded');
});

test('what is none of ours stays in its queue, and the command says so', async () => {
  drive = await Drive.start(quick);
  drive.sandbox.onFailure['end-unhandled'].put('{"hello":"world"}');

  const { code, said } = await handBack();

  expect(code).toBe(1);
  expect(said).toContain('stays, because it is not in the form');
  await drive.settle(60);
  expect(drive.sandbox.onFailure['end-unhandled'].visible).toBe(1);
});

test('a run that its schedule could not start: redrive starts it, and it passes the same door', async () => {
  drive = await Drive.start({ ...quick, policyFile: resolve('policy.yml') });
  const { onFailure, endpoints, machine, runs } = drive.sandbox;
  const queue = onFailure['end-unhandled'];
  const schedule = {
    database: 'orders-staging',
    kind: 'instance',
    source: 'newest',
    target: 'replace',
    reason: 'nightly',
  };
  queue.put(JSON.stringify({ schedule }));

  const { code, said } = await handBack({ queues: { ScheduleFailedQueueUrl: queue.url(endpoints.sqs) } });
  await drive.settle();

  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('the run of orders-staging is started') });
  expect(queue.visible).toBe(0);
  expect(machine.executions()[0]).toMatchObject({ name: expect.stringMatching(/^redrive-/), status: 'RUNNING' });
  const [run, ...others] = runs.values();
  expect([run?.status, run?.request.requester.id, others]).toEqual(['waiting', 'aws', []]);
});
