import { parseBody, targetOperation } from './json';
import type { OnFailureQueue } from './on-failure-queue';
import type { Queue } from './queue';
import type { Answer, Incoming, Protocol, RefusalKind } from './service';

/** All queues of the account behind one endpoint, as SQS has them: every request names its queue. */
export class Queues implements Protocol {
  readonly service = 'sqs';
  readonly #first: Queue;
  readonly #others: ReadonlyMap<string, OnFailureQueue>;

  constructor(first: Queue, others: readonly OnFailureQueue[]) {
    this.#first = first;
    this.#others = new Map(others.map((queue) => [queue.name, queue]));
  }

  operation(incoming: Incoming): string {
    return targetOperation(incoming);
  }

  answer(incoming: Incoming, operation: string): Promise<Answer> {
    const other = this.#others.get(named(incoming.body));
    // Who names no queue that is here hears of the first that it is not there.
    return (other ?? this.#first).answer(incoming, operation);
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    return this.#first.refusal(kind, operation);
  }
}

function named(body: string): string {
  try {
    const { QueueUrl, QueueName } = parseBody(body) as { QueueUrl?: unknown; QueueName?: unknown };
    return (
      String(QueueName ?? QueueUrl ?? '')
        .split('/')
        .at(-1) ?? ''
    );
  } catch {
    return '';
  }
}
