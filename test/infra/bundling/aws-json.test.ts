import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as sdk from '@aws-sdk/util-dynamodb';
import { command, JsonClient, signedHeaders } from '../../../infra/bundling/aws-json';
import { marshall, unmarshall } from '../../../infra/bundling/util-dynamodb';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A service that answers its calls with these, in turn. */
async function client(replies: Reply[], config: ConstructorParameters<typeof JsonClient>[1] = {}) {
  const seen: { headers: IncomingMessage['headers']; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, text: Buffer.concat(chunks).toString('utf8') });
      replies[seen.length - 1]?.(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'of this hour',
    AWS_LAMBDA_FUNCTION_NAME: 'watcher',
    _X_AMZN_TRACE_ID: 'Root=1-2-3',
    AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const service = { id: 'SFN', name: 'states', target: 'AWSStepFunctions', version: '1.0' } as const;
  return { states: new JsonClient(service, config, env), seen };
}

const StartExecution = command('StartExecution');
const start = new StartExecution({ name: 'r1', input: '{"runId":"r1"}' });
const answer =
  (status: number, body: object): Reply =>
  (_, response) =>
    void response.writeHead(status, { 'x-amzn-requestid': 'id-1' }).end(JSON.stringify(body));
const cut: Reply = (request) => void request.socket.destroy();

test('the signature is the one that AWS publishes for its example (Signature Version 4 test suite, post-vanilla)', () => {
  const { authorization } = signedHeaders({
    url: new URL('https://example.amazonaws.com/'),
    body: '',
    region: 'us-east-1',
    service: 'service',
    credentials: { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', token: undefined },
    headers: {},
    now: new Date('2015-08-30T12:36:00Z'),
  });

  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  );
});

test('a call names its operation, its credentials and the hops behind it', async () => {
  const { states, seen } = await client([answer(200, { executionArn: 'arn' })]);

  await expect(states.send(start)).resolves.toEqual({ executionArn: 'arn' });

  expect(seen[0]?.text).toBe('{"name":"r1","input":"{\\"runId\\":\\"r1\\"}"}');
  expect(seen[0]?.headers).toMatchObject({
    'x-amz-target': 'AWSStepFunctions.StartExecution',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-security-token': 'of this hour',
    'x-amzn-trace-id': 'Root=1-2-3',
  });
  expect(seen[0]?.headers.authorization).toContain('/eu-west-1/states/aws4_request');
});

test('an error has the name that AWS gave it, its fields, and the status', async () => {
  const body = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'no', Item: {} };
  const { states, seen } = await client([answer(400, body)]);

  await expect(states.send(start)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'no',
    Item: {},
    $metadata: { httpStatusCode: 400, requestId: 'id-1' },
  });
  expect(seen).toHaveLength(1);
});

test('what passes is tried again: throttling, an internal error, a cut connection', async () => {
  const throttled = answer(400, { __type: 'ThrottlingException', Message: 'slow down' });
  const { states, seen } = await client([throttled, answer(500, {}), cut, answer(200, {})], { maxAttempts: 4 });

  await expect(states.send(start)).resolves.toEqual({});
  expect(seen).toHaveLength(4);
});

test('no more often than it may, and then with the last error', async () => {
  const { states, seen } = await client([cut, answer(503, { __type: 'ServiceUnavailable' })], { maxAttempts: 2 });

  await expect(states.send(start)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  expect(seen).toHaveLength(2);
});

test('silence ends in a TimeoutError that names the service', async () => {
  const { states } = await client([() => undefined], { maxAttempts: 1, requestHandler: { requestTimeout: 30 } });

  await expect(states.send(start)).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'states: no answer within 30 ms',
  });
});

test('items are written and read as the SDK writes and reads them', () => {
  const data = {
    pk: 'run#r1',
    version: 3,
    share: 0.25,
    isOurs: true,
    nothing: null,
    left: undefined,
    list: ['a', { b: 1 }, []],
    deep: { empty: {}, gone: undefined, more: [null, false] },
    words: new Set(['x', 'y']),
  };

  const item = marshall(data);

  expect(item).toEqual(sdk.marshall(data, { removeUndefinedValues: true }));
  expect(unmarshall(item)).toEqual(sdk.unmarshall(sdk.marshall(data, { removeUndefinedValues: true })));
});

test('bytes go in base64, as the protocol has them, and come back as they were', () => {
  const item = marshall({ bytes: Uint8Array.of(0, 255, 128) });

  expect(item).toEqual({ bytes: { B: 'AP+A' } });
  expect(unmarshall(item)).toEqual({ bytes: Buffer.of(0, 255, 128) });
});

test('what a record never holds is refused', () => {
  for (const odd of [new Date(0), new Map(), Number.NaN, () => 1, new Set([1])])
    expect(() => marshall({ odd })).toThrow(/DynamoDB cannot hold/);
  expect(() => unmarshall({ odd: { NS: ['1'] } })).toThrow(/type NS/);
});
