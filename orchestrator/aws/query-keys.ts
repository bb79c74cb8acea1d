import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type AttributeValue, unmarshall } from './item';

/** The keys of all items that a query of an index finds, or of about the first `limit`. */
export async function queryKeys(
  send: DynamoDBClient['send'],
  query: Omit<QueryCommandInput, 'ExclusiveStartKey' | 'Limit'>,
  limit?: number,
): Promise<string[]> {
  const keys: string[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await send(
      new QueryCommand({ ...query, ExclusiveStartKey: start, ...(limit !== undefined && { Limit: limit }) }),
    );
    keys.push(...(page.Items ?? []).map((item) => String(unmarshall(item).pk)));
    start = limit !== undefined && keys.length >= limit ? undefined : page.LastEvaluatedKey;
  } while (start);
  return keys;
}
