import { type DynamoDBClient, paginateScan, type AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { AuditEvent } from '../audit-event';
import { unmarshall } from './item';
import { unpacked } from './packed';

const Item = z.object({
  pk: z.string(),
  record: z.optional(z.pipe(z.transform(unpacked), z.object({ audit: z.optional(z.array(AuditEvent)) }))),
  /** Of the freeze. */
  audit: z.optional(z.array(AuditEvent)),
  /** Of refusals. */
  entries: z.optional(z.array(AuditEvent)),
});

export interface Trail {
  /** A run's id, or `freeze`. */
  of: string;
  /** Refusals stand beside the run, in a chain of their own. */
  kind: 'record' | 'refusals';
  /** Where the trail's seals begin. */
  root: string;
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
      if (entries) yield { of: id, kind: 'refusals', root: pk, events: entries };
      else yield { of: id, kind: 'record', root: id, events: audit ?? record?.audit ?? [] };
    }
}
