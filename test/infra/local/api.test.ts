import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { resolve } from 'node:path';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Sandbox } from '../../../infra/local/sandbox';
import { serveSandbox } from '../../../infra/local/serve';

const start = Date.parse('2026-11-22T10:00:00Z');
let sandbox: Sandbox;

beforeAll(async () => {
  const policyFile = resolve(__dirname, '../../stories/policy.yml');
  sandbox = await serveSandbox({ start, policyFile, slackKnobs: { answerWithinMs: 30_000 } }, (_, response) => {
    response.writeHead(200).end('the page');
  });
});
afterAll(() => sandbox.close());

async function get(path: string) {
  const response = await fetch(sandbox.url + path);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function post(path: string, body: unknown) {
  const response = await fetch(sandbox.url + path, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** fetch may not set Host and leaves Origin alone. */
function raw(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; headers: object }> {
  return new Promise((resolve, reject) => {
    httpRequest(sandbox.url + path, { method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    })
      .once('error', reject)
      .end();
  });
}

test('info tells a program all that it needs', async () => {
  const { status, body } = await get('/sandbox/info');

  expect(status).toBe(200);
  expect(body).toMatchObject({
    url: sandbox.url,
    speed: null,
    now: start,
    slack: {
      apiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/$/),
      requestUrl: `${sandbox.url}/slack/events`,
      signingSecret: expect.any(String),
      botToken: expect.stringMatching(/^xoxb-/),
      teamId: expect.any(String),
      appId: expect.any(String),
    },
    aws: {
      region: 'eu-central-1',
      accountId: '111122223333',
      accessKeyId: expect.any(String),
      secretAccessKey: expect.any(String),
      tableName: 'trapheus-runs',
      stateMachineArn: expect.stringMatching(/^arn:aws:states:/),
    },
  });
  expect(Object.keys(body.aws.endpoints).sort()).toEqual(['dynamodb', 'rds', 'secretsmanager', 'sqs', 'states']);
  expect(body.slack.channels).toContainEqual({ id: 'C0DBOPS001', name: 'db-ops' });
  expect(body.slack.users).toContainEqual(
    expect.objectContaining({ id: 'U0ANA00001', name: 'ana', note: expect.any(String) }),
  );
  expect(body.slack.users).not.toContainEqual(expect.objectContaining({ name: 'trapheus' }));
});

test('the keys and endpoints serve an AWS client from outside', async () => {
  const { aws } = (await get('/sandbox/info')).body;
  const client = new RDSClient({ region: aws.region, endpoint: aws.endpoints.rds, credentials: aws });

  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({}));

  client.destroy();
  expect(DBInstances?.map((one) => one.DBInstanceIdentifier)).toContain('orders-staging');
});

test('state shows what people and the account show', async () => {
  const { body } = await get('/sandbox/state');

  expect(body).toMatchObject({
    views: [],
    homes: [],
    runs: [],
    executions: [],
    faults: [],
    pace: 1,
    now: expect.any(Number),
  });
  expect(body.channels).toContainEqual(expect.objectContaining({ id: 'C0DBOPS001', name: 'db-ops', messages: [] }));
  expect(body.databases).toContainEqual(expect.objectContaining({ name: 'orders-prod', status: 'available' }));
  expect(body.snapshots).toContainEqual(expect.objectContaining({ id: 'orders-staging-snapshot' }));
});

test('act answers what Slack and that person see', async () => {
  const { status, body } = await post('/sandbox/act', {
    user: 'ana',
    channel: 'db-ops',
    command: '/trapheus',
    text: 'help',
  });

  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 200, ms: expect.any(Number), ephemeral: [{ channel: 'C0DBOPS001' }] });
  const { body: requests } = await get('/sandbox/requests');
  expect(requests).toEqual([expect.objectContaining({ what: 'command /trapheus', user: 'U0ANA00001' })]);
  expect(requests[0]).toMatchObject({ request: { url: sandbox.requestUrl }, answer: { status: 200 } });
  const { body: calls } = await get('/sandbox/calls');
  expect(calls).toContainEqual(expect.objectContaining({ service: 'secretsmanager', operation: 'GetSecretValue' }));
});

