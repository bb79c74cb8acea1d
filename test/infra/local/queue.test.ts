import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Queue, type QueueOptions } from '../../../infra/local/queue';
import { accessKeyId, accountId, credentials, loopback, noon, refusal, region } from './loopback';

const second = 1000;
const minute = 60 * second;

interface SqsRecord {
  messageId: string;
  body: string;
  attributes: Record<string, string>;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function given(more: Partial<QueueOptions> & { batchSize?: number } = {}) {
  const { clock, faults, lambda, front } = loopback();
  const { batchSize = 10, ...options } = more;
  const consumer = { functionName: 'watcher', batchSize };
  const queue = new Queue({
    clock,
    lambda,
    faults,
    accessKeyId,
    region,
    accountId,
    name: 'ticks',
    consumer,
    ...options,
  });
  const endpoint = await front.listen(queue);
  const client = new SQSClient({ region, credentials, endpoint });
  closing.push(
    () => client.destroy(),
    () => front.close(),
  );
  const batches: SqsRecord[][] = [];
  const watcher = { answer: async (_records: SqsRecord[]): Promise<unknown> => undefined };
  lambda.deploy('watcher', {
    timeoutSeconds: 25,
    handler: async (event) => {
      const { Records } = event as { Records: SqsRecord[] };
      batches.push(Records);
      return watcher.answer(Records);
    },
  });
  const QueueUrl = queue.url(endpoint);
  const send = (MessageBody: string, DelaySeconds?: number) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
  const bodies = () => batches.map((batch) => batch.map(({ body }) => body));
  return { clock, faults, lambda, queue, endpoint, client, batches, bodies, watcher, send, QueueUrl };
}

describe('sending', () => {
  test('the SDK finds the queue by name, and takes the digest of the answer for right', async () => {
    const { client, QueueUrl, send } = await given();
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'ticks' }))).QueueUrl).toBe(QueueUrl);
    expect(await send('tick — ü')).toMatchObject({
      MessageId: expect.any(String),
      MD5OfMessageBody: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test.each([-1, 901])('a delay of %i seconds is InvalidParameterValue', async (delay) => {
    const { send } = await given();
    await expect(send('tick', delay)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('DelaySeconds must be >= 0 and <= 900'),
    });
  });

  test('a message above 1 MiB, an empty one and one for another queue are refused', async () => {
    const { send, client, endpoint } = await given();
    expect((await refusal(send('x'.repeat(1_048_577)))).name).toBe('InvalidParameterValue');
    expect((await refusal(send(''))).status).toBe(400);
    const other = new SendMessageCommand({ QueueUrl: `${endpoint}/${accountId}/other`, MessageBody: 'tick' });
    expect((await refusal(client.send(other))).name).toBe('QueueDoesNotExist');
  });

  test('a batch answers for each of its entries', async () => {
    const { client, QueueUrl, clock, bodies } = await given();
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'now' },
          { Id: 'b', MessageBody: 'too late', DelaySeconds: 901 },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(answer.Failed).toEqual([
      expect.objectContaining({ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }),
    ]);
    await clock.advance(minute);
    expect(bodies()).toEqual([['now']]);
  });

  test('a batch without entries, with more than ten or with one id twice is refused', async () => {
    const { client, QueueUrl } = await given();
    const batch = (ids: string[]) =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'tick' })) }));
    expect((await refusal(batch([]))).name).toBe('EmptyBatchRequest');
    expect((await refusal(batch([...'abcdefghijk']))).name).toBe('TooManyEntriesInBatchRequest');
    expect((await refusal(batch(['a', 'a']))).name).toBe('BatchEntryIdsNotDistinct');
  });

  test('the attributes count delayed and waiting messages', async () => {
    const { client, QueueUrl, send } = await given();
    await send('later', 60);
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: `arn:aws:sqs:${region}:${accountId}:ticks`,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
    });
  });
});

