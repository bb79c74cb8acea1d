import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlackAppParts } from '../../bot/app';
import { slackHandler } from '../../bot/app';
import { Hurry } from '../../bot/hurry';
import type { Asked } from '../../bot/listener';
import type { Handler } from '../../bot/receiver';
import type { AuditEvent } from '../../orchestrator/audit-event';
import type { Answer } from '../../orchestrator/door/acting';
import { refused } from '../../orchestrator/errors';
import { parsePolicy, type Rule, ruleFor } from '../../orchestrator/policy';
import type { Database, Freeze, InventoryEntry, Snapshot } from '../../orchestrator/ports';
import type { Run } from '../../orchestrator/run';
import { hour, house, noon, requested } from './runs';

export const policy = parsePolicy(`
rules:
  - name: staging
    databases: ["*-staging"]
    request: everyone
    approve: { by: [U0ALICE, U0BOB], count: 1 }
  - name: production
    databases: ["*-prod"]
    request: [U0ALICE]
    approve: { by: [U0ALICE, U0BOB], count: 2 }
databases: []
`);

/** A door that says yes, writes down what it was asked, and refuses what a test tells it to. */
export class FakeDoor implements Asked {
  readonly asked: [string, unknown][] = [];
  runs: Run[] = [];
  past: Run[] = [];
  refusal: Extract<Answer, { ok: false }> | undefined;

  async mayRequest(input: { database: string; person: string; channel: string }): ReturnType<Asked['mayRequest']> {
    this.asked.push(['mayRequest', input]);
    return this.refusal ?? { ok: true, rule: ruleFor(policy, 'orders-staging') as Rule };
  }
  async request(input: Parameters<Asked['request']>[0]): Promise<Answer> {
    this.asked.push(['request', input]);
    return this.refusal ?? { ok: true, run: requested() };
  }
  async review(input: Parameters<Asked['review']>[0]): ReturnType<Asked['review']> {
    this.asked.push(['review', input]);
    const { database, source, target } = input;
    const rule = ruleFor(policy, database) as Rule;
    const snapshots = this.snapshot && { snapshot: this.snapshot };
    return (
      this.refusal ?? {
        ok: true,
        wish: { database, source, target },
        rule,
        holder: this.holder,
        from: this.holder,
        snapshot: undefined,
        ...snapshots,
      }
    );
  }
  holder: Database | undefined;
  snapshot: Snapshot | undefined;
  startNow = this.#answering('startNow');
  mayDecide = this.#answering('mayDecide');
  decide = this.#answering('decide');
  mayBreakGlass = this.#answering('mayBreakGlass');
  breakGlass = this.#answering('breakGlass');
  current: Freeze | undefined;
  async mayAdministrate(): ReturnType<Asked['mayAdministrate']> {
    return this.refusal ?? { ok: true };
  }
  async freeze(input: Parameters<Asked['freeze']>[0]): ReturnType<Asked['freeze']> {
    this.asked.push(['freeze', input]);
    if (this.refusal) return this.refusal;
    this.current = { by: input.by, at: noon, reason: input.reason };
    return { ok: true, freeze: this.current };
  }
  async unfreeze(input: Parameters<Asked['unfreeze']>[0]): ReturnType<Asked['unfreeze']> {
    this.asked.push(['unfreeze', input]);
    const freeze = this.current;
    if (freeze === undefined) return refused('not-frozen');
    this.current = undefined;
    return { ok: true, freeze, woken: Promise.resolve() };
  }
  async frozen(): Promise<Freeze | undefined> {
    return this.current;
  }
  mayStop = this.#answering('mayStop');
  cancel = this.#answering('cancel');
  undo = this.#answering('undo');
  extend = this.#answering('extend');
  removeNow = this.#answering('removeNow');
  retryRemoval = this.#answering('retryRemoval');
  release = this.#answering('release');
  async find(id: string): Promise<Run | undefined> {
    return this.runs.find((run) => run.id === id);
  }
  async open(): Promise<Run[]> {
    return this.runs;
  }
  async recent(): Promise<Run[]> {
    return this.past;
  }
  async listed(list: 'open' | 'past'): Promise<string[]> {
    return (list === 'open' ? this.runs : this.past).map(({ id }) => id);
  }
  async all(ids: readonly string[]): Promise<Run[]> {
    return [...this.runs, ...this.past].filter(({ id }) => ids.includes(id));
  }
  refused: AuditEvent[] = [];
  async refusals(): Promise<AuditEvent[]> {
    return this.refused;
  }
  async ofDatabase(database: string): Promise<Run[]> {
    return this.runs.filter((run) => run.request.database === database);
  }

