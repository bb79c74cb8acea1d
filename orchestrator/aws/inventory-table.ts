import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Database, Inventory, InventoryEntry, OwnSnapshots } from '../ports';
import { marshall, unmarshall } from './item';

/** 400 entries of a few hundred bytes stay far below DynamoDB's 400 KB an item. */
const entriesPerItem = 400;
const freshMs = 3 * 60_000;
/** After this long without a picker the watcher stops reading RDS for it. */
const usedMs = 60 * 60_000;

/** Names for pickers, in a few items of the table. Read by the bot, written by the watcher. */
export class InventoryTable implements Inventory {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #databases: { all(): Promise<Database[]> };
  readonly #snapshots: Pick<OwnSnapshots, 'databases' | 'ofDatabase'>;

  constructor(
    client: DynamoDBClient,
    table: string,
    databases: { all(): Promise<Database[]> },
    snapshots: Pick<OwnSnapshots, 'databases' | 'ofDatabase'>,
  ) {
    this.#client = client;
    this.#table = table;
    this.#databases = databases;
    this.#snapshots = snapshots;
  }

  /** What the watcher read last; before it has, all databases are read once here. */
  async list(): Promise<InventoryEntry[]> {
    const head = await this.#get('inventory#head');
    if (head?.parts === undefined) return this.#read();
    const keys = Array.from({ length: Number(head.parts) }, (_, index) => `inventory#${index}`);
    const parts = await Promise.all(keys.map((pk) => this.#get(pk)));
    return parts.flatMap((part) => (part?.entries as InventoryEntry[] | undefined) ?? []);
  }

  async used(now: number): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: { pk: { S: 'inventory#head' } },
        UpdateExpression: 'SET usedAt = :now, kind = :kind',
        ExpressionAttributeValues: marshall({ ':now': now, ':kind': 'inventory' }),
      }),
    );
  }

  async refreshIfUsed(now: number): Promise<void> {
    const head = await this.#get('inventory#head');
    const isWanted = now - Number(head?.usedAt ?? 0) < usedMs;
    const isFresh = now - Number(head?.readAt ?? 0) < freshMs;
    if (!isWanted || isFresh) return;
    const entries = await this.#read();
    const parts = Math.max(1, Math.ceil(entries.length / entriesPerItem));
    for (let index = 0; index < parts; index += 1) {
      const part = entries.slice(index * entriesPerItem, (index + 1) * entriesPerItem);
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall({ pk: `inventory#${index}`, kind: 'inventory', entries: part }),
        }),
      );
    }
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: { pk: { S: 'inventory#head' } },
        UpdateExpression: 'SET readAt = :now, parts = :parts, kind = :kind',
        ExpressionAttributeValues: marshall({ ':now': now, ':parts': parts, ':kind': 'inventory' }),
      }),
    );
    for (let index = parts; index < Number(head?.parts ?? 0); index += 1)
      await this.#client.send(
        new DeleteItemCommand({ TableName: this.#table, Key: { pk: { S: `inventory#${index}` } } }),
      );
  }

  /** The databases that are there, and those that are gone and have left a snapshot with their settings. */
  async #read(): Promise<InventoryEntry[]> {
    const [all, known] = await Promise.all([this.#databases.all(), this.#snapshots.databases()]);
    const there = all.map((one) => entryOf({ ...one, isClonable: one.unclonable === undefined }));
    const names = new Set(there.map(({ name }) => name));
    const absent = known.filter((name) => !names.has(name));
    const kept = await Promise.all(absent.map((name) => this.#snapshots.ofDatabase(name)));
    return [
      ...there,
      ...kept.flatMap(([newest]) =>
        newest ? [entryOf({ ...newest, name: newest.database, status: 'gone', isClonable: false })] : [],
      ),
    ];
  }

  async #get(pk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: { pk: { S: pk } } }));
    return Item && unmarshall(Item);
  }
}

function entryOf(database: Omit<InventoryEntry, 'environment'> & Pick<Database, 'tags'>): InventoryEntry {
  const environment = Object.entries(database.tags).find(([key]) => /^(environment|env|stage)$/i.test(key))?.[1];
  const { name, kind, engine, version, class: size, status, isClonable } = database;
  return { name, kind, engine, version, class: size, status, environment, isClonable };
}
