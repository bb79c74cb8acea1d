import { type DynamoDBClient, paginateScan, type AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { AuditEvent } from '../audit-event';
import { unmarshall } from './item';

const Item = z.object({
  pk: z.string(),
  record: z.optional(z.object({ audit: z.optional(z.array(AuditEvent)) })),
  /** Of the freeze. */
  audit: z.optional(z.array(AuditEvent)),
  /** Of refusals, which are sealed one by one. */
  entries: z.optional(z.array(AuditEvent)),
});

export interface Trail {
  /** A run's id, or `freeze`: where the trail's seals begin. */
  root: string;
  /** Refusals stand beside the run: each has a seal of its own. */
  kind: 'chain' | 'refusals';
  events: AuditEvent[];
}

/** Every audit trail of the table, for whoever has the rights to read all of it: an export, never a function of the bot. */
export async function* auditTrails(client: DynamoDBClient, table: string): AsyncGenerator<Trail> {
  const scan = {
    TableName: table,
    FilterExpression: '#kind IN (:run, :refused, :freeze)',
    ExpressionAttributeNames: { '#kind': 'kind' },
    ExpressionAttributeValues: {
      ':run': { S: 'run' },
      ':refused': { S: 'refused' },
      ':freeze': { S: 'freeze' },
    } satisfies Record<string, SdkValue>,
  };
  for await (const page of paginateScan({ client }, scan))
    for (const item of page.Items ?? []) {
      const { pk, record, audit, entries } = Item.parse(unmarshall(item));
      const [, id = pk] = pk.split('#', 2);
      if (entries) yield { root: id, kind: 'refusals', events: entries };
      else yield { root: id, kind: 'chain', events: audit ?? record?.audit ?? [] };
    }
}