  #answering(name: string) {
    return async (input: { run: string }): Promise<Answer> => {
      this.asked.push([name, input]);
      if (this.refusal) return this.refusal;
      const run = this.runs.find((one) => one.id === input.run);
      return run ? { ok: true, run } : refused('unknown-run', { run: input.run });
    };
  }
}

export interface SlackCall {
  method: string;
  /** The form's fields; those that are JSON are parsed. */
  fields: Record<string, unknown>;
}

/** Answers Web API calls and response_urls over HTTP, and keeps what it was sent. */
export class FakeSlack {
  readonly calls: SlackCall[] = [];
  /** By method: what to answer instead of ok. A number is an HTTP status. */
  readonly answers: Record<
    string,
    Record<string, unknown> | number | ((fields: Record<string, unknown>) => Record<string, unknown> | number)
  > = {};
  readonly #server: Server;
  #posted = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const method = (request.url ?? '').replace(/^\/(api\/)?/, '');
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
        const fields = isJson ? (JSON.parse(text) as Record<string, unknown>) : formFields(text);
        this.calls.push({ method, fields });
        const answer = this.#answer(method, fields);
        const status = typeof answer === 'number' ? answer : 200;
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(status === 429 && { 'retry-after': '30' }),
        });
        response.end(JSON.stringify(typeof answer === 'number' ? { ok: false } : answer));
      });
    });
  }

  static async start(): Promise<FakeSlack> {
    const slack = new FakeSlack();
    await new Promise<void>((resolve) => slack.#server.listen(0, '127.0.0.1', resolve));
    return slack;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  of(method: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map(({ fields }) => fields);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections();
      this.#server.close(() => resolve());
    });
  }

  #answer(method: string, fields: Record<string, unknown>): Record<string, unknown> | number {
    const told = this.answers[method];
    if (told !== undefined) return typeof told === 'function' ? told(fields) : told;
    if (method === 'auth.test')
      return { ok: true, url: 'https://home.slack.com/', team_id: 'T0HOME', user_id: 'U0BOT', bot_id: 'B0BOT' };
    if (method === 'users.info')
      return { ok: true, user: { id: fields.user, team_id: 'T0HOME', name: String(fields.user).toLowerCase() } };
    if (method === 'conversations.info') return { ok: true, channel: { id: fields.channel, is_member: true } };
    if (method === 'chat.postMessage') {
      this.#posted += 1;
      return { ok: true, channel: fields.channel, ts: `1790000000.00000${this.#posted}` };
    }
    return { ok: true };
  }
}

function formFields(text: string): Record<string, unknown> {
  const parsed = [...new URLSearchParams(text)].map(([key, value]) => {
    const isData = ['blocks', 'view'].includes(key);
    return [key, isData ? (JSON.parse(value) as unknown) : value] as const;
  });
  return Object.fromEntries(parsed);
}

export const signingSecret = 'a-signing-secret-of-the-tests';
/** Wall time of all requests. */
export const wallNow = Date.UTC(2026, 10, 22, 9);

/** An HTTP API event (payload 2.0) as Slack's signed request makes it. */
export function signedEvent(body: string, options: { type?: string; secret?: string; at?: number } = {}) {
  const { type = 'application/x-www-form-urlencoded', secret = signingSecret, at = wallNow } = options;
  const timestamp = String(Math.floor(at / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    version: '2.0',
    rawPath: '/slack/events',
    requestContext: { http: { method: 'POST' } },
    headers: { 'content-type': type, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } as Record<
      string,
      string
    >,
    body,
    isBase64Encoded: false,
  };
}

export const inventory: InventoryEntry[] = [
  {
    name: 'orders-staging',
    kind: 'instance',
    engine: 'postgres',
    version: '15.4',
    class: 'db.r6g.large',
    status: 'available',
    environment: 'staging',
    isClonable: false,
  },
  {
    name: 'billing-staging',
    kind: 'instance',
    engine: 'mysql',
    version: '8.0.36',
    class: 'db.t4g.micro',
    status: 'available',
    environment: 'staging',
    isClonable: false,
  },
  {
    name: 'my-orders-staging',
    kind: 'instance',
    engine: 'postgres',
    version: '15.4',
    class: 'db.t4g.micro',
    status: 'available',
    environment: undefined,
    isClonable: false,
  },
  {
    name: 'orders-prod',
    kind: 'cluster',
    engine: 'aurora-postgresql',
    version: '15.4',
    class: 'db.r6g.large',
    status: 'available',
    environment: 'production',
    isClonable: false,
  },
  {
    name: 'nobodys',
    kind: 'instance',
    engine: 'postgres',
    version: '15.4',
    class: 'db.t4g.micro',
    status: 'available',
    environment: undefined,
    isClonable: false,
  },
];

export function snapshot(id: string, hoursAgo: number, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    kind: 'instance',
    id,
    arn: `arn:${id}`,
    database: 'orders-staging',
    status: 'available',
    isAvailable: true,
    hasFailed: false,
    percent: 100,
    createdAt: noon - hoursAgo * hour,
    engine: 'postgres',
    version: '15.4',
    sizeGib: 100,
    type: 'manual',
    encrypted: true,
    isToCopy: false,
    unusable: undefined,
    ...changes,
  };
}

