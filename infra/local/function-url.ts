import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { VirtualClock } from './clock';
import type { Lambda } from './lambda';

/** Lambda: an invocation payload has at most 6 MB. */
const maxPayloadBytes = 6 * 1024 * 1024;

const Result = z.object({
  statusCode: z.number().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * Calls a function as its Function URL does (Lambda: payload format 2.0; a body that is neither text nor JSON comes in
 * base64) and answers with what it returns.
 */
export async function serveFunctionUrl(
  parts: { lambda: Lambda; clock: VirtualClock; functionName: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await read(request);
  if (body === undefined) {
    response
      .writeHead(413, { 'content-type': 'application/json' })
      .end('{"Message":"Request must be smaller than 6291456 bytes"}');
    return;
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = String(value);
  const isText = /^(text\/|application\/json)/i.test(headers['content-type'] ?? '');
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    requestContext: {
      accountId: 'anonymous',
      domainName: headers.host ?? 'localhost',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      timeEpoch: parts.clock.now(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
  const result = await parts.lambda.invoke(parts.functionName, event);
  if (!result.ok) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end('Internal Server Error');
    return;
  }
  const answer = Result.parse(result.value ?? {});
  const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
  response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': bytes.length }).end(bytes);
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxPayloadBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
