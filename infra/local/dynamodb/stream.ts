import { createHash } from 'node:crypto';
import { BatchAnswer } from '../batch-answer';
import type { VirtualClock } from '../clock';
import { uuid } from '../ids';
import type { Invocation, Lambda } from '../lambda';
import { anyOf, type Filter } from './filter';

/** One record of a DynamoDB stream, as Lambda hands it over. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  eventSourceARN: string;
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamViewType;
  };
}

export type Item = Record<string, unknown>;
export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** The event source mapping of one function. */
export interface StreamMapping {
  tableName: string;
  functionName: string;
  /** Default 100, as Lambda. */
  batchSize?: number;
  /** Patterns of the filter criteria; a record passes when one of them fits. */
  filters?: readonly object[];
  /** Default 5. */
  maximumRetryAttempts?: number;
  /** From the write to the call of the function. Default 200. */
  latencyMs?: number;
  /** Takes a description of every batch that was given up, as Lambda sends it to an on-failure destination. */
  onFailure?: (message: DiscardedBatch) => void;
}

/**
 * What Lambda tells of discarded records: where they are in the stream, not what they say (Lambda: "Retain discarded
 * records for a DynamoDB data source in Lambda").
 */
export interface DiscardedBatch {
  version: '1.0';
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: 'RetryAttemptsExhausted';
    approximateInvokeCount: number;
  };
  responseContext: { statusCode: 200; executedVersion: '$LATEST'; functionError: 'Unhandled' };
  DDBStreamBatchInfo: {
    shardId: string;
    startSequenceNumber: string;
    endSequenceNumber: string;
    approximateArrivalOfFirstRecord: string;
    approximateArrivalOfLastRecord: string;
    batchSize: number;
    streamArn: string;
  };
}

interface Batch {
  records: StreamRecord[];
  /** Retries so far. */
  retries: number;
}

interface Shard {
  records: StreamRecord[];
  /** What is left of a batch that failed: it comes before everything newer. */
  failed: Batch[];
  busy: boolean;
}

/** A new table that is paid per request begins with four partitions, and each has a shard of the stream. */
const shardCount = 4;
/** How late a record comes that a test lets others overtake. */
const overtakenMs = 5_000;

/**
 * Delivers records to a function: in order per item, in batches, again after a failure (bisecting the batch, and
 * honouring ReportBatchItemFailures), and after the last retry to the on-failure list.
 */
export class Delivery {
  /** Records that were given up, as the on-failure queue would name them. */
  readonly failures: StreamRecord[] = [];
  readonly #clock: VirtualClock;
  readonly #lambda: Lambda;
  readonly #mapping: StreamMapping;
  readonly #passes: Filter;
  readonly #batchSize: number;
  readonly #shards: Shard[] = Array.from({ length: shardCount }, () => ({ records: [], failed: [], busy: false }));
  #duplicates = 0;
  #overtaken = 0;

  constructor(parts: { clock: VirtualClock; lambda: Lambda }, mapping: StreamMapping) {
    this.#clock = parts.clock;
    this.#lambda = parts.lambda;
    this.#mapping = mapping;
    this.#passes = anyOf(mapping.filters ?? []);
    this.#batchSize = mapping.batchSize ?? 100;
  }

  /** Delivers the next records twice: "at least once" is what Lambda promises. */
  duplicate(times = 1): void {
    this.#duplicates += times;
  }

  /** Lets the next records come five seconds late, behind what is written meanwhile, as after a partial failure. */
  reorder(times = 1): void {
    this.#overtaken += times;
  }

  push(record: StreamRecord): void {
    if (!this.#passes(record)) return;
    if (this.#overtaken > 0) {
      this.#overtaken -= 1;
      this.#clock.after(overtakenMs, () => this.#add(record));
      return;
    }
    this.#add(record);
    if (this.#duplicates === 0) return;
    this.#duplicates -= 1;
    this.#add(record);
  }

  #add(record: StreamRecord): void {
    const [partitionKey] = Object.values(record.dynamodb.Keys);
    const hash = createHash('md5').update(JSON.stringify(partitionKey)).digest();
    const shard = this.#shards[(hash[0] ?? 0) % shardCount] as Shard;
    shard.records.push(record);
    this.#poll(shard, this.#mapping.latencyMs ?? 200);
  }

  #poll(shard: Shard, afterMs: number): void {
    if (shard.busy || shard.failed.length + shard.records.length === 0) return;
    shard.busy = true;
    this.#clock.after(afterMs, () => {
      const batch = shard.failed.shift() ?? { records: shard.records.splice(0, this.#batchSize), retries: 0 };
      return this.#lambda.dispatch(this.#mapping.functionName, { Records: batch.records }, {}, (result) => {
        shard.busy = false;
        const retry = this.#settle(shard, batch, result);
        // Lambda waits longer with every retry of a batch; it does not say how long.
        this.#poll(shard, retry === undefined ? 0 : Math.min(1000 * 2 ** retry, 60_000));
      });
    });
  }

  /** Puts back what has to be tried again, and answers the number of retries before it; undefined if all is settled. */
  #settle(shard: Shard, { records, retries }: Batch, result: Invocation): number | undefined {
    const from = firstFailure(records, result);
    if (from === undefined) return undefined;
    if (from > 0) {
      shard.failed.unshift({ records: records.slice(from), retries });
      return retries;
    }
    if (records.length > 1) {
      // Bisecting does not use up a retry.
      const middle = Math.ceil(records.length / 2);
      shard.failed.unshift({ records: records.slice(0, middle), retries }, { records: records.slice(middle), retries });
      return retries;
    }
    if (retries >= (this.#mapping.maximumRetryAttempts ?? 5)) {
      this.failures.push(...records);
      for (const record of records) this.#mapping.onFailure?.(this.#discarded(record, retries + 1));
      return undefined;
    }
    shard.failed.unshift({ records, retries: retries + 1 });
    return retries;
  }

  #discarded({ awsRegion, eventSourceARN, dynamodb }: StreamRecord, approximateInvokeCount: number): DiscardedBatch {
    const { SequenceNumber, ApproximateCreationDateTime } = dynamodb;
    const arrival = new Date(ApproximateCreationDateTime * 1000).toISOString();
    const [, , , , account] = eventSourceARN.split(':');
    return {
      version: '1.0',
      timestamp: new Date(this.#clock.now()).toISOString(),
      requestContext: {
        requestId: uuid(`${eventSourceARN} ${SequenceNumber}`),
        functionArn: `arn:aws:lambda:${awsRegion}:${account}:function:${this.#mapping.functionName}`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        shardId: `shardId-${uuid(eventSourceARN).slice(0, 8)}`,
        startSequenceNumber: SequenceNumber,
        endSequenceNumber: SequenceNumber,
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 1,
        streamArn: eventSourceARN,
      },
    };
  }
}

/**
 * ReportBatchItemFailures for streams: the lowest sequence number is where Lambda goes on; an identifier that is not
 * in the batch, or a malformed answer, fails the whole batch; no answer or an empty list means success.
 */
function firstFailure(records: readonly StreamRecord[], result: Invocation): number | undefined {
  if (!result.ok) return 0;
  const answer = BatchAnswer.safeParse(typeof result.value === 'object' ? result.value : null);
  if (!answer.success) return 0;
  const failed = (answer.data?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  return failed.length === 0 ? undefined : Math.max(0, Math.min(...failed));
}
