import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { RunTable } from '../../orchestrator/aws/run-table';
import type { AlarmId } from '../runbook';

/** What of a deployment takes back what could not be handled. */
export interface Takers {
  sqs: SQSClient;
  lambda: LambdaClient;
  sfn: SFNClient;
  runs: Pick<RunTable, 'open' | 'cards' | 'touch'>;
  tickQueueUrl: string;
  endedFunctionName: string;
  stateMachineArn: string;
  /** Runs whose cards have been asked for already: many messages tell of the same outage. */
  asked: Set<string>;
}

/** A message that lay in an on-failure queue. */
export interface Unhandled {
  id: string;
  body: string;
}

export interface Place {
  alarm: AlarmId;
  /**
   * Hands one message to whoever failed on it, and says what was done.
   * @throws Unreadable for a message that is none of ours, and whatever AWS refuses.
   */
  handBack(message: Unhandled, takers: Takers): Promise<string>;
}

/** Somebody else put this into the queue: it stays there. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** EventBridge's event, as its rule's own queue keeps it, or inside Lambda's invocation record. */
const Ended = z.object({ source: z.literal('aws.states'), detail: z.object({ name: z.string(), status: z.string() }) });
const Discarded = z.object({ DDBStreamBatchInfo: z.object({ streamArn: z.string() }) });

/** Every on-failure queue of the stack. Handing back twice does no harm: whoever takes it looks at what is true. */
export const places: readonly Place[] = [
  {
    alarm: 'cards-unwritten',
    /** The records say where in the stream they are, not whose; which cards are wrong is known without them. */
    async handBack({ body }, { runs, asked }) {
      read(Discarded, body);
      const open = await runs.open();
      const cards = await runs.cards(open.map(({ id }) => id));
      const behind = open.filter(({ id, version }) => !asked.has(id) && (cards.get(id)?.version ?? 0) < version);
      for (const { id } of behind) {
        await runs.touch(id);
        asked.add(id);
      }
      return behind.length === 0
        ? 'no other card is behind its run'
        : `the cards of ${behind.map(({ id }) => id).join(', ')} are written again`;
    },
  },
  {
    alarm: 'end-unhandled',
    async handBack({ body }, { lambda, endedFunctionName }) {
      const { requestPayload } = read(z.object({ requestPayload: z.optional(z.unknown()) }), body);
      const event = requestPayload === undefined ? body : JSON.stringify(requestPayload);
      const { name, status } = read(Ended, event).detail;
      await lambda.send(
        new InvokeCommand({ FunctionName: endedFunctionName, InvocationType: 'Event', Payload: Buffer.from(event) }),
      );
      return `the end of execution ${name} (${status}) is looked at again`;
    },
  },
  {
    alarm: 'ticks-undelivered',
    async handBack({ body }, { sqs, tickQueueUrl }) {
      const { kind } = read(z.object({ kind: z.enum(['minute', 'look', 'run']) }), body);
      await sqs.send(new SendMessageCommand({ QueueUrl: tickQueueUrl, MessageBody: body }));
      return `the tick (${kind}) is sent again`;
    },
  },
  {
    alarm: 'schedule-failed',
    async handBack({ id, body }, { sfn, stateMachineArn }) {
      const { database } = read(z.object({ schedule: z.object({ database: z.string() }) }), body).schedule;
      // Named after the message: a second call finds the same execution.
      const name = `redrive-${id}`;
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: body })).catch((error: unknown) => {
        if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
      });
      return `the run of ${database} is started`;
    },
  },
];

function read<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    throw new Unreadable('it is not in the form that Trapheus’s own failures have');
  }
}
