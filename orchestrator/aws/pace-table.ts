import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from './item';
import { isNamed } from './refusal';

interface Lane {
  id: string;
  everyMs: number;
  burst: number;
}

/**
 * The items `pace#<lane>` of the table: a leaky bucket each, as one number. `fullAt` is when the bucket will be full
 * again if nobody takes from it; each slot that is taken puts it off by `everyMs`. Every take is one conditional write,
 * so two functions never have the same slot.
 */
export class PaceTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async take(
    lane: Lane,
    { now, withinMs, useBurst }: { now: number; withinMs: number; useBurst: boolean },
  ): Promise<number | undefined> {
    const wasFull = await this.#write(lane, 'SET fullAt = :next', 'attribute_not_exists(fullAt) OR fullAt <= :now', {
      ':next': now + lane.everyMs,
      ':now': now,
    });
    if (wasFull !== undefined) return 0;
    const spareMs = useBurst ? burstMs(lane) : 0;
    const next = await this.#write(lane, 'ADD fullAt :every', 'fullAt <= :latest', {
      ':every': lane.everyMs,
      ':latest': now + spareMs + withinMs,
    });
    return next === undefined ? undefined : Math.max(0, next - lane.everyMs - spareMs - now);
  }

  async pause(lane: Lane, until: number): Promise<void> {
    const fullAt = until + burstMs(lane);
    await this.#write(lane, 'SET fullAt = :later', 'attribute_not_exists(fullAt) OR fullAt < :later', {
      ':later': fullAt,
    });
  }

  /** `fullAt` as it then stands; undefined when the condition fails. */
  async #write(
    { id }: Lane,
    update: string,
    condition: string,
    values: Record<string, number>,
  ): Promise<number | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { pk: { S: `pace#${id}` } },
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeValues: marshall(values),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Number(unmarshall(Attributes ?? {}).fullAt);
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }
}

/** How far ahead of a full bucket its last drop is. */
const burstMs = ({ burst, everyMs }: Lane): number => (burst - 1) * everyMs;