test.each([
  ['no act at all', '/sandbox/act', { user: 'ana' }],
  ['an act of nobody', '/sandbox/act', { user: 'zoe', channel: 'db-ops', command: '/trapheus', text: '' }],
  ['a message that is not there', '/sandbox/act', { user: 'ana', message_ts: '1.000001', action_id: 'approve' }],
  ['a trigger of nobody', '/sandbox/trigger', { user: 'zoe', channel: 'db-ops' }],
  ['an unknown service', '/sandbox/faults', { service: 's3', kind: '5xx' }],
  ['an unknown field', '/sandbox/faults', { service: 'rds', kind: '5xx', time: 3 }],
  ['a fault that nobody could meet', '/sandbox/faults', { service: 'rds', kind: 'drop' }],
  ['an end without a status', '/sandbox/faults', { service: 'rds', kind: 'ends-in' }],
  ['an unknown scenario', '/sandbox/faults', { scenario: 'meteor' }],
  ['no speed', '/sandbox/clock', { speed: 0 }],
  ['two wishes', '/sandbox/clock', { speed: 60, skip: true }],
  ['time going back', '/sandbox/clock', { advanceSeconds: -1 }],
])('refuses %s, and says what to do', async (_, path, body) => {
  const answer = await post(path, body);

  expect(answer).toEqual({
    status: 400,
    body: expect.objectContaining({ error: expect.any(String), hint: expect.any(String) }),
  });
  expect(sandbox.faults.list()).toEqual([]);
});

test('refuses what is not JSON, what is not there, and the wrong method', async () => {
  const notJson = await fetch(`${sandbox.url}/sandbox/act`, { method: 'POST', body: 'command=/trapheus' });
  const nowhere = await get('/sandbox/nowhere');
  const wrongMethod = await fetch(`${sandbox.url}/sandbox/info`, { method: 'DELETE' });

  expect(notJson.status).toBe(400);
  expect(nowhere).toEqual({
    status: 404,
    body: { error: 'there is no /sandbox/nowhere', hint: expect.stringContaining('/sandbox/info') },
  });
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET']);
});

test('serves only this machine, and no page of a stranger', async () => {
  const host = new URL(sandbox.url).host;

  expect(await raw('/sandbox/info', { host: 'rebound.example' })).toMatchObject({ status: 403 });
  expect(await raw('/', { host: 'rebound.example' })).toMatchObject({ status: 403 });
  expect(await raw('/sandbox/info', { host, origin: 'https://stranger.example' })).toMatchObject({ status: 403 });
  const own = await raw('/sandbox/info', { host, origin: sandbox.url });
  expect(own.status).toBe(200);
  expect(own.headers).not.toHaveProperty('access-control-allow-origin');
});

test('what is not /sandbox is the page’s', async () => {
  expect(await (await fetch(`${sandbox.url}/archives/C0DBOPS001/p1`)).text()).toBe('the page');
});

