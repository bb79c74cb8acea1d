import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { VirtualClock } from '../../../../infra/local/clock';
import { Faults } from '../../../../infra/local/faults';
import { Lambda } from '../../../../infra/local/lambda';
import { Front } from '../../../../infra/local/service';
import * as people from '../../../../infra/local/slack/people';
import { type ShownMessage, SlackWorkspace, type WorkspaceKnobs } from '../../../../infra/local/slack/workspace';

export const secrets = { signingSecret: 'f00dfeedf00dfeedf00dfeedf00dfeed', botToken: 'xoxb-sandbox' };
export const ana = 'U0ANA00001';
export const ben = 'U0BEN00001';
export const dbOps = 'C0DBOPS001';
export const orders = 'C0ORDERS01';
export const random = 'C0RANDOM01';
export const start = Date.UTC(2025, 11, 22, 8, 0, 0);

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** The signature and the timestamp were right. */
  verified: boolean;
  /** The command's fields, the interaction's payload or the event. */
  payload: Record<string, unknown>;
}
export type Reaction = { status?: number; text?: string; json?: unknown };

/** A bot that only listens: verifies, records and answers what the test tells it to. */
class Bot {
  readonly received: Received[] = [];
  answer: (request: Received) => Reaction | Promise<Reaction> = () => ({});
  readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void this.#react(read(request.headers, Buffer.concat(chunks).toString('utf8')), response));
  });

  async #react(received: Received, response: ServerResponse): Promise<void> {
    this.received.push(received);
    const { status = 200, text, json } = await this.answer(received);
    if (json !== undefined) response.setHeader('content-type', 'application/json');
    response.writeHead(status).end(json === undefined ? (text ?? '') : JSON.stringify(json));
  }

  get last(): Received {
    const last = this.received.at(-1);
    if (last === undefined) throw new Error('the bot has received nothing');
    return last;
  }
}

function read(headers: IncomingHttpHeaders, body: string): Received {
  const base = `v0:${String(headers['x-slack-request-timestamp'])}:${body}`;
  const expected = `v0=${createHmac('sha256', secrets.signingSecret).update(base).digest('hex')}`;
  const form = Object.fromEntries(new URLSearchParams(body));
  const isJson = headers['content-type'] === 'application/json';
  const payload: unknown = isJson ? JSON.parse(body) : form.payload === undefined ? form : JSON.parse(form.payload);
  return {
    headers,
    body,
    verified: headers['x-slack-signature'] === expected,
    payload: payload as Record<string, unknown>,
  };
}

const opened: Bench[] = [];
/** Closes every bench that a test has opened, also when it failed. */
export const closeAll = async () => void (await Promise.all(opened.splice(0).map((bench) => bench.close())));

export class Bench {
  readonly clock = new VirtualClock({ start });
  readonly faults = new Faults();
  readonly front = new Front({ clock: this.clock, faults: this.faults, lambda: new Lambda(this.clock, this.faults) });
  readonly bot = new Bot();
  /** Wall milliseconds; a test moves them. */
  wall = 1_700_000_000_000;
  url = '';
  slack!: SlackWorkspace;
  client!: WebClient;

  static async open(knobs: WorkspaceKnobs = {}): Promise<Bench> {
    const bench = new Bench();
    await new Promise<void>((resolve) => bench.bot.server.listen(0, '127.0.0.1', resolve));
    const { port } = bench.bot.server.address() as AddressInfo;
    bench.slack = new SlackWorkspace({
      clock: bench.clock,
      wall: () => bench.wall,
      secrets,
      people,
      requestUrl: () => `http://127.0.0.1:${port}/slack/events`,
      url: () => bench.url,
      knobs,
    });
    bench.url = await bench.front.listen(bench.slack);
    bench.client = bench.as(secrets.botToken);
    opened.push(bench);
    return bench;
  }

  /** A real client, that tells of a refusal at once. */
  as(token?: string): WebClient {
    return new WebClient(token, {
      slackApiUrl: `${this.url}/api/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: {
        debug() {},
        info() {},
        warn() {},
        error() {},
        setLevel() {},
        getLevel: () => 'error' as never,
        setName() {},
      },
    });
  }

  async close(): Promise<void> {
    await this.front.close();
    this.bot.server.closeAllConnections();
    await new Promise((resolve) => this.bot.server.close(resolve));
  }

  messages(channel: string): ShownMessage[] {
    return this.slack.state().channels.find((one) => one.id === channel)?.messages ?? [];
  }

  async respond(url: string, payload: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(payload) });
    return { status: response.status, body: await response.json() };
  }
}

/** The error of a Web API call that Slack refuses, with the messages that it gives. */
export async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  try {
    await call;
  } catch (thrown) {
    const data = (thrown as { data?: { error?: string; response_metadata?: { messages?: string[] } } }).data;
    return { error: data?.error ?? String(thrown), messages: data?.response_metadata?.messages ?? [] };
  }
  return { error: 'none: the call went through', messages: [] };
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
export const button = (action_id: string, more: object = {}) => ({
  type: 'button' as const,
  action_id,
  text: plain(action_id),
  ...more,
});
export const actions = (...elements: object[]) => ({ type: 'actions' as const, block_id: 'decide', elements });
export const input = (block_id: string, element: object, more: object = {}) => ({
  type: 'input' as const,
  block_id,
  label: plain(block_id),
  element,
  ...more,
});
export const modal = (blocks: object[], more: object = {}) => ({
  type: 'modal' as const,
  callback_id: 'restore',
  title: plain('Restore'),
  submit: plain('Request'),
  blocks: blocks as never[],
  ...more,
});
