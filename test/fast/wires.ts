import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import type { VirtualClock } from '../../infra/local/clock';
import { invokeStore } from '../../infra/local/invoke-store';
import { wireText } from '../../infra/local/json';
import { Encoded } from '../../infra/local/rds/xml';
import { accessKeyId, region } from '../../infra/local/sandbox';
import { type Answer, Front, type Heard, type Protocol } from '../../infra/local/service';

type Headers = Record<string, string>;
type Hear = (request: {
  method: string;
  path: string;
  headers: Headers;
  readonly body: string;
  given?: object;
}) => Promise<Heard>;

/** Who answers under which host name. */
const lines = new Map<string, Hear>();
let fronts = 0;

/** Services without ports: callers of this process reach them by a call. */
export class WiredFront extends Front {
  readonly #number = (fronts += 1);
  readonly #hosts: string[] = [];

  override listen(protocol: Protocol): Promise<string> {
    const host = `${protocol.service}.sandbox-${this.#number}.test`;
    lines.set(host, (request) => this.hear(protocol, request));
    this.#hosts.push(host);
    return Promise.resolve(`http://${host}`);
  }

  override close(): Promise<void> {
    for (const host of this.#hosts) lines.delete(host);
    return Promise.resolve();
  }

  /** Nobody has to read what a caller in this process takes as it is. */
  protected override keep(answer: Answer): Answer {
    return answer.value ? answer : super.keep(answer);
  }
}

export function wiredFront(parts: { clock: VirtualClock } & ConstructorParameters<typeof Front>[0]): Front {
  wire();
  return new WiredFront(parts);
}

interface Command {
  input: Record<string, unknown>;
  constructor: { name: string };
}
interface Client {
  config: { serviceId: string; endpoint?: () => Promise<{ hostname: string }> };
  send(command: Command, ...rest: unknown[]): Promise<unknown>;
}
interface HttpRequest {
  method: string;
  hostname: string;
  path: string;
  query?: Record<string, string>;
  headers: Headers;
  body?: string | Uint8Array;
}

/** What the first attempt of a call has heard already. */
const heardAlready = new AsyncLocalStorage<{ heard: Heard | undefined }>();
const targets: Record<string, { name: string; prefix: string }> = {
  DynamoDB: { name: 'dynamodb', prefix: 'DynamoDB_20120810' },
  SFN: { name: 'states', prefix: 'AWSStepFunctions' },
  SQS: { name: 'sqs', prefix: 'AmazonSQS' },
};
const hosts = new WeakMap<Client, string>();
let isWired = false;

/**
 * Puts a short wire between the AWS SDK's clients and the services of this process. A call that is answered skips
 * signing, sockets and the reading of bytes: its input and output are the same objects. A call that is refused, lost or
 * never answered goes through all of the SDK, so that its errors, and what it tries again, are the SDK's own.
 */
function wire(): void {
  if (isWired) return;
  isWired = true;
  const client = Object.getPrototypeOf(DynamoDBClient.prototype) as Client;
  const long = client.send;
  client.send = async function (this: Client, command: Command, ...rest: unknown[]) {
    const host = await hostOf(this);
    const hear = lines.get(host);
    const short = hear && shortRequest(this.config.serviceId, command);
    if (!short) return long.call(this, command, ...rest);
    const heard = await hear(short);
    if (typeof heard !== 'string' && heard.status === 200) return outputOf(heard);
    return heardAlready.run({ heard }, () => long.call(this, command, ...rest));
  };
  const handler = new RDSClient({ region }).config.requestHandler as { handle: unknown };
  const prototype = Object.getPrototypeOf(handler) as { handle(request: HttpRequest, options: unknown): unknown };
  const overSockets = prototype.handle;
  prototype.handle = function (request: HttpRequest, options: unknown) {
    const hear = lines.get(request.hostname);
    return hear ? overWire(hear, request) : overSockets.call(this, request, options);
  };
  const fetchOverSockets = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const hear = lines.get(url.hostname);
    return hear ? fetchOverWire(hear, url, init) : fetchOverSockets(input, init);
  };
}

