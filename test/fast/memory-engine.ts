import type { Engine, TableDefinition } from '../../infra/local/dynamodb';
import type { Answer, Incoming } from '../../infra/local/service';
import { type Attribute, type Item, parseCondition, parseUpdate } from './expressions';

interface Table {
  keyName: string;
  indexes: Map<string, { hash: string; range: string | undefined; whole: boolean }>;
  items: Map<string, Item>;
  /** Per index and hash value: the items that carry both keys. */
  sets: Map<string, Map<string, Map<string, Item>>>;
}

interface Input {
  TableName: string;
  Key: Item;
  Item: Item;
  ConditionExpression?: string;
  UpdateExpression: string;
  KeyConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Attribute>;
  ReturnValues?: string;
  IndexName?: string;
  ScanIndexForward?: boolean;
  Limit?: number;
  RequestItems: Record<string, { Keys: Item[] }>;
}

/**
 * The operations and expressions of DynamoDB that the product uses, on plain maps: for the tens of thousands of whole
 * runs of the fault tests and the benchmarks, to which dynalite is too slow. Whatever else is asked for is an error of
 * the test. `engine.test.ts` plays one run on both and compares every record.
 */
export class MemoryEngine implements Engine {
  readonly #tables = new Map<string, Table>();

  close(): Promise<void> {
    this.#tables.clear();
    return Promise.resolve();
  }

  answer(headers: Incoming['headers'], body: string, given?: object): Promise<Answer> {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    const input = (given ?? JSON.parse(body)) as Input;
    const refused = (type: string, message: string): Answer => ({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
    });
    const result = this.#perform(operation, input);
    if (result === 'condition-failed')
      return Promise.resolve(refused('ConditionalCheckFailedException', 'The conditional request failed'));
    return Promise.resolve({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(result),
      value: result,
    });
  }

  #perform(operation: string, input: Input): object | 'condition-failed' {
    switch (operation) {
      case 'CreateTable':
        this.#create(input as unknown as TableDefinition & { TableName: string });
        return {};
      case 'DescribeTable':
        return { Table: { TableStatus: 'ACTIVE' } };
      case 'GetItem': {
        const found = this.#table(input).items.get(this.#keyOf(input));
        return found ? { Item: found } : {};
      }
      case 'BatchGetItem':
        return {
          Responses: Object.fromEntries(
            Object.entries(input.RequestItems).map(([name, { Keys }]) => [name, this.#batch(name, Keys)]),
          ),
          UnprocessedKeys: {},
        };
      case 'Query':
        return this.#query(input);
      case 'PutItem':
        return this.#put(input, () => input.Item, String(input.Item[this.#table(input).keyName]?.S));
      case 'DeleteItem':
        return this.#put(input, () => undefined, this.#keyOf(input));
      case 'UpdateItem': {
        const update = parseUpdate(input.UpdateExpression);
        return this.#put(
          input,
          (before) => update(before ?? input.Key, namesOf(input), input.ExpressionAttributeValues ?? {}),
          this.#keyOf(input),
        );
      }
      default:
        throw new Error(`the table of the fast tests does not know ${operation}`);
    }
  }

  #create({ TableName, KeySchema, GlobalSecondaryIndexes = [] }: TableDefinition & { TableName: string }): void {
    const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: [hash, range], Projection }) => {
      if (hash === undefined) throw new Error(`index ${IndexName} has no key`);
      const whole = Projection.ProjectionType === 'ALL';
      return [IndexName, { hash: hash.AttributeName, range: range?.AttributeName, whole }] as const;
    });
    const keyName = KeySchema[0]?.AttributeName ?? 'pk';
    this.#tables.set(TableName, {
      keyName,
      indexes: new Map(indexes),
      items: new Map(),
      sets: new Map(indexes.map(([name]) => [name, new Map()])),
    });
  }

  #put(input: Input, change: (before: Item | undefined) => Item | undefined, key: string): object | 'condition-failed' {
    const table = this.#table(input);
    const before = table.items.get(key);
    const condition = input.ConditionExpression && parseCondition(input.ConditionExpression);
    if (condition && !condition(before ?? {}, namesOf(input), input.ExpressionAttributeValues ?? {}))
      return 'condition-failed';
    const after = change(before);
    if (after) table.items.set(key, after);
    else table.items.delete(key);
    for (const [name, index] of table.indexes) {
      const sets = table.sets.get(name);
      const old = before?.[index.hash]?.S;
      if (old !== undefined) sets?.get(old)?.delete(key);
      const now = after?.[index.hash]?.S;
      if (after === undefined || now === undefined || (index.range !== undefined && after[index.range] === undefined))
        continue;
      const set = sets?.get(now) ?? new Map<string, Item>();
      sets?.set(now, set);
      set.set(key, after);
    }
    return input.ReturnValues === 'ALL_NEW' && after ? { Attributes: after } : {};
  }

  #query(input: Input): object {
    const table = this.#table(input);
    const name = input.IndexName ?? '';
    const index = table.indexes.get(name);
    if (index === undefined) throw new Error(`the table of the fast tests has no index ${name}`);
    const names = namesOf(input);
    const values = input.ExpressionAttributeValues ?? {};
    const hash = new RegExp(`^(#?\\w+) = (:\\w+)`).exec(input.KeyConditionExpression);
    const set = table.sets.get(name)?.get(values[hash?.[2] ?? '']?.S ?? '') ?? new Map<string, Item>();
    const meets = parseCondition(input.KeyConditionExpression);
    const range = (item: Item) => Number(item[index.range ?? '']?.N ?? 0);
    const found = [...set.values()].filter((item) => meets(item, names, values));
    found.sort((a, b) => range(a) - range(b) || String(a.pk?.S).localeCompare(String(b.pk?.S)));
    if (input.ScanIndexForward === false) found.reverse();
    const shown = found.slice(0, input.Limit ?? found.length);
    const keys = [table.keyName, index.hash, ...(index.range ? [index.range] : [])];
    const Items = index.whole
      ? shown
      : shown.map((item) => Object.fromEntries(keys.flatMap((key) => (item[key] ? [[key, item[key]]] : []))));
    return { Items, Count: Items.length };
  }

  #batch(name: string, keys: Item[]): Item[] {
    const table = this.#tables.get(name);
    return keys.flatMap((key) => {
      const item = table?.items.get(String(key[table.keyName]?.S));
      return item ? [item] : [];
    });
  }

  #table({ TableName }: Input): Table {
    const table = this.#tables.get(TableName);
    if (table === undefined) throw new Error(`there is no table ${TableName}`);
    return table;
  }

  #keyOf(input: Input): string {
    return String(input.Key[this.#table(input).keyName]?.S);
  }
}

function namesOf(input: Input): Record<string, string> {
  return input.ExpressionAttributeNames ?? {};
}
