import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const inventory = {
  head: { pk: { S: 'inventory#head' }, parts: { N: '1' } },
  part: {
    pk: { S: 'inventory#0' },
    entries: { L: [{ M: { name: { S: 'orders-staging' }, kind: { S: 'instance' }, status: { S: 'available' } } }] },
  },
};

const slackAnswers: Record<string, object> = {
  'auth.test': { ok: true, team_id: 'T1', bot_id: 'B1', user_id: 'U0' },
  'users.info': { ok: true, user: { id: 'U1', team_id: 'T1' } },
  'conversations.info': { ok: true, channel: { id: 'C1', is_member: true } },
  'views.open': { ok: true, view: { id: 'V1' } },
};

/** The outside world of one command, on loopback: AWS (every signature checked) and Slack's Web API. */
export class Stub {
  /** What was called since the last `take`, for example `GetItem` and `views.open`. */
  #calls: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const answer = this.#answer(request, body);
        response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { __type: 'InvalidSignatureException' }));
      });
    });
  }

  static async start(): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  environment(policyFile: string): Record<string, string> {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_DYNAMODB: url,
      TABLE_NAME: 'trapheus',
      STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Trapheus',
      TICK_QUEUE_URL: `${url}/queue`,
      SECRET_ID: 'slack',
      POLICY_FILE: policyFile,
      SLACK_API_URL: `${url}/`,
      RESPONSE_URL: `${url}/response`,
    };
  }

  /** What was called since the last time, sorted. */
  take(): string[] {
    const calls = this.#calls.sort();
    this.#calls = [];
    return calls;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #answer(request: IncomingMessage, body: string): object | undefined {
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      const method = (request.url ?? '').slice(1);
      this.#calls.push(method);
      return request.headers.authorization === 'Bearer xoxb-1' ? slackAnswers[method] : undefined;
    }
    const operation = String(target).split('.')[1] ?? '';
    this.#calls.push(operation);
    if (!isSigned(request, body)) return undefined;
    const input = JSON.parse(body) as { Key?: { pk: { S: string } }; VersionStage?: string };
    if (operation === 'GetSecretValue')
      return { SecretString: JSON.stringify({ botToken: 'xoxb-1', signingSecret: 'shh' }) };
    if (operation === 'UpdateItem' || operation === 'PutItem') return {};
    const key = input.Key?.pk.S;
    if (key === 'inventory#head') return { Item: inventory.head };
    return key === 'inventory#0' ? { Item: inventory.part } : {};
  }
}

/** AWS: Signature Version 4, checked from the request's own words. */
function isSigned(request: IncomingMessage, body: string): boolean {
  const [, id, scope, names, signature] =
    /Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(request.headers.authorization ?? '') ??
    [];
  if (id === undefined || scope === undefined || names === undefined) return false;
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const lines = names.split(';').map((name) => `${name}:${String(request.headers[name])}\n`);
  const canonical = ['POST', request.url ?? '/', '', lines.join(''), names, sha(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(mac, `AWS4${secretAccessKey}`);
  return mac(key, text).toString('hex') === signature;
}
