import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, entries } from '../../infra/bundle';

const folder = mkdtempSync(join(tmpdir(), 'trapheus-bundle-'));
const servers: Server[] = [];

afterAll(async () => {
  rmSync(folder, { recursive: true });
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Answers every request with what `answer` makes of its path. */
async function answering(answer: (path: string) => object): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(request.url ?? '')));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function signed(body: string, secret: string): object {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  };
  return { version: '2.0', headers, body, isBase64Encoded: false, requestContext: { http: { method: 'POST' } } };
}

/** Runs the bundle as Lambda does: a process of its own, with its environment set before it loads. */
async function invoked(
  file: string,
  event: object,
  environment: Record<string, string>,
): Promise<{ statusCode: number; body: string }> {
  const script =
    'require(process.argv[1]).handler(JSON.parse(process.argv[2]), {}).then((answer) => console.log(JSON.stringify(answer)))';
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, file, JSON.stringify(event)], {
    env: environment,
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

describe('the bundle that Lambda loads', () => {
  test('answers a signed command without the modules that were left out', async () => {
    const secrets = await answering(() => ({
      SecretString: JSON.stringify({ botToken: 'xoxb-1', signingSecret: 'shh' }),
    }));
    const slack = await answering((path) =>
      path.endsWith('auth.test')
        ? { ok: true, team_id: 'T1', bot_id: 'B1', user_id: 'U0' }
        : { ok: true, user: { id: 'U1', team_id: 'T1' } },
    );
    const policyFile = join(folder, 'policy.json');
    writeFileSync(policyFile, '{ "rules": [], "databases": [] }');
    const environment = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets,
      TABLE_NAME: 'trapheus',
      STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Trapheus',
      TICK_QUEUE_URL: 'http://127.0.0.1:1/queue',
      SECRET_ID: 'slack',
      POLICY_FILE: policyFile,
      SLACK_API_URL: slack,
    };
    await bundle(entries.slack, folder);
    const file = join(folder, 'index.js');
    const form = {
      command: '/trapheus',
      text: 'help',
      user_id: 'U1',
      team_id: 'T1',
      channel_id: 'C1',
      trigger_id: '1.2.3',
    };
    const body = new URLSearchParams(form).toString();

    const answer = await invoked(file, signed(body, 'shh'), environment);
    const forged = await invoked(file, signed(body, 'guessed'), environment);

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('/trapheus restore');
    expect(forged.statusCode).toBe(401);
  });
});
