import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { OwnSnapshot, OwnSnapshots } from '../ports';
import { marshall, unmarshall } from './item';
import { isNamed } from './refusal';
import { tableSend } from './table-client';

/** How the snapshots of a database are found: beside its runs in the same index, under a key that no database can have. */
const indexKey = (database: string): string => `snapshot#${database}`;
/** The one item that names the databases; no id of a snapshot can have such a key. */
const namesKey = indexKey('#databases');

/** The items `snapshot#<id>` of the table: the snapshots that Trapheus has taken, with their databases' settings. */
export class SnapshotTable implements OwnSnapshots {
  readonly #send: DynamoDBClient['send'];
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#table = table;
    this.#send = tableSend(client);
  }

  async write(snapshot: OwnSnapshot): Promise<void> {
    await this.#send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: { pk: { S: namesKey } },
        UpdateExpression: 'SET kind = :kind ADD databases :database',
        ExpressionAttributeValues: { ':kind': { S: 'snapshots' }, ':database': { SS: [snapshot.database] } },
      }),
    );
    const item = {
      pk: indexKey(snapshot.id),
      kind: 'snapshot',
      database: indexKey(snapshot.database),
      requestedAt: snapshot.takenAt,
      snapshot,
    };
    try {
      await this.#send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall(item),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      // Written before a crash: the settings of that moment count.
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  async find(id: string): Promise<OwnSnapshot | undefined> {
    return this.#get(indexKey(id));
  }

  async ofDatabase(database: string): Promise<OwnSnapshot[]> {
    const { Items } = await this.#send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'database',
        KeyConditionExpression: '#database = :database',
        ExpressionAttributeNames: { '#database': 'database' },
        ExpressionAttributeValues: marshall({ ':database': indexKey(database) }),
        ScanIndexForward: false,
      }),
    );
    const keys = (Items ?? []).map((item) => String(unmarshall(item).pk));
    const found = await Promise.all(keys.map((pk) => this.#get(pk)));
    return found.filter((one) => one !== undefined);
  }

  async databases(): Promise<string[]> {
    const { Item } = await this.#send(new GetItemCommand({ TableName: this.#table, Key: { pk: { S: namesKey } } }));
    return Item?.databases?.SS ?? [];
  }

  async forget(id: string): Promise<void> {
    await this.#send(new DeleteItemCommand({ TableName: this.#table, Key: { pk: { S: indexKey(id) } } }));
  }

  async #get(pk: string): Promise<OwnSnapshot | undefined> {
    const { Item } = await this.#send(
      new GetItemCommand({ TableName: this.#table, Key: { pk: { S: pk } }, ConsistentRead: true }),
    );
    // Written by `write` and by nobody else.
    return Item && (unmarshall(Item).snapshot as OwnSnapshot);
  }
}
