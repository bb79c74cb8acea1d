import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { OnFailureQueue } from '../../../infra/local/on-failure-queue';
import { Queue } from '../../../infra/local/queue';
import { Queues } from '../../../infra/local/queues';
import { accessKeyId, accountId, credentials, loopback, refusal, region } from './loopback';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function given() {
  const { clock, faults, lambda, front } = loopback();
  const common = { clock, faults, lambda, accessKeyId, region, accountId };
  const dead = new OnFailureQueue({ ...common, name: 'dead' });
  const ticks = new Queue({ ...common, name: 'ticks', consumer: { functionName: 'watcher' } });
  const endpoint = await front.listen(new Queues(ticks, [dead]));
  const client = new SQSClient({ region, credentials, endpoint });
  closing.push(
    () => client.destroy(),
    () => front.close(),
  );
  const QueueUrl = dead.url(endpoint);
  const receive = async (more: object = {}) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
  const remove = (ReceiptHandle: string | undefined) =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return { clock, client, dead, endpoint, QueueUrl, receive, remove };
}

describe('a queue that nobody listens to', () => {
  test('one endpoint serves all queues, each by its name, and refuses what is not there', async () => {
    const { client, endpoint, QueueUrl } = await given();
    for (const name of ['dead', 'ticks'])
      expect((await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(
        `${endpoint}/${accountId}/${name}`,
      );
    expect((await refusal(client.send(new GetQueueUrlCommand({ QueueName: 'other' })))).name).toBe('QueueDoesNotExist');
    expect((await refusal(client.send(new PurgeQueueCommand({ QueueUrl })))).name).toBe('UnknownOperationException');
  });

  test('a message is received as it was put, is invisible for a while, and comes again if nobody deletes it', async () => {
    const { clock, client, dead, QueueUrl, receive } = await given();
    dead.put('{"a":"ü"}');
    const [first] = await receive({ VisibilityTimeout: 60 });
    expect(first).toMatchObject({ Body: '{"a":"ü"}', MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await receive()).toEqual([]);
    const counts = { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' };
    const asked = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect((await client.send(asked)).Attributes).toEqual(counts);
    await clock.advance(61_000);
    const [again] = await receive();
    expect(again?.MessageId).toBe(first?.MessageId);
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test('a message is deleted by the handle of its newest receive; a handle that is none is refused', async () => {
    const { clock, dead, receive, remove } = await given();
    dead.put('one');
    const [first] = await receive({ VisibilityTimeout: 1 });
    await clock.advance(2_000);
    const [again] = await receive({ VisibilityTimeout: 1 });
    await remove(first?.ReceiptHandle);
    await clock.advance(2_000);
    expect(dead.visible).toBe(1);
    const [last] = await receive();
    await remove(last?.ReceiptHandle);
    // Deleting twice is no error (SQS: DeleteMessage).
    await remove(last?.ReceiptHandle);
    await clock.advance(60_000);
    expect([await receive(), again?.Body]).toEqual([[], 'one']);
    expect(await refusal(remove('nonsense'))).toEqual({ name: 'ReceiptHandleIsInvalid', status: 404 });
  });

  test('no more than ten messages come at once', async () => {
    const { dead, receive } = await given();
    for (let count = 0; count < 12; count += 1) dead.put(String(count));
    expect(await receive()).toHaveLength(10);
    expect(await receive()).toHaveLength(2);
    expect((await refusal(receive({ MaxNumberOfMessages: 11 }))).name).toBe('InvalidParameterValue');
  });
});
