import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { batchGet } from './batch-get';
import { marshall } from './item';
import { queryKeys } from './query-keys';
import { isNamed } from './refusal';

const Home = z.object({
  person: z.string(),
  groups: z.array(z.string()),
  rights: z.optional(z.array(z.string())),
  site: z.string(),
  runs: z.optional(z.record(z.string(), z.string())),
  since: z.optional(z.object({ open: z.number(), past: z.number() })),
  freeze: z.optional(z.string()),
  publishedAt: z.optional(z.number()),
});
type Home = z.infer<typeof Home>;
type Shown = { [Field in 'runs' | 'since' | 'freeze' | 'publishedAt']: NonNullable<Home[Field]> };
type Owner = Pick<Home, 'person' | 'groups' | 'rights' | 'site'>;

/** What stands in the index `open` for tabs, where runs have `open` and `past`. */
const openHome = 'home';
/** Longer than publishing a tab takes. */
const leaseMs = 10_000;
/** After this long DynamoDB may drop the item: nobody keeps the tab up to date any more. */
const rememberSeconds = 24 * 3600;

/** The items `home#<person>` of the table, for whoever answers those who open their tabs. */
export class OpenedHomes {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Until it is published, what it says is not known, and everything about it counts as changed. */
  async opened(owner: Owner, holder: string, now: number, shown?: Shown): Promise<void> {
    const item = {
      ...owner,
      ...(shown ?? { leaseUntil: now + leaseMs }),
      pk: `home#${owner.person}`,
      kind: openHome,
      open: openHome,
      requestedAt: now,
      leaseHolder: holder,
      expiresAt: Math.floor(now / 1000) + rememberSeconds,
    };
    const isOurs = {
      ConditionExpression: 'leaseHolder = :holder',
      ExpressionAttributeValues: marshall({ ':holder': holder }),
    };
    try {
      await this.#client.send(
        new PutItemCommand({ TableName: this.#table, Item: marshall(item), ...(shown && isOurs) }),
      );
    } catch (error) {
      // He has opened it once more meanwhile: that is published after this.
      if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    }
  }

  async forget(person: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: { pk: { S: `home#${person}` } } }));
  }
}

/** The same items, for whoever keeps the tabs true. */
export class OpenHomes {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async claim(person: string, holder: string, now: number, until: number): Promise<boolean> {
    const isFree = 'attribute_exists(pk) AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)';
    const values = { ':holder': holder, ':until': until, ':now': now };
    return this.#write(person, 'SET leaseHolder = :holder, leaseUntil = :until', isFree, values);
  }

  async open(since: number): Promise<Home[]> {
    const query = {
      TableName: this.#table,
      IndexName: 'open',
      KeyConditionExpression: '#open = :home AND requestedAt > :since',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: marshall({ ':home': openHome, ':since': since }),
    };
    const send = this.#client.send.bind(this.#client);
    const items = await batchGet(send, this.#table, await queryKeys(send, query));
    return items.map((item) => Home.parse(item));
  }

  async done(person: string, holder: string, { runs, since, freeze, publishedAt }: Shown): Promise<void> {
    const says = 'SET runs = :runs, since = :since, freeze = :freeze, publishedAt = :at REMOVE leaseHolder, leaseUntil';
    const values = { ':holder': holder, ':runs': runs, ':since': since, ':freeze': freeze, ':at': publishedAt };
    // Whoever has taken the lease meanwhile publishes something newer.
    await this.#write(person, says, 'leaseHolder = :holder', values);
  }

  /** False when the condition fails. */
  async #write(person: string, update: string, condition: string, values: Record<string, unknown>): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { pk: { S: `home#${person}` } },
          UpdateExpression: update,
          ExpressionAttributeValues: marshall(values),
          ConditionExpression: condition,
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }
}
