import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from './item';
import { isNamed } from './refusal';

/** Signatures are good for five minutes before and after their time; events come again within six. */
const rememberSeconds = 900;

/** The items `seen#<key>` of the table: requests that somebody has taken, for as long as they could come again. */
export class SeenTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** False when another invocation has taken this request. `nowMs`: wall time, by which DynamoDB forgets. */
  async take(key: string, holder: string, nowMs: number): Promise<boolean> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall({
            pk: `seen#${key}`,
            kind: 'seen',
            holder,
            expiresAt: Math.floor(nowMs / 1000) + rememberSeconds,
          }),
          // Our own write, whose answer was lost, is no other's.
          ConditionExpression: 'attribute_not_exists(pk) OR holder = :holder',
          ExpressionAttributeValues: marshall({ ':holder': holder }),
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  /** It failed: the same request may come again. */
  async giveBack(key: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: { pk: { S: `seen#${key}` } } }));
  }
}
