import { BatchGetItemCommand, type BatchGetItemCommandOutput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AttributeValue, unmarshall } from './item';

/** DynamoDB: BatchGetItem reads at most 100 items. */
const batchSize = 100;

/** The items of these keys that there are, in no order, as the last write left them. */
export async function batchGet(
  send: DynamoDBClient['send'],
  table: string,
  keys: readonly string[],
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let from = 0; from < keys.length; from += batchSize) {
    let wanted: Record<string, AttributeValue>[] | undefined = keys
      .slice(from, from + batchSize)
      .map((pk) => ({ pk: { S: pk } }));
    while (wanted && wanted.length > 0) {
      const answer: BatchGetItemCommandOutput = await send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[table] ?? []).map((item) => unmarshall(item)));
      wanted = answer.UnprocessedKeys?.[table]?.Keys;
    }
  }
  return found;
}
