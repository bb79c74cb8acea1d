import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

/** What `npm start` runs; the environment holds nothing of this process but the path. */
function start(environment: Record<string, string>, ...flags: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'infra/local/main.ts', ...flags], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let out = '';
  let problems = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString();
  });
  const ready = async () => {
    while (!out.includes('\n')) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${problems}`);
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    }
    return /^Trapheus sandbox ready at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(out.split('\n')[0] ?? '')?.[1] ?? '';
  };
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return { code: child.exitCode, problems };
  };
  return { child, ready, ended, out: () => out };
}

async function call(url: string, body?: object) {
  const response = await fetch(url, body ? { method: 'POST', body: JSON.stringify(body) } : {});
  return JSON.parse(await response.text());
}

/** What the answers hold is the assertions' business. */
function named(list: { name: string; messages: { ts: string }[]; resourceId: string }[], name: string) {
  const found = list.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
}

test('npm start serves a whole restore over HTTP, and stops when it is told to', async () => {
  const { child, ready, ended, out } = start({ PORT: '0', SPEED: '100000' });
  const url = await ready();
  const act = (input: object) => call(`${url}/sandbox/act`, input);
  const state = () => call(`${url}/sandbox/state`);

  const { view } = await act({ user: 'ana', channel: 'db-ops', command: '/trapheus', text: 'restore orders-staging' });
  const page = await act({ user: 'ana', view_id: view.view_id, submit: { reason: { reason: 'load test' } } });
  const sent = await act({ user: 'ana', view_id: page.view.view_id, submit: {} });
  expect(sent).toMatchObject({ status: 200, view: { title: { text: 'Request sent' } } });
  await call(`${url}/sandbox/clock`, { advanceSeconds: 30 });
  const { channels } = await state();
  const [card] = named(channels, 'db-ops').messages;
  const approved = await act({ user: 'ben', channel: 'db-ops', message_ts: card?.ts, action_id: 'approve' });
  expect(approved).toMatchObject({ status: 200 });

  const run = await until(async () => {
    const [first] = (await state()).runs;
    return ['running', 'waiting', 'requested'].includes(first.status) ? undefined : first;
  });
  expect(run).toMatchObject({ status: 'succeeded', request: { database: 'orders-staging' } });
  const { databases } = await state();
  const { resourceId } = named(databases, 'orders-staging');
  expect(resourceId).toBe(run.facts.copy.resourceId);

  child.kill('SIGTERM');
  expect(await ended()).toMatchObject({ code: 0 });
  expect(out()).toBe(`Trapheus sandbox ready at ${url}\n`);
});

test.each(['SIGTERM', 'SIGINT'] as const)('whoever has read the ready line may stop it with %s', async (signal) => {
  const { child, ready, ended } = start({ PORT: '0' });
  await ready();

  child.kill(signal);

  expect(await ended()).toMatchObject({ code: 0 });
});

test('says so when the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const { code, problems } = await start({ PORT: String(port) }).ended();

  other.close();
  expect(code).toBe(1);
  expect(problems).toContain(`Port ${port} is taken.`);
  expect(problems).not.toContain('    at ');
});

test('names what is wrong with PORT and SPEED', async () => {
  const { code, problems } = await start({ PORT: 'three', SPEED: '0' }).ended();

  expect(code).toBe(1);
  expect(problems).toMatch(/PORT is a number/);
  expect(problems).toMatch(/SPEED/);
});

test('a workspace that refuses the app token: the reason, what to do, and no stack trace', async () => {
  // Slack as far as the socket, which it does not open.
  const answers: Record<string, object> = {
    'auth.test': { ok: true, team: 'Acme', user: 'trapheus', url: 'https://acme.slack.com/' },
    'users.list': { ok: true, members: [{ id: 'U0ANA00001' }] },
  };
  const slack = createHttpServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[method] ?? { ok: false, error: 'invalid_auth' }));
  }).listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const { port } = slack.address() as AddressInfo;
  const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
  const { ended, out } = start({ PORT: '0', SLACK_API_URL: `http://127.0.0.1:${port}/api/`, ...tokens }, '--slack');

  const { code, problems } = await ended();

  slack.close();
  slack.closeAllConnections();
  expect(code).toBe(1);
  expect(problems).toContain('Slack did not accept SLACK_APP_TOKEN: invalid_auth.');
  expect(problems).toContain('App-Level Tokens, with the scope connections:write');
  expect(problems).not.toContain('    at ');
  expect(out()).toBe('');
});

test('a policy that is none is named with its mistakes', async () => {
  const { code, problems } = await start({ PORT: '0', POLICY_FILE: 'package.json' }).ended();

  expect(code).toBe(1);
  expect(problems).toMatch(/POLICY_FILE=package\.json: policy\.yml has \d+ mistakes/);
  expect(problems).not.toContain('    at ');
});
