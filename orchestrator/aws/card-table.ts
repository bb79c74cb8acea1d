import {
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { type AttributeValue, marshall, unmarshall } from './item';
import { isNamed } from './refusal';

const Card = z.object({
  run: z.string(),
  channel: z.string(),
  ts: z.optional(z.string()),
  hash: z.optional(z.string()),
  matter: z.optional(z.string()),
  shownAt: z.optional(z.number()),
  version: z._default(z.number(), 0),
  replies: z.pipe(
    z._default(z.set(z.string()), new Set()),
    z.transform((ids) => [...ids]),
  ),
  directs: z.optional(
    z.record(z.string(), z.object({ channel: z.optional(z.string()), ts: z.optional(z.string()), hash: z.string() })),
  ),
  undeliverable: z.optional(z.string()),
  nextLookAt: z.optional(z.number()),
});
type Item = z.infer<typeof Card>;
type Card = Omit<Item, 'nextLookAt'> & { place?: number | undefined };

type Fields = Partial<Pick<Card, 'ts' | 'hash' | 'matter' | 'shownAt' | 'undeliverable' | 'directs'>>;

/** The items `card#<run>` of the table: what Slack shows of each run, and who may change that now. */
export class CardTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(run: string): Promise<Card | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: { pk: { S: `card#${run}` } } }),
    );
    return Item && Card.parse(unmarshall(Item));
  }

  /** Takes the lease if it is free, over, or this holder's already. */
  async claim(run: string, channel: string, holder: string, now: number, until: number): Promise<Card | undefined> {
    const isFree = 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now OR leaseHolder = :holder';
    try {
      const item = await this.#write(
        run,
        `SET #run = :run, kind = :kind, channel = :channel, leaseHolder = :holder, leaseUntil = :until`,
        isFree,
        { ':run': run, ':kind': 'card', ':channel': channel, ':holder': holder, ':until': until, ':now': now },
        { '#run': 'run' },
      );
      const { nextLookAt: place, ...card } = Card.parse(item);
      return place === undefined ? card : { ...card, place };
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  /** A field that is given as undefined is removed. */
  async save(run: string, holder: string, changes: Fields): Promise<void> {
    if (Object.keys(changes).length > 0) await this.#update(run, holder, changes);
  }

  async posted(run: string, holder: string, reply: string): Promise<void> {
    await this.#write(run, 'ADD replies :reply', isHolder, { ':reply': new Set([reply]), ':holder': holder });
  }

  async shown(run: string, holder: string, version: number, last: Fields = {}): Promise<void> {
    await this.#update(run, holder, { ...last, version, ...freed, due: undefined, nextLookAt: undefined });
  }

  /** The line is a part of the index of what is due: the watcher reads it, and makes the stream deliver the run again. */
  async queue(run: string, holder: string, place: number, last: Fields = {}): Promise<void> {
    await this.#update(run, holder, { ...last, due: cardLine, nextLookAt: place, ...freed });
  }

  async release(run: string, holder: string): Promise<void> {
    try {
      await this.#update(run, holder, freed);
    } catch (error) {
      // It ran out, and somebody else works on the card: nothing of ours is left to give back.
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  /** A field that is given as undefined is removed. */
  async #update(run: string, holder: string, changes: Record<string, unknown>): Promise<void> {
    const set = Object.entries(changes).filter(([, value]) => value !== undefined);
    const gone = Object.entries(changes).filter(([, value]) => value === undefined);
    const clauses = [
      ...(set.length > 0 ? [`SET ${set.map(([field]) => `#${field} = :${field}`).join(', ')}`] : []),
      ...(gone.length > 0 ? [`REMOVE ${gone.map(([field]) => `#${field}`).join(', ')}`] : []),
    ];
    const names = Object.fromEntries(Object.keys(changes).map((field) => [`#${field}`, field]));
    const values = Object.fromEntries(set.map(([field, value]) => [`:${field}`, value]));
    await this.#write(run, clauses.join(' '), isHolder, { ...values, ':holder': holder }, names);
  }

  async #write(
    run: string,
    update: string,
    condition: string,
    values: Record<string, unknown>,
    names?: Record<string, string>,
  ): Promise<Record<string, unknown>> {
    const input: UpdateItemCommandInput = {
      TableName: this.#table,
      Key: { pk: { S: `card#${run}` } } satisfies Record<string, AttributeValue>,
      UpdateExpression: update,
      ConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
      ReturnValues: 'ALL_NEW',
      ...(names && { ExpressionAttributeNames: names }),
    };
    const { Attributes } = await this.#client.send(new UpdateItemCommand(input));
    return unmarshall(Attributes ?? {});
  }
}

/** What a card that stands in line has in the index `due`, where waits have `open`. */
export const cardLine = 'card';

const isHolder = 'leaseHolder = :holder';

/** Nobody has the lease. */
const freed = { leaseHolder: undefined, leaseUntil: undefined };
