import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { TickQueue } from '../../../orchestrator/aws/ticks';

test('the looks of a minute go out ten at a time, each with its delay', async () => {
  const sqs = mockClient(SQSClient);
  const queue = new TickQueue(new SQSClient({ region: 'eu-central-1' }), 'https://sqs.example/ticks');
  const looks = Array.from({ length: 19 }, (_, index) => ({
    tick: { kind: 'look', depth: 1 } as const,
    delaySeconds: (index + 1) * 3,
  }));

  await queue.send(looks);

  const batches = sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries ?? []);
  expect(batches.map((batch) => batch.length)).toEqual([10, 9]);
  expect(batches.flat().map((entry) => entry.DelaySeconds)).toEqual(looks.map((look) => look.delaySeconds));
  expect(batches[0]?.[0]?.MessageBody).toBe('{"kind":"look","depth":1}');
});
