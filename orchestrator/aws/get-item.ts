import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from './item';

/** The item of this key as the last write left it; undefined when there is none. */
export async function getItem(
  send: DynamoDBClient['send'],
  table: string,
  pk: string,
): Promise<Record<string, unknown> | undefined> {
  const { Item } = await send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } }, ConsistentRead: true }));
  return Item && unmarshall(Item);
}
