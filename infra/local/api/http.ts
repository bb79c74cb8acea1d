import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Why a request is not served: goes out as `{error, hint}`. */
export class Refusal extends Error {
  readonly status: number;
  readonly hint: string;
  /** Further fields of the answer. */
  readonly more: object;

  constructor(status: number, message: string, hint: string, more: object = {}) {
    super(message);
    this.status = status;
    this.hint = hint;
    this.more = more;
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}

export function sendRefusal(response: ServerResponse, refusal: Refusal, headers: Record<string, string> = {}): void {
  sendJson(response, refusal.status, { ...refusal.more, error: refusal.message, hint: refusal.hint }, headers);
}

const maxBodyBytes = 1024 * 1024;

/** @throws Refusal when the body is too large or no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Refusal(413, 'the body has more than 1 MiB', 'Send less.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'the body is not JSON', 'Send one JSON object, for example {"reset": true}.');
  }
}

/** @throws Refusal that says which field is wrong. */
export function readAs<Schema extends z.ZodType>(schema: Schema, given: unknown, hint: string): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    400,
    z
      .prettifyError(parsed.error)
      .replaceAll('✖ ', '')
      .replaceAll(/\s*\n\s*/g, ' '),
    hint,
  );
}

/**
 * Only this machine's own pages and programs are served. A name that a stranger's DNS server points to 127.0.0.1 comes
 * with that name in Host (DNS rebinding), and a stranger's page comes with its own Origin.
 */
export function strangerRefusal({ headers }: IncomingMessage): Refusal | undefined {
  const hint = 'Open the sandbox as http://127.0.0.1:<port> on the machine that runs it.';
  const host = headers.host ?? '';
  const hostname = host.replace(/:\d+$/, '').toLowerCase();
  if (hostname !== '127.0.0.1' && hostname !== 'localhost')
    return new Refusal(403, `requests to ${host || 'no host'} are not served`, hint);
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return new Refusal(403, `requests from pages of ${origin} are not served`, hint);
  return undefined;
}
