import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BatchAnswer } from './batch-answer';
import type { Timer, VirtualClock } from './clock';
import type { Faults } from './faults';
import { uuid } from './ids';
import { JsonService, type Operation, operation, ServiceError } from './json';
import type { Invocation, Lambda } from './lambda';
import { queueAttributes } from './queue-attributes';
import type { Incoming, RefusalKind } from './service';

export interface QueueOptions {
  clock: VirtualClock;
  lambda: Lambda;
  faults: Faults;
  accessKeyId: string;
  region: string;
  accountId: string;
  name: string;
  /** The event source mapping. */
  consumer: {
    functionName: string;
    /** 1..10, default 10. */
    batchSize?: number;
    /** Default 2, the smallest that Lambda allows. */
    maximumConcurrency?: number;
  };
  /** Default 30 seconds, as SQS. */
  visibilityTimeoutSeconds?: number;
  /** How often a message is received before it goes to the dead-letter list. Default 5. */
  maxReceiveCount?: number;
  /** Takes the body of every dead letter, as the dead-letter queue of a RedrivePolicy does. */
  onFailure?: (body: string) => void;
}

export interface Message {
  id: string;
  body: string;
  sentAt: number;
  /** How many messages of one loop lie behind this one; 0 for a message from outside any invocation. */
  hops: number;
  receives: number;
}

export interface DeadLetter extends Message {
  why: 'received too often' | 'recursive loop';
}

interface Held extends Message {
  firstReceivedAt?: number;
  /** Runs while the message is invisible: then it is offered again. */
  timer?: Timer;
}

/** "Lambda drops the next request when your function is invoked approximately 16 times in the same chain" (AWS). */
const maxHops = 16;
/** "The maximum message size is 1 MiB" (AWS: Amazon SQS message quotas). */
const maxMessageBytes = 1_048_576;
const maxDelaySeconds = 900;
/** From "visible" to the call of the function. */
const pollMs = 20;

const text = z.string();
const entry = { MessageBody: text, DelaySeconds: z.int().optional() };

/** One standard queue of SQS (AWS JSON 1.0) with the Lambda function that it feeds. */
export class Queue extends JsonService {
  readonly service = 'sqs';
  protected readonly dialect = { target: 'AmazonSQS', version: '1.0', namespace: 'com.amazonaws.sqs' } as const;
  readonly arn: string;
  /** Messages that will never be delivered again. */
  readonly deadLetters: DeadLetter[] = [];
  readonly #options: QueueOptions;
  readonly #batchSize: number;
  readonly #concurrency: number;
  readonly #visibilitySeconds: number;
  readonly #maxReceives: number;
  readonly #delayed = new Set<Held>();
  readonly #visible: Held[] = [];
  readonly #received = new Set<Held>();
  #running = 0;
  #polling = false;
  #sent = 0;