test('a trigger and a response_url serve programs that sign requests themselves', async () => {
  const { slack } = (await get('/sandbox/info')).body;
  const { status, body } = await post('/sandbox/trigger', { user: 'U0ANA00001', channel: 'C0DBOPS001' });
  expect([status, Object.keys(body).sort()]).toEqual([200, ['response_url', 'trigger_id']]);
  const form = new URLSearchParams({
    command: '/trapheus',
    text: 'restore orders-staging',
    team_id: slack.teamId,
    api_app_id: slack.appId,
    user_id: 'U0ANA00001',
    channel_id: 'C0DBOPS001',
    ...body,
  }).toString();
  const send = (signature: string) =>
    fetch(slack.requestUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': at,
        'x-slack-signature': signature,
      },
      body: form,
    });
  const at = String(Math.floor(Date.now() / 1000));
  const digest = (secret: string) => `v0=${createHmac('sha256', secret).update(`v0:${at}:${form}`).digest('hex')}`;

  const forged = await send(digest('another secret'));
  const signed = await send(digest(slack.signingSecret));

  expect([forged.status, signed.status]).toEqual([401, 200]);
  const { body: state } = await get('/sandbox/state');
  expect(state.views).toEqual([
    expect.objectContaining({ user: 'U0ANA00001', view: expect.objectContaining({ type: 'modal' }) }),
  ]);
  await post('/sandbox/act', { user: 'ana', view_id: state.views[0].view_id, close: true });
});

test('faults are armed one by one or as a scenario, listed, and reset', async () => {
  const fault = { service: 'rds', operation: 'DescribeDBInstances', kind: 'throttle', times: 3 };

  expect((await post('/sandbox/faults', fault)).body).toEqual({ faults: [fault] });
  expect((await get('/sandbox/faults')).body).toEqual({ faults: [fault] });
  expect((await post('/sandbox/faults', { reset: true })).body).toEqual({ faults: [] });

  const { body: scenarios } = await get('/sandbox/scenarios');
  for (const { id, title, expect: outcome, faults } of scenarios) {
    expect([id, title, outcome]).not.toContain('');
    const { status, body } = await post('/sandbox/faults', { scenario: id });
    expect([id, status, body.faults.length]).toEqual([id, 200, faults.length]);
    await post('/sandbox/faults', { reset: true });
  }
});

test('the clock moves when it is told to, and skips to a deadline when there is one', async () => {
  const before = sandbox.clock.now();
  expect((await post('/sandbox/clock', { advanceSeconds: 90 })).body.now).toBe(before + 90_000);
  expect(await post('/sandbox/clock', { skip: true })).toMatchObject({
    status: 409,
    body: { error: 'nothing waits for a deadline' },
  });

  const typed = { user: 'ana', channel: 'db-ops', command: '/trapheus', text: 'restore orders-staging --reason x' };
  const { view } = (await post('/sandbox/act', typed)).body;
  const page = (await post('/sandbox/act', { user: 'ana', view_id: view.view_id, submit: {} })).body.view;
  await post('/sandbox/act', { user: 'ana', view_id: page.view_id, submit: {} });
  await post('/sandbox/clock', { advanceSeconds: 60 });
  const [waiting] = (await get('/sandbox/state')).body.runs;
  expect(waiting).toMatchObject({ status: 'waiting', until: expect.any(Number) });

  const { status, body } = await post('/sandbox/clock', { skip: true });

  const { id, until } = waiting;
  expect([status, body.skippedTo]).toEqual([200, { run: id, database: 'orders-staging', step: 'approval', until }]);
  expect(body.now - until).toBeLessThanOrEqual(120_000);
  await post('/sandbox/clock', { advanceSeconds: 60 });
  expect((await get('/sandbox/state')).body.runs).toEqual([expect.objectContaining({ id, status: 'expired' })]);
});

test('events tell a page what changed', async () => {
  const controller = new AbortController();
  const response = await fetch(`${sandbox.url}/sandbox/events`, { signal: controller.signal });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const kinds = new Set<string>();
  let text = '';
  await post('/sandbox/act', { user: 'ana', channel: 'db-ops', command: '/trapheus', text: 'status' });
  await post('/sandbox/clock', { speed: 120 });

  while (!['slack', 'call', 'clock'].every((kind) => kinds.has(kind))) {
    const { value, done } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString('utf8');
    for (const [, data] of text.matchAll(/^data: (.*)$/gm)) kinds.add(JSON.parse(data ?? '{}').kind);
  }

  controller.abort();
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect([...kinds]).toEqual(expect.arrayContaining(['call', 'clock', 'slack']));
});
