import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Log } from '../log';
import type { Runs } from '../ports';
import { Run } from '../run';
import { batchGet } from './batch-get';
import { getItem } from './get-item';
import { marshall } from './item';
import { unpacked } from './packed';
import { queryKeys } from './query-keys';
import { runOf } from './run-of';
import { tableSend } from './table-client';

const prefix = 'run#';

/** The run records of the table, for whoever only shows them. */
export class RunReads implements Pick<Runs, 'load' | 'open' | 'recent' | 'listed' | 'all' | 'ofDatabase'> {
  readonly #send: DynamoDBClient['send'];
  readonly #log: Log;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string, log: Log = () => undefined) {
    this.#table = table;
    this.#log = log;
    this.#send = tableSend(client);
  }

  async load(id: string): Promise<Run | undefined> {
    const item = await getItem(this.#send, this.#table, prefix + id);
    return item && runOf(item.record);
  }

  async open(): Promise<Run[]> {
    return this.all(await this.listed('open'));
  }

  async recent(limit: number): Promise<Run[]> {
    return this.all(await this.listed('past', limit));
  }

  async listed(list: 'open' | 'past', limit?: number): Promise<string[]> {
    return this.#queryIds('open', '#open = :list', { '#open': 'open' }, { ':list': list }, limit);
  }

  async ofDatabase(database: string, limit: number): Promise<Run[]> {
    const ids = await this.#queryIds(
      'database',
      '#database = :database',
      { '#database': 'database' },
      { ':database': database },
      limit,
    );
    return this.all(ids);
  }

  async all(ids: readonly string[]): Promise<Run[]> {
    const keys = ids.map((id) => prefix + id);
    const items = await batchGet(this.#send, this.#table, keys);
    const byKey = new Map(items.map((item) => [item.pk, item]));
    return keys.flatMap((pk) => {
      const item = byKey.get(pk);
      const run = item && Run.safeParse(unpacked(item.record));
      // A record of another version must not keep everybody else's from being seen.
      if (run && !run.success) this.#log('error', 'unreadable run', { item: pk, mistakes: run.error.issues.length });
      return run?.success ? [run.data] : [];
    });
  }

  async #queryIds(
    index: string,
    condition: string,
    names: Record<string, string>,
    values: Record<string, unknown>,
    limit?: number,
  ): Promise<string[]> {
    const query = {
      TableName: this.#table,
      IndexName: index,
      KeyConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: marshall(values),
      ScanIndexForward: false,
    };
    return (await queryKeys(this.#send, query, limit)).map((pk) => pk.slice(prefix.length));
  }
}
