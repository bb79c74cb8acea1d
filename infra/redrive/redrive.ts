import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { queueOutput } from '../runbook';
import { type Place, places, type Takers } from './places';

/** Handing one back takes a call or two. */
const visibilitySeconds = 60;

/**
 * Hands back what lies in the on-failure queues of a deployment, each message once, and takes it out of its queue. What
 * fails again lies there again some minutes later, and its alarm rings again.
 * @param outputs Those of the stack: the URLs of the queues.
 * @param onlyLook Says what lies there, and leaves it.
 * @returns The exit code: 0, or 1 when something could not be handed back and is in its queue still.
 */
export async function redrive(
  parts: Omit<Takers, 'asked'>,
  outputs: Readonly<Record<string, string>>,
  { say, onlyLook = false }: { say: (line: string) => void; onlyLook?: boolean },
): Promise<0 | 1> {
  const takers = { ...parts, asked: new Set<string>() };
  let left = 0;
  for (const place of places) {
    const url = outputs[queueOutput(place.alarm)];
    // A stack without schedules has no queue for them.
    if (url === undefined) continue;
    const waiting = await count(takers, url);
    say(`${place.alarm}: ${waiting === 0 ? 'nothing' : `${waiting} message${waiting === 1 ? '' : 's'}`}`);
    if (!onlyLook && waiting > 0) left += await empty(place, takers, url, waiting, say);
  }
  return left === 0 ? 0 : 1;
}

async function count({ sqs }: Takers, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages'] as const;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

/** Answers how many could not be handed back. No more than were there at the start: what fails again comes next time. */
async function empty(
  place: Place,
  takers: Takers,
  url: string,
  waiting: number,
  say: (line: string) => void,
): Promise<number> {
  let left = 0;
  for (let taken = 0; taken < waiting; ) {
    const { Messages = [] } = await takers.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(10, waiting - taken),
        VisibilityTimeout: visibilitySeconds,
        // Asks all servers of the queue (SQS: "Short and long polling").
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages.length === 0) break;
    taken += Messages.length;
    for (const message of Messages) if (!(await handBack(place, takers, url, message, say))) left += 1;
  }
  return left;
}

async function handBack(
  place: Place,
  takers: Takers,
  QueueUrl: string,
  { MessageId = '', ReceiptHandle, Body = '' }: Message,
  say: (line: string) => void,
): Promise<boolean> {
  try {
    say(`  ${MessageId}: ${await place.handBack({ id: MessageId, body: Body }, takers)}`);
    await takers.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return true;
  } catch (error) {
    say(`  ${MessageId}: stays, because ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
