import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Timer, VirtualClock } from './clock';
import { uuid } from './ids';
import { JsonService, type Operation, operation, ServiceError } from './json';
import { refusalOfQueue } from './queue';
import { queueAttributes } from './queue-attributes';
import type { RefusalKind } from './service';

interface Kept {
  id: string;
  body: string;
  /** Of its newest receive: an older handle deletes nothing any more. */
  handle?: string;
  /** Runs while the message is invisible. */
  timer?: Timer;
}

export interface OnFailureQueueOptions {
  clock: VirtualClock;
  accessKeyId: string;
  region: string;
  accountId: string;
  name: string;
}

const text = z.string();
const defaultVisibilitySeconds = 30;
/** "Values can be integers from 0 to 43200. Maximum: 12 hours" (SQS: ReceiveMessage). */
const maxVisibilitySeconds = 43_200;

/** A standard queue of SQS that nobody listens to: what could not be handled waits in it until a person comes. */
export class OnFailureQueue extends JsonService {
  readonly service = 'sqs';
  protected readonly dialect = { target: 'AmazonSQS', version: '1.0', namespace: 'com.amazonaws.sqs' } as const;
  readonly name: string;
  readonly arn: string;
  readonly #options: OnFailureQueueOptions;
  readonly #messages: Kept[] = [];
  #sent = 0;
  #handles = 0;

  constructor(options: OnFailureQueueOptions) {
    super(options.accessKeyId);
    this.#options = options;
    this.name = options.name;
    this.arn = `arn:aws:sqs:${options.region}:${options.accountId}:${options.name}`;
  }

  /** As Lambda, EventBridge and SQS itself put it there. */
  put(body: string): void {
    this.#sent += 1;
    const id = uuid(`${this.name} ${this.#sent}`);
    this.#messages.push({ id, body });
  }

  url(endpoint: string): string {
    return `${endpoint}/${this.#options.accountId}/${this.name}`;
  }

  /** CloudWatch: ApproximateNumberOfMessagesVisible. */
  get visible(): number {
    return this.#messages.filter(({ timer }) => timer === undefined).length;
  }

  protected readonly operations: Readonly<Record<string, Operation>> = {
    GetQueueUrl: operation(z.strictObject({ QueueName: text }), (_, incoming) => ({
      QueueUrl: this.url(`http://${String(incoming.headers.host)}`),
    })),

    GetQueueAttributes: operation(
      z.strictObject({ QueueUrl: text, AttributeNames: z.array(text).optional() }),
      ({ AttributeNames = [] }) => {
        const all: Record<string, string> = {
          QueueArn: this.arn,
          ApproximateNumberOfMessages: String(this.visible),
          ApproximateNumberOfMessagesNotVisible: String(this.#messages.length - this.visible),
          VisibilityTimeout: String(defaultVisibilitySeconds),
        };
        return queueAttributes(all, AttributeNames);
      },
    ),

    ReceiveMessage: operation(
      z.strictObject({
        QueueUrl: text,
        MaxNumberOfMessages: z.int().optional(),
        VisibilityTimeout: z.int().min(0).max(maxVisibilitySeconds).optional(),
        WaitTimeSeconds: z.int().min(0).max(20).optional(),
      }),
      ({ MaxNumberOfMessages = 1, VisibilityTimeout = defaultVisibilitySeconds }) => {
        if (MaxNumberOfMessages < 1 || MaxNumberOfMessages > 10)
          throw new ServiceError(
            'InvalidParameterValueException',
            `Value ${MaxNumberOfMessages} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
            400,
            'InvalidParameterValue;Sender',
          );
        const found = this.#messages.filter(({ timer }) => timer === undefined).slice(0, MaxNumberOfMessages);
        // SQS leaves the list out when there is nothing.
        return found.length === 0 ? {} : { Messages: found.map((message) => this.#hand(message, VisibilityTimeout)) };
      },
    ),

    DeleteMessage: operation(z.strictObject({ QueueUrl: text, ReceiptHandle: text }), ({ ReceiptHandle }) => {
      if (!/^[0-9a-f-]{36}$/.test(ReceiptHandle))
        throw new ServiceError(
          'ReceiptHandleIsInvalid',
          `The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
          404,
          'ReceiptHandleIsInvalid;Sender',
        );
      const at = this.#messages.findIndex(({ handle }) => handle === ReceiptHandle);
      const [gone] = at < 0 ? [] : this.#messages.splice(at, 1);
      gone?.timer?.cancel();
      return {};
    }),
  };

  protected refuse(kind: RefusalKind, operation: string): ServiceError {
    return refusalOfQueue(kind, operation);
  }

  /** Nobody else gets it until its visibility time-out has passed. */
  #hand(message: Kept, visibilitySeconds: number): object {
    message.handle = uuid(`${this.name} handle ${++this.#handles}`);
    message.timer = this.#options.clock.after(visibilitySeconds * 1000, () => {
      delete message.timer;
    });
    return {
      MessageId: message.id,
      ReceiptHandle: message.handle,
      Body: message.body,
      MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    };
  }
}
