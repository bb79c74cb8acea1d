import { type DynamoDBClient, paginateScan, type AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { FoundEntry } from '../audit';
import { Run } from '../run';
import { unmarshall } from './item';
import { unpacked } from './packed';

/** Whoever verifies reads what others may have changed: an entry is taken as it lies there. */
const Entries = z.array(z.record(z.string(), z.unknown()));
const Item = z.object({
  pk: z.string(),
  kind: z.string(),
  record: z.optional(z.unknown()),
  /** Of the freeze. */
  audit: z.optional(Entries),
  /** Of refusals. */
  entries: z.optional(Entries),
});

export interface Trail {
  /** A run's id, or `freeze`. */
  of: string;
  /** Refusals stand beside the run, in a chain of their own. */
  kind: 'record' | 'refusals';
  /** Where the trail's seals begin. */
  root: string;
  events: FoundEntry[];
  /** The run that the trail tells of; absent where it is no run's, or where nobody can read the record. */
  run?: Run;
  /** Nobody can read it: what is stored is no record of a run. */
  isUnreadable?: true;
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
      const { pk, kind, record, audit, entries } = Item.parse(unmarshall(item));
      const [, id = pk] = pk.split('#', 2);
      if (entries) yield { of: id, kind: 'refusals', root: pk, events: entries };
      else if (kind === 'run') yield { of: id, kind: 'record', root: id, ...trailOf(record) };
      else yield { of: id, kind: 'record', root: id, events: audit ?? [] };
    }
}

const Told = z.object({ audit: z.optional(Entries) });

function trailOf(record: unknown): Pick<Trail, 'events' | 'run' | 'isUnreadable'> {
  const found = readable(record);
  const told = Told.safeParse(found);
  const run = Run.safeParse(found);
  return {
    events: told.data?.audit ?? [],
    ...(run.success ? { run: run.data } : { isUnreadable: true }),
  };
}

/** Undefined when it is no packed record: base64, a deflated stream or JSON is damaged. */
function readable(record: unknown): unknown {
  try {
    return unpacked(record);
  } catch {
    return undefined;
  }
}
