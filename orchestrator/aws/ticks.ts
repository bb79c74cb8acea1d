import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Tick, Ticks } from '../ports';

/** SQS: SendMessageBatch takes at most 10 messages. */
const batchSize = 10;

export class TickQueue implements Ticks {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(ticks: { tick: Tick; delaySeconds: number }[]): Promise<void> {
    for (let from = 0; from < ticks.length; from += batchSize) {
      const Entries = ticks.slice(from, from + batchSize).map(({ tick, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(tick),
        DelaySeconds: delaySeconds,
      }));
      // A message that the queue does not take is a lost tick, and a lost tick heals within a minute.
      await this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }
}
