import { createHash, createHmac, randomInt } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { InvokeStoreBase } from '@aws/lambda-invoke-store';

/** A service that speaks JSON over POST, every operation at the same path (AWS: "AWS JSON 1.0 and 1.1 protocols"). */
export interface JsonService {
  /** As in `AWS_ENDPOINT_URL_<id>` (AWS SDKs: Service-specific endpoints). */
  id: string;
  /** In the signature, and the first part of the host. */
  name: string;
  /** The first half of `X-Amz-Target`. */
  target: string;
  version: '1.0' | '1.1';
}

/** The part of the SDK's configuration that our entries use. */
export interface JsonClientConfig {
  /** The first call included. Default 3, as in the SDK. */
  maxAttempts?: number;
  /** In milliseconds. */
  requestHandler?: { connectionTimeout?: number; requestTimeout?: number };
}

export interface JsonCommand {
  operation: string;
  input: object;
}

/** A class like those of the SDK: `new PutItemCommand(input)`. */
export function command(operation: string): new (input: object) => JsonCommand {
  return class {
    readonly operation = operation;
    readonly input: object;
    constructor(input: object) {
      this.input = input;
    }
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const defaultConnectionMs = 3_000;
/** Below the 25 s of every function that is not Slack's: a silent service is an error that names itself. */
const defaultRequestMs = 10_000;
const maxBackoffMs = 20_000;
/** AWS SDKs: Retry behavior. */
const passingErrors =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|ProvisionedThroughputExceededException|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete|TransactionInProgressException|RequestTimeout|RequestTimeoutException|InternalServerError|TimeoutError)$/;
const brokenConnection = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/**
 * What the functions use of an AWS SDK client, for the services that speak JSON: signed calls with retries and time
 * limits, and errors by name. The SDK's own clients are fifteen times as large, and the first command after a pause
 * waits until they are loaded. They stay in the source for their types, and in every test that does not say otherwise;
 * bundle.ts puts this in their place. What it does not know it refuses by not having it: other credentials than
 * Lambda's, FIPS and dual-stack endpoints, streams.
 */
export class JsonClient {
  readonly #service: JsonService;
  readonly #maxAttempts: number;
  readonly #connectionMs: number;
  readonly #requestMs: number;
  readonly #agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    service: JsonService,
    { maxAttempts = 3, requestHandler = {} }: JsonClientConfig,
    env: NodeJS.ProcessEnv,
  ) {
    this.#service = service;
    this.#maxAttempts = maxAttempts;
    this.#connectionMs = requestHandler.connectionTimeout ?? defaultConnectionMs;
    this.#requestMs = requestHandler.requestTimeout ?? defaultRequestMs;
    this.#env = env;
  }

  /** @throws Error whose `name` is AWS's, with `$metadata.httpStatusCode` when AWS answered at all. */
  async send({ operation, input }: JsonCommand): Promise<unknown> {
    const body = JSON.stringify(input);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(operation, body);
      } catch (error) {
        if (attempt >= this.#maxAttempts || !isPassing(error)) throw error;
        await backOff(attempt);
      }
    }
  }

  async #once(operation: string, body: string): Promise<unknown> {
    const { region, url } = this.#endpoint();
    const headers = signedHeaders({
      url,
      body,
      region,
      service: this.#service.name,
      // The environment changes under a function that lives long: Lambda renews its credentials there.
      credentials: {
        id: this.#env.AWS_ACCESS_KEY_ID ?? '',
        secret: this.#env.AWS_SECRET_ACCESS_KEY ?? '',
        token: this.#env.AWS_SESSION_TOKEN,
      },
      headers: {
        'content-type': `application/x-amz-json-${this.#service.version}`,
        'x-amz-target': `${this.#service.target}.${operation}`,
      },
      now: new Date(),
    });
    const trace = this.#traceId();
    const answer = await this.#post(url, { ...headers, ...(trace && { 'x-amzn-trace-id': trace }) }, body);
    const parsed: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
    if (answer.status >= 300) throw errorOf(answer, parsed);
    return parsed;
  }

  #endpoint(): { region: string; url: URL } {
    const region = this.#env.AWS_REGION ?? '';
    const given = this.#env[`AWS_ENDPOINT_URL_${this.#service.id}`] ?? this.#env.AWS_ENDPOINT_URL;
    const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return { region, url: new URL(given ?? `https://${this.#service.name}.${region}.${suffix}/`) };
  }

  /** Lambda counts the hops of a message by this header (Lambda: Recursive loop detection). */
  #traceId(): string | undefined {
    if (this.#env.AWS_LAMBDA_FUNCTION_NAME === undefined) return undefined;
    // Lambda's runtime puts it there, as the SDK knows (@aws/lambda-invoke-store).
    const runtime = (globalThis as { awslambda?: { InvokeStore?: InvokeStoreBase } }).awslambda;
    return runtime?.InvokeStore?.getXRayTraceId() ?? this.#env._X_AMZN_TRACE_ID;
  }

  #post(url: URL, headers: Record<string, string>, body: string): Promise<Answer> {
    const isSecure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const agent = this.#agents[isSecure ? 'https:' : 'http:'];
      const request = (isSecure ? https : http).request(url, { method: 'POST', headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(whole);
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      const fail = (error: Error) => {
        clearTimeout(connecting);
        clearTimeout(whole);
        request.destroy();
        reject(error);
      };
      const late = (what: string, ms: number) =>
        setTimeout(() => fail(named('TimeoutError', `${this.#service.name}: no ${what} within ${ms} ms`)), ms);
      const whole = late('answer', this.#requestMs);
      const connecting = late('connection', this.#connectionMs);
      request.on('socket', (socket) => {
        if (!socket.connecting) return clearTimeout(connecting);
        socket.once(isSecure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
      });
      request.on('error', fail);
      request.end(body);
    });
  }
}

export interface ToSign {
  url: URL;
  body: string;
  region: string;
  service: string;
  credentials: { id: string; secret: string; token: string | undefined };
  headers: Record<string, string>;
  now: Date;
}

/** AWS: Signature Version 4, for a POST without a query. Answers all headers, `authorization` among them. */
export function signedHeaders({
  url,
  body,
  region,
  service,
  credentials,
  headers,
  now,
}: ToSign): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-date': time,
    ...(credentials.token && { 'x-amz-security-token': credentials.token }),
  };
  const names = Object.keys(all).sort();
  const signed = names.join(';');
  const lines = names.map((name) => `${name}:${all[name]?.trim()}\n`).join('');
  const canonical = ['POST', url.pathname, '', lines, signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${credentials.secret}`);
  const signature = hmac(key, text).toString('hex');
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` is named by its last part. */
function errorOf({ status, headers }: Answer, body: unknown): Error {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { __type, message, Message, ...rest } = fields;
  const type = typeof __type === 'string' ? __type : String(headers['x-amzn-errortype'] ?? 'UnknownError');
  const name = type.split(':')[0]?.split('#').at(-1) ?? type;
  const said = [message, Message].find((text) => typeof text === 'string') ?? name;
  return Object.assign(named(name, said), rest, {
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, requestId: headers['x-amzn-requestid'] },
  });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function isPassing(error: unknown): boolean {
  // What is thrown here is an Error of ours or one of Node's, which carries a code.
  const { name, code = '', $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return passingErrors.test(name) || brokenConnection.test(code) || status >= 500 || status === 429;
}

/** AWS SDKs: Exponential backoff with full jitter. */
function backOff(attempt: number): Promise<void> {
  const ms = randomInt(Math.min(maxBackoffMs, 100 * 2 ** (attempt - 1)) + 1);
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