/** The Slack side of Trapheus as it is deployed, with people who press and type. */
export class Bot {
  readonly door = new FakeDoor();
  readonly logged: [string, string, Record<string, unknown>][] = [];
  snapshots: Snapshot[] = [];
  entries: InventoryEntry[] = inventory;
  shown: Record<string, { channel: string; ts: string }> = {};
  now = noon;
  readonly handler: Handler;
  readonly slack: FakeSlack;
  #triggers = 0;

  constructor(slack: FakeSlack, changes: Partial<SlackAppParts> = {}) {
    this.slack = slack;
    this.handler = slackHandler({
      door: this.door,
      inventory: {
        list: async () => this.entries,
        used: async () => undefined,
      },
      databases: {
        find: async () => undefined,
        snapshotsOf: async () => this.snapshots,
        sharedSnapshots: async () => [],
        restorable: async () => undefined,
      },
      cards: { find: async (run) => this.shown[run] },
      homes: { opened: async () => undefined, forget: async () => undefined },
      hurry: new Hurry(() => this.now),
      policy,
      clock: { now: () => this.now },
      wall: () => wallNow,
      house,
      seen: { take: async () => true, giveBack: async () => undefined },
      secrets: { read: async () => ({ botToken: 'xoxb-of-the-tests', signingSecret }) },
      apiUrl: `${slack.url}/api/`,
      log: (level, event, fields = {}) => {
        this.logged.push([level, event, fields]);
      },
      ...changes,
    });
  }

  /** Types `/trapheus <text>`; answers what the person alone sees. */
  async type(
    text: string,
    changes: Record<string, string> = {},
  ): Promise<{ status: number; text: string; body: string }> {
    const form = new URLSearchParams({
      command: '/trapheus',
      text,
      team_id: 'T0HOME',
      user_id: 'U0REQ',
      user_name: 'whoever',
      channel_id: 'C0OPS',
      trigger_id: this.#trigger(),
      response_url: `${this.slack.url}/response`,
      ...changes,
    });
    const { statusCode, body } = await this.handler(signedEvent(form.toString()), {});
    const answer = body.startsWith('{') ? (JSON.parse(body) as { text?: string }) : {};
    return { status: statusCode, text: answer.text ?? '', body };
  }

  async press(
    action: string,
    value: string,
    changes: Record<string, unknown> = {},
  ): Promise<{ status: number; told: string | undefined }> {
    const { status } = await this.send({
      type: 'block_actions',
      actions: [{ type: 'button', action_id: action, block_id: 'b', value, action_ts: '1' }],
      channel: { id: 'C0OPS', name: 'ops' },
      container: { type: 'message', message_ts: '1790000000.000001', channel_id: 'C0OPS', is_ephemeral: false },
      response_url: `${this.slack.url}/response`,
      ...changes,
    });
    return { status, told: this.slack.of('response').at(-1)?.text as string | undefined };
  }

  /** Any interaction; identity and trigger are filled in. */
  async send(payload: Record<string, unknown>): Promise<{ status: number; body: unknown }> {
    const whole = {
      team: { id: 'T0HOME', domain: 'home' },
      user: { id: 'U0REQ', username: 'whoever', team_id: 'T0HOME' },
      api_app_id: 'A0',
      token: 'unused',
      trigger_id: this.#trigger(),
      ...payload,
    };
    const form = new URLSearchParams({ payload: JSON.stringify(whole) });
    const { statusCode, body } = await this.handler(signedEvent(form.toString()), {});
    return { status: statusCode, body: body === '' ? undefined : (JSON.parse(body) as unknown) };
  }

  /** Something that Slack tells through the Events API. */
  async event(event: Record<string, unknown>, team = 'T0HOME'): Promise<number> {
    const body = JSON.stringify({ type: 'event_callback', team_id: team, api_app_id: 'A0', event_id: 'Ev1', event });
    return (await this.handler(signedEvent(body, { type: 'application/json' }), {})).statusCode;
  }

  #trigger(): string {
    this.#triggers += 1;
    return `trigger-${this.#triggers}`;
  }
}