describe('delivery', () => {
  test('the function gets the record of an SQS event, after the delay', async () => {
    const { clock, send, batches } = await given();
    const { MessageId } = await send('tick', 8);
    await clock.advance(8 * second);
    expect(batches).toHaveLength(0);
    await clock.advance(second);
    expect(batches).toEqual([
      [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'tick',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(noon),
            SenderId: accountId,
            ApproximateFirstReceiveTimestamp: String(noon + 8 * second + 20),
          },
          messageAttributes: {},
          md5OfBody: expect.any(String),
          eventSource: 'aws:sqs',
          eventSourceARN: `arn:aws:sqs:${region}:${accountId}:ticks`,
          awsRegion: region,
        },
      ],
    ]);
  });

  test('messages that are visible together come in one batch, up to its size', async () => {
    const { clock, queue, bodies } = await given({ batchSize: 2 });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    await clock.advance(second);
    expect(bodies()).toEqual([['a', 'b'], ['c']]);
  });

  test('a failed batch comes again after the visibility time-out, and after five receives it is a dead letter', async () => {
    const { clock, queue, batches, watcher } = await given();
    watcher.answer = async () => {
      throw new Error('down');
    };
    queue.send('tick');
    await clock.advance(29 * second);
    expect(batches).toHaveLength(1);
    await clock.advance(10 * minute);
    expect(batches.map(([record]) => record?.attributes.ApproximateReceiveCount)).toEqual(['1', '2', '3', '4', '5']);
    expect(queue.deadLetters).toEqual([expect.objectContaining({ body: 'tick', why: 'received too often' })]);
  });

  test('ReportBatchItemFailures brings only the failed items again', async () => {
    const { clock, queue, bodies, batches, watcher } = await given();
    watcher.answer = async (records) =>
      batches.length > 1
        ? { batchItemFailures: [] }
        : { batchItemFailures: [{ itemIdentifier: records[1]?.messageId }] };
    for (const body of ['a', 'b', 'c']) queue.send(body);
    await clock.advance(5 * minute);
    expect(bodies()).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test('an item that is not in the batch fails all of it', async () => {
    const { clock, queue, bodies, batches, watcher } = await given();
    watcher.answer = async () => (batches.length > 1 ? null : { batchItemFailures: [{ itemIdentifier: 'nobody' }] });
    queue.send('a');
    await clock.advance(5 * minute);
    expect(bodies()).toEqual([['a'], ['a']]);
  });

  test('no more than two invocations run at a time', async () => {
    const { clock, queue, batches, faults } = await given({ batchSize: 1 });
    faults.arm({ service: 'lambda', operation: 'watcher', kind: 'crash-before', times: 2 });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    // The two that crashed hold their places until their time-out of 25 seconds.
    await clock.advance(24 * second);
    expect(batches).toHaveLength(0);
    await clock.advance(2 * second);
    expect(batches.map(([record]) => record?.body)).toEqual(['c']);
  });

  test('a dropped message was accepted and never comes', async () => {
    const { clock, faults, send, bodies } = await given();
    faults.arm({ service: 'sqs', operation: 'deliver', kind: 'drop' });
    await send('lost');
    await send('kept');
    await clock.advance(5 * minute);
    expect(bodies()).toEqual([['kept']]);
  });

  test('a chain of messages that never ends is cut after 16 hops, as recursive loop detection does', async () => {
    const { clock, queue, batches, watcher, send } = await given();
    watcher.answer = () => send('again', 1);
    queue.send('first');
    await clock.advance(10 * minute);
    expect(batches).toHaveLength(1 + 16);
    expect(queue.deadLetters).toEqual([expect.objectContaining({ body: 'again', hops: 17, why: 'recursive loop' })]);
  });

  test('messages from outside begin a chain of their own', async () => {
    const { clock, queue, batches, send } = await given();
    for (let minutes = 0; minutes < 40; minutes += 1) {
      await send('tick');
      await clock.advance(minute);
    }
    expect(batches).toHaveLength(40);
    expect(queue.deadLetters).toEqual([]);
  });
});

describe('the protocol', () => {
  test('an operation that the sandbox does not know is UnknownOperationException', async () => {
    const { client, QueueUrl } = await given();
    expect((await refusal(client.send(new ReceiveMessageCommand({ QueueUrl })))).name).toBe(
      'UnknownOperationException',
    );
  });

  test('another access key is UnrecognizedClientException', async () => {
    const { endpoint, QueueUrl } = await given();
    const client = new SQSClient({ region, endpoint, credentials: { ...credentials, accessKeyId: 'AKIDOTHER' } });
    closing.push(() => client.destroy());
    const call = client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'tick' }));
    expect(await refusal(call)).toEqual({ name: 'UnrecognizedClientException', status: 403 });
  });

  test('the SDK tries a throttled call and an internal error again', async () => {
    const { faults, send, clock, bodies } = await given();
    for (const kind of ['throttle', '5xx'] as const) {
      faults.arm({ service: 'sqs', operation: 'SendMessage', kind });
      await send(kind);
    }
    await clock.advance(second);
    expect(bodies().flat()).toEqual(['throttle', '5xx']);
  });
});
