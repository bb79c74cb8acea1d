import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { AuditEvent } from '../audit-event';
import { unmarshall } from './item';

const FreezeItem = z.object({
  version: z.number(),
  current: z.optional(z.object({ by: z.string(), at: z.number(), reason: z.string() })),
  audit: z.array(AuditEvent),
});
export type FreezeItem = z.infer<typeof FreezeItem>;

export const freezeKey = 'freeze';

/** The item `freeze` of the table, for those who only read it. */
export async function readFreeze(send: DynamoDBClient['send'], table: string): Promise<FreezeItem> {
  const { Item } = await send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: freezeKey } }, ConsistentRead: true }),
  );
  return Item ? FreezeItem.parse(unmarshall(Item)) : { version: 0, audit: [] };
}