  constructor(options: QueueOptions) {
    super(options.accessKeyId);
    this.#options = options;
    this.arn = `arn:aws:sqs:${options.region}:${options.accountId}:${options.name}`;
    this.#batchSize = options.consumer.batchSize ?? 10;
    this.#concurrency = options.consumer.maximumConcurrency ?? 2;
    this.#visibilitySeconds = options.visibilityTimeoutSeconds ?? 30;
    this.#maxReceives = options.maxReceiveCount ?? 5;
    if (this.#batchSize < 1 || this.#batchSize > 10) throw new Error('batchSize must be between 1 and 10');
    if (this.#concurrency < 2) throw new Error('maximumConcurrency must be at least 2, as on Lambda');
  }

  /** A message from outside any invocation, as the schedule sends it. */
  send(body: string, delaySeconds = 0): Message {
    return this.#accept(body, delaySeconds, 0);
  }

  /** The queue's URL below an endpoint, as GetQueueUrl answers it. */
  url(endpoint: string): string {
    return `${endpoint}/${this.#options.accountId}/${this.#options.name}`;
  }

  protected readonly operations: Readonly<Record<string, Operation>> = {
    GetQueueUrl: operation(
      z.strictObject({ QueueName: text, QueueOwnerAWSAccountId: text.optional() }),
      ({ QueueName, QueueOwnerAWSAccountId = this.#options.accountId }, incoming) => {
        if (QueueName !== this.#options.name || QueueOwnerAWSAccountId !== this.#options.accountId) throw noQueue();
        return { QueueUrl: this.url(`http://${String(incoming.headers.host)}`) };
      },
    ),

    GetQueueAttributes: operation(
      z.strictObject({ QueueUrl: text, AttributeNames: z.array(text).optional() }),
      ({ QueueUrl, AttributeNames = [] }) => {
        this.#mustBeOurs(QueueUrl);
        const all: Record<string, string> = {
          QueueArn: this.arn,
          ApproximateNumberOfMessages: String(this.#visible.length),
          ApproximateNumberOfMessagesNotVisible: String(this.#received.size),
          ApproximateNumberOfMessagesDelayed: String(this.#delayed.size),
          DelaySeconds: '0',
          MaximumMessageSize: String(maxMessageBytes),
          VisibilityTimeout: String(this.#visibilitySeconds),
          RedrivePolicy: JSON.stringify({ maxReceiveCount: this.#maxReceives }),
        };
        return queueAttributes(all, AttributeNames);
      },
    ),

    SendMessage: operation(z.strictObject({ QueueUrl: text, ...entry }), (input, incoming) => {
      this.#mustBeOurs(input.QueueUrl);
      return this.#receipt(input, incoming);
    }),

    SendMessageBatch: operation(
      z.strictObject({ QueueUrl: text, Entries: z.array(z.strictObject({ Id: text, ...entry })) }),
      ({ QueueUrl, Entries }, incoming) => {
        this.#mustBeOurs(QueueUrl);
        checkBatch(Entries);
        const Successful: object[] = [];
        const Failed: object[] = [];
        for (const { Id, ...message } of Entries) {
          try {
            Successful.push({ Id, ...this.#receipt(message, incoming) });
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            const Code = error.queryError?.split(';')[0] ?? error.type;
            Failed.push({ Id, Code, Message: error.message, SenderFault: true });
          }
        }
        return { Successful, Failed };
      },
    ),
  };

  protected refuse(kind: RefusalKind, operation: string): ServiceError {
    return refusalOfQueue(kind, operation);
  }

  #receipt(
    { MessageBody, DelaySeconds = 0 }: { MessageBody: string; DelaySeconds?: number | undefined },
    incoming: Incoming,
  ) {
    if (MessageBody === '')
      throw new ServiceError(
        'MissingRequiredParameterException',
        'The request must contain the parameter MessageBody.',
        400,
        'MissingParameter;Sender',
      );
    if (Buffer.byteLength(MessageBody) > maxMessageBytes)
      throw invalid(
        `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
      );
    if (DelaySeconds < 0 || DelaySeconds > maxDelaySeconds)
      throw invalid(
        `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`,
      );
    // A message that an invocation sends is one hop further in the chain that led to that invocation.
    const hops = incoming.caller === undefined ? 0 : incoming.hops + 1;
    const { id } = this.#accept(MessageBody, DelaySeconds, hops);
    return { MessageId: id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  }

  #accept(body: string, delaySeconds: number, hops: number): Message {
    const { clock, faults, name } = this.#options;
    this.#sent += 1;
    const message: Held = { id: uuid(`${name} ${this.#sent}`), body, sentAt: clock.now(), hops, receives: 0 };
    this.#delayed.add(message);
    clock.after(delaySeconds * 1000, () => {
      this.#delayed.delete(message);
      if (faults.take({ service: 'sqs', operation: 'deliver', body }, ['drop']) !== undefined) return;
      this.#offer(message);
    });
    return { ...message };
  }

  #offer(message: Held): void {
    if (message.hops > maxHops) return this.#bury(message, 'recursive loop');
    if (message.receives >= this.#maxReceives) return this.#bury(message, 'received too often');
    this.#visible.push(message);
    this.#poll();
  }

  #bury({ id, body, sentAt, hops, receives }: Held, why: DeadLetter['why']): void {
    this.deadLetters.push({ id, body, sentAt, hops, receives, why });
    this.#options.onFailure?.(body);
  }

  #poll(): void {
    if (this.#polling || this.#running >= this.#concurrency || this.#visible.length === 0) return;
    this.#polling = true;
    const { clock, lambda, consumer } = this.#options;
    clock.after(pollMs, () => {
      this.#polling = false;
      const batch = this.#visible.splice(0, this.#batchSize);
      for (const message of batch) this.#receive(message);
      this.#running += 1;
      const hops = Math.max(...batch.map((message) => message.hops));
      const Records = batch.map((message) => this.#record(message));
      this.#poll();
      return lambda.dispatch(consumer.functionName, { Records }, { hops }, (result) => {
        this.#running -= 1;
        this.#settle(batch, result);
        this.#poll();
      });
    });
  }

  /** Invisible from now on; offered again if nobody has deleted it when its visibility time-out ends. */
  #receive(message: Held): void {
    const { clock } = this.#options;
    message.receives += 1;
    message.firstReceivedAt ??= clock.now();
    this.#received.add(message);
    message.timer = clock.after(this.#visibilitySeconds * 1000, () => {
      this.#received.delete(message);
      this.#offer(message);
    });
  }

  #settle(batch: Held[], result: Invocation): void {
    const failed = failedItems(batch, result);
    for (const message of batch) {
      if (failed.has(message.id)) continue;
      message.timer?.cancel();
      this.#received.delete(message);
    }
  }

  #record(message: Held): object {
    return {
      messageId: message.id,
      receiptHandle: uuid(`${message.id} ${message.receives}`),
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receives),
        SentTimestamp: String(message.sentAt),
        SenderId: this.#options.accountId,
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(message.body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: this.arn,
      awsRegion: this.#options.region,
    };
  }

  #mustBeOurs(queueUrl: string): void {
    if (!queueUrl.endsWith(`/${this.#options.accountId}/${this.#options.name}`)) throw noQueue();
  }
}

/**
 * Lambda's ReportBatchItemFailures: no answer or an empty list means that all went well; an identifier that is not in
 * the batch, or a malformed answer, means that all failed.
 */
function failedItems(batch: Held[], result: Invocation): Set<string> {
  const all = new Set(batch.map(({ id }) => id));
  if (!result.ok) return all;
  const answer = BatchAnswer.safeParse(typeof result.value === 'object' ? result.value : null);
  if (!answer.success) return all;
  const failed = new Set((answer.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => all.has(id)) ? failed : all;
}

function checkBatch(entries: readonly { Id: string; MessageBody: string }[]): void {
  const refuse = (type: string, code: string, message: string) => {
    throw new ServiceError(type, message, 400, `AWS.SimpleQueueService.${code};Sender`);
  };
  if (entries.length === 0)
    refuse('EmptyBatchRequest', 'EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry.');
  if (entries.length > 10)
    refuse(
      'TooManyEntriesInBatchRequest',
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id }) => Id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) refuse('BatchEntryIdsNotDistinct', 'BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  if (entries.reduce((bytes, { MessageBody }) => bytes + Buffer.byteLength(MessageBody), 0) > maxMessageBytes)
    refuse(
      'BatchRequestTooLong',
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${maxMessageBytes} bytes.`,
    );
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400, 'InvalidParameterValue;Sender');
}

/** How SQS words a refusal of this kind, whatever the queue. */
export function refusalOfQueue(kind: RefusalKind, operation: string): ServiceError {
  switch (kind) {
    case 'throttle':
      return new ServiceError('RequestThrottled', 'The request was denied due to request throttling.', 403);
    case '5xx':
      return new ServiceError('InternalFailure', 'We encountered an internal error. Please try again.', 500);
    case 'access-denied':
      return new ServiceError(
        'AccessDeniedException',
        `User is not authorized to perform: sqs:${operation.toLowerCase()}`,
        403,
        'AccessDenied;Sender',
      );
    case 'not-found':
      return noQueue();
    case 'wrong-state':
      return new ServiceError('UnsupportedOperation', 'Unsupported operation.');
    case 'quota':
      return new ServiceError('OverLimit', 'The maximum number of in flight messages has been reached.', 403);
  }
}

function noQueue(): ServiceError {
  return new ServiceError(
    'QueueDoesNotExist',
    'The specified queue does not exist.',
    400,
    'AWS.SimpleQueueService.NonExistentQueue;Sender',
  );
}
