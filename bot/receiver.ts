import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AwsEvent, AwsResponse } from '@slack/bolt/dist/receivers/AwsLambdaReceiver';
import * as z from 'zod/mini';
import { failure, type Log } from '../orchestrator/log';
import { onceKey, type Seen } from './once';

/** What a Function URL, an HTTP API (both payload 2.0) and a REST API (payload 1.0) have in common. */
const HttpEvent = z.object({
  body: z.nullish(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
  headers: z.nullish(z.record(z.string(), z.optional(z.string()))),
  httpMethod: z.optional(z.string()),
  requestContext: z.nullish(z.object({ http: z.optional(z.object({ method: z.string() })) })),
});

export interface SigningSecrets {
  signingSecret: string;
  /** Still accepted for a while after a change. */
  previousSigningSecret?: string | undefined;
}

export interface ReceiverParts {
  secrets: () => Promise<SigningSecrets>;
  seen: Seen;
  /** Begins to ask what will be asked anyway, before it is known whether this request came before, and answers it. */
  around?: <T>(request: { payload: unknown; sentAt: number; heardAt: number }, answer: () => Promise<T>) => Promise<T>;
  /** Bolt's handler; it gets only what has passed. */
  next: (event: AwsEvent, context: unknown) => Promise<AwsResponse>;
  /** Wall time in milliseconds: Slack signs with it. */
  wall: () => number;
  log: Log;
}

export type Handler = (event: unknown, context: unknown) => Promise<AwsResponse>;

const maxBodyBytes = 1024 * 1024;
/** Slack waits three seconds, a cold start included. */
const slowMs = 1500;
/** Slack: Verifying requests from Slack, “more than five minutes from local time”. */
const maxSkewSeconds = 300;
const signatureForm = /^v0=[0-9a-f]{64}$/;
const timestampForm = /^[0-9]{1,12}$/;
const formType = 'application/x-www-form-urlencoded';
/** Slack's check of the certificate carries no signature and asks for nothing but 200. */
const sslCheck = /(?:^|&)ssl_check=1(?:&|$)/;

/**
 * Stands before Bolt's AwsLambdaReceiver, which parses before it verifies, accepts timestamps from the future and
 * other versions than v0, knows one secret only, and throws on bodies that it cannot read. Here nothing is parsed
 * before the signature is verified, and nothing ever throws: Lambda would answer 502 and people would see nothing.
 */
export function receive({ secrets, seen, around, next, wall, log }: ReceiverParts): Handler {
  /** While the table does not answer nobody can know; the door's own writes are conditional all the same. */
  const isFirst = async (key: string, context: unknown): Promise<boolean> => {
    const invocation = Invocation.safeParse(context);
    try {
      return await seen.take(key, invocation.success ? invocation.data.awsRequestId : 'unnamed', wall());
    } catch (error) {
      log('warn', 'repetition-unknown', failure(error));
      return true;
    }
  };
  return async (event, context) => {
    const startedAt = wall();
    try {
      const request = readRequest(event);
      if ('status' in request) return plain(request.status, request.why);
      const { body, headers } = request;
      const isSslCheck =
        typeOf(headers) === formType && sslCheck.test(body) && headers['x-slack-signature'] === undefined;
      if (isSslCheck) return plain(200, '');
      const doubt = await doubtful(body, headers, secrets, wall);
      if (doubt !== undefined) {
        log('warn', 'request-refused', { why: doubt });
        return plain(401, '');
      }
      const payload = readBody(body, typeOf(headers));
      if (payload === undefined) return plain(400, 'The body is neither JSON nor a form of Slack.');
      const key = onceKey(payload, headers['x-slack-signature'] ?? '');
      const answered = async () => {
        if (key !== undefined && !(await isFirst(key, context))) return repeated(payload, log);
        const answer = await next(forBolt(body, headers), context);
        if (key !== undefined && answer.statusCode >= 500) await seen.giveBack(key);
        const ms = wall() - startedAt;
        if (ms > slowMs) log('warn', 'answered-slowly', { ms, type: payload.type ?? payload.command });
        return answer.statusCode === 404 ? unmatched(payload, log) : answer;
      };
      const sentAt = Number(headers['x-slack-request-timestamp']) * 1000;
      return await (around ? around({ payload, sentAt, heardAt: startedAt }, answered) : answered());
    } catch (error) {
      log('error', 'request-failed', failure(error));
      return plain(500, 'Something went wrong here; the log says more.');
    }
  };
}

const Invocation = z.object({ awsRequestId: z.string() });

interface Request {
  body: string;
  /** By lower-case name. */
  headers: Record<string, string>;
}

function readRequest(event: unknown): Request | { status: number; why: string } {
  const read = HttpEvent.safeParse(event);
  if (!read.success) return { status: 400, why: 'This is not an HTTP request.' };
  const { requestContext, httpMethod, isBase64Encoded } = read.data;
  const method = requestContext?.http?.method ?? httpMethod;
  if (method !== 'POST') return { status: 405, why: 'Slack sends POST requests only.' };
  const sent = read.data.body ?? '';
  // Base64 is a third longer than what it carries: no need to decode what is too long anyway.
  if (sent.length > maxBodyBytes * 1.5) return tooLarge;
  const body = isBase64Encoded ? Buffer.from(sent, 'base64').toString('utf8') : sent;
  if (Buffer.byteLength(body) > maxBodyBytes) return tooLarge;
  const present = Object.entries(read.data.headers ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
  return { body, headers: Object.fromEntries(present) };
}

const tooLarge = { status: 413, why: 'The body is larger than 1 MB.' };

/** Why a request may not be Slack's; undefined when its signature proves that it is. */
async function doubtful(
  body: string,
  headers: Record<string, string>,
  secrets: () => Promise<SigningSecrets>,
  wall: () => number,
): Promise<string | undefined> {
  const signature = headers['x-slack-signature'];
  const timestamp = headers['x-slack-request-timestamp'];
  if (signature === undefined || timestamp === undefined) return 'no signature';
  if (!signatureForm.test(signature) || !timestampForm.test(timestamp)) return 'malformed signature';
  const isTimely = Math.abs(wall() / 1000 - Number(timestamp)) <= maxSkewSeconds;
  if (!isTimely) return 'not of the last five minutes';
  const { signingSecret, previousSigningSecret } = await secrets();
  const accepted = [signingSecret, previousSigningSecret].filter((secret) => secret !== undefined && secret !== '');
  const isSigned = accepted.some((secret) =>
    timingSafeEqual(sign(secret ?? '', timestamp, body), Buffer.from(signature)),
  );
  return isSigned ? undefined : 'wrong signature';
}

/** Slack: Verifying requests from Slack. Always 67 bytes, as any signature that comes this far. */
function sign(secret: string, timestamp: string, body: string): Buffer {
  return Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`);
}

const typeOf = (headers: Record<string, string>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

type Payload = Record<string, unknown>;
const Payload = z.record(z.string(), z.unknown());

/** The payload as Bolt will read it, or undefined when Bolt could not. */
function readBody(body: string, type: string): Payload | undefined {
  try {
    if (type === 'application/json') return Payload.parse(JSON.parse(body));
    if (type !== formType) return undefined;
    const form = Object.fromEntries(new URLSearchParams(body));
    return form.payload === undefined ? form : Payload.parse(JSON.parse(form.payload));
  } catch {
    return undefined;
  }
}

/** Bolt compares header values letter by letter, and reads base64 as ASCII. */
function forBolt(body: string, headers: Record<string, string>): AwsEvent {
  const event = {
    version: '2.0' as const,
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    requestContext: {},
    headers: { ...headers, 'content-type': typeOf(headers) },
    body,
    isBase64Encoded: false,
    // Bolt writes out every event for its debug log before it asks whether anybody reads that.
    toJSON: () => 'a request',
  };
  return event;
}

/** Whoever took it first has answered or is about to. */
function repeated({ command, type }: Payload, log: Log): AwsResponse {
  log('warn', 'request-repeated', { command, type });
  return typeof command === 'string'
    ? whispered('I have had this very request already. Its first answer counts.')
    : plain(200, '');
}

/** No listener took it. People who typed something deserve better than Slack's “dispatch_failed”. */
function unmatched(payload: Payload, log: Log): AwsResponse {
  const { command, type } = payload;
  log('warn', 'request-unmatched', { command, type });
  const isSlackLike = typeof type === 'string' || typeof command === 'string';
  if (!isSlackLike) return plain(400, 'The body is none that Slack sends.');
  if (typeof command !== 'string') return plain(404, '');
  return whispered(
    'This is a command that I do not know. Whoever installed me should compare the app’s settings in Slack with its deployment.',
  );
}

/** The answer to a command, for nobody else to see. */
function whispered(text: string): AwsResponse {
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', text }),
  };
}

function plain(statusCode: number, body: string): AwsResponse {
  return { statusCode, headers: { 'Content-Type': 'text/plain' }, body };
}
