import { DeleteItemCommand, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { batchGet } from './batch-get';
import { marshall } from './item';
import { queryKeys } from './query-keys';
import { isNamed } from './refusal';

const Home = z.object({
  person: z.string(),
  groups: z.array(z.string()),
  rights: z.array(z.string()),
  site: z.string(),
  runs: z.optional(z.record(z.string(), z.string())),
  freeze: z.optional(z.string()),
});
type Home = z.infer<typeof Home>;
type Owner = Pick<Home, 'person' | 'groups' | 'rights' | 'site'>;

/** What stands in the index `open` for tabs, where runs have `open` and `past`. */
const openHome = 'home';
/** Longer than publishing a tab takes. */
const leaseMs = 10_000;
/** After this long DynamoDB may drop the item: nobody keeps the tab up to date any more. */
const rememberSeconds = 24 * 3600;

/** The items `home#<person>` of the table: whose Home tab is open, what it says, and who may change that now. */
class HomeItems {
  protected readonly client: DynamoDBClient;
  protected readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async done(person: string, holder: string, shown?: { runs: Record<string, string>; freeze: string }): Promise<void> {
    const values = { ':holder': holder, ...(shown && { ':runs': shown.runs, ':freeze': shown.freeze }) };
    const says = shown ? 'SET runs = :runs, freeze = :freeze ' : '';
    // Whoever has taken the lease meanwhile publishes something newer.
    await this.write(person, `${says}REMOVE leaseHolder, leaseUntil`, 'leaseHolder = :holder', values);
  }

  /** False when the condition fails. */
  protected async write(
    person: string,
    update: string,
    condition: string | undefined,
    values: Record<string, unknown>,
    names?: Record<string, string>,
  ): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: { pk: { S: `home#${person}` } },
          UpdateExpression: update,
          ExpressionAttributeValues: marshall(values),
          ...(condition !== undefined && { ConditionExpression: condition }),
          ...(names && { ExpressionAttributeNames: names }),
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }
}

/** For whoever answers those who open their tabs. */
export class OpenedHomes extends HomeItems {
  async opened({ person, groups, rights, site }: Owner, holder: string, now: number): Promise<void> {
    await this.write(
      person,
      `SET #kind = :home, #open = :home, requestedAt = :now, person = :person, #groups = :groups, rights = :rights,
       site = :site, leaseHolder = :holder, leaseUntil = :until, expiresAt = :expires`,
      undefined,
      {
        ':home': openHome,
        ':now': now,
        ':person': person,
        ':groups': groups,
        ':rights': rights,
        ':site': site,
        ':holder': holder,
        ':until': now + leaseMs,
        ':expires': Math.floor(now / 1000) + rememberSeconds,
      },
      { '#kind': 'kind', '#open': 'open', '#groups': 'groups' },
    );
  }

  async forget(person: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: { pk: { S: `home#${person}` } } }));
  }
}

/** For whoever keeps them true. */
export class OpenHomes extends HomeItems {
  async claim(person: string, holder: string, now: number, until: number): Promise<boolean> {
    const isFree = 'attribute_exists(pk) AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)';
    const values = { ':holder': holder, ':until': until, ':now': now };
    return this.write(person, 'SET leaseHolder = :holder, leaseUntil = :until', isFree, values);
  }

  async open(since: number): Promise<Home[]> {
    const query = {
      TableName: this.table,
      IndexName: 'open',
      KeyConditionExpression: '#open = :home AND requestedAt > :since',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: marshall({ ':home': openHome, ':since': since }),
    };
    const send = this.client.send.bind(this.client);
    const items = await batchGet(send, this.table, await queryKeys(send, query));
    return items.map((item) => Home.parse(item));
  }
}