async function hostOf(client: Client): Promise<string> {
  let host = hosts.get(client);
  if (host === undefined) {
    // A client that was given no endpoint reads the environment, as it was when the client was made.
    host = (await client.config.endpoint?.())?.hostname ?? new URL(endpointFromEnvironment(client)).hostname;
    hosts.set(client, host);
  }
  return host;
}

function endpointFromEnvironment({ config }: Client): string {
  const name = config.serviceId.toUpperCase().replaceAll(' ', '_');
  return process.env[`AWS_ENDPOINT_URL_${name}`] ?? 'http://nowhere.invalid';
}

function shortRequest(serviceId: string, command: Command) {
  const operation = command.constructor.name.replace(/Command$/, '');
  const trace = traceHeader();
  const signed = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  if (serviceId === 'RDS') {
    const body = form(operation, command.input);
    return { method: 'POST', path: '/', headers: { authorization: signed('rds'), ...trace }, body };
  }
  const target = targets[serviceId];
  if (target === undefined) return undefined;
  const headers = {
    authorization: signed(target.name),
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `${target.prefix}.${operation}`,
    ...trace,
  };
  return new Spoken(headers, command.input);
}

/** A call whose words are written only when somebody reads them. */
class Spoken {
  readonly method = 'POST';
  readonly path = '/';
  readonly headers: Headers;
  readonly given: Record<string, unknown>;
  #body: string | undefined;

  constructor(headers: Headers, given: Record<string, unknown>) {
    this.headers = headers;
    this.given = given;
  }

  get body(): string {
    this.#body ??= wireText(this.given);
    return this.#body;
  }
}

function traceHeader(): Headers {
  const id = invokeStore.getXRayTraceId();
  return id === undefined ? {} : { 'x-amzn-trace-id': id };
}

/** The AWS Query protocol. */
function form(operation: string, input: Record<string, unknown>): string {
  const fields = new URLSearchParams({ Action: operation, Version: '2014-10-31' });
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (value instanceof Date) fields.append(name, value.toISOString());
    else if (Array.isArray(value)) {
      if (value.length === 0) fields.append(name, '');
      for (const [index, each] of value.entries()) add(`${name}.member.${index + 1}`, each);
    } else if (typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) add(`${name}.${key}`, inner);
    else fields.append(name, String(value));
  };
  for (const [name, value] of Object.entries(input)) add(name, value);
  return fields.toString();
}

function outputOf(answer: Answer): unknown {
  if (answer.headers?.['content-type'] === 'text/xml') return answer.value ? unwrapped(answer.value) : {};
  // What an engine answers it never changes afterwards, and no client changes what it was answered.
  return answer.value ?? JSON.parse(answer.body || '{}');
}

function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if (value instanceof Encoded) return unwrapped(value.value);
  if (Array.isArray(value)) return value.map(unwrapped);
  if (value instanceof Date) return value;
  const plain: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) plain[key] = unwrapped(inner);
  return plain;
}

async function overWire(hear: Hear, request: HttpRequest): Promise<{ response: object }> {
  const first = heardAlready.getStore();
  let heard = first?.heard;
  if (first) first.heard = undefined;
  if (heard === undefined) {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const body = ArrayBuffer.isView(request.body)
      ? Buffer.concat([request.body]).toString('utf8')
      : (request.body ?? '');
    heard = await hear({ method: request.method, path: request.path, headers, body });
  }
  if (heard === 'silence') return new Promise(() => undefined);
  if (heard === 'cut') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const { Readable } = await import('node:stream');
  return {
    response: {
      statusCode: heard.status,
      headers: { ...heard.headers },
      body: Readable.from([Buffer.from(heard.body)]),
    },
  };
}

async function fetchOverWire(hear: Hear, url: URL, init: RequestInit | undefined): Promise<Response> {
  const headers = Object.fromEntries(new Headers(init?.headers));
  const sent = new Request(url, { ...init, signal: null });
  const type = sent.headers.get('content-type');
  const body = await sent.text();
  const heard = await hear({
    method: init?.method ?? 'GET',
    path: url.pathname + url.search,
    headers: { ...(type !== null && { 'content-type': type }), ...headers, ...traceHeader() },
    body,
  });
  if (heard === 'silence') return new Promise(() => undefined);
  if (heard === 'cut') throw new TypeError('fetch failed');
  return new Response(heard.body, { status: heard.status, headers: heard.headers ?? {} });
}
