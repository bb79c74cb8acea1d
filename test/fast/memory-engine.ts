import type { Engine, Request, TableDefinition } from '../../infra/local/dynamodb';
import { type Answer, valued } from '../../infra/local/service';
import { indexUnits, itemBytes, readUnits, writeUnits } from './capacity';
import { type Attribute, type Item, parseCondition, parseUpdate } from './expressions';

interface Table {
  keyName: string;
  indexes: Map<string, { hash: string; range: string | undefined; shown: readonly string[] }>;
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
  ConsistentRead?: boolean;
  RequestItems: Record<string, { Keys: Item[]; ConsistentRead?: boolean }>;
}

/**
 * The operations and expressions of DynamoDB that the product uses, on plain maps: for the tens of thousands of whole
 * runs of the fault tests and the benchmarks, to which dynalite is too slow. Whatever else is asked for is an error of
 * the test. `engine.test.ts` plays one run on both and compares every record.
 */
export class MemoryEngine implements Engine {
  readonly #tables = new Map<string, Table>();
  /** What DynamoDB would have charged for: request units. Counted only when asked for, as it takes its time. */
  readonly units = { write: 0, read: 0 };
  readonly #isMetered: boolean;

  constructor({ isMetered = false } = {}) {
    this.#isMetered = isMetered;
  }

  close(): Promise<void> {
    this.#tables.clear();
    return Promise.resolve();
  }

  answer(request: Request, given?: object): Promise<Answer> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = (given ?? JSON.parse(request.body)) as Input;
    const type = { 'content-type': 'application/x-amz-json-1.0' };
    const result = this.#perform(operation, input);
    if (result !== 'condition-failed') return Promise.resolve(valued(200, type, result));
    const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    const body = JSON.stringify({ __type, message: 'The conditional request failed' });
    return Promise.resolve({ status: 400, headers: type, body });
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
        this.#read([found], input.ConsistentRead === true);
        return found ? { Item: found } : {};
      }
      case 'BatchGetItem':
        return {
          Responses: Object.fromEntries(
            Object.entries(input.RequestItems).map(([name, { Keys, ConsistentRead }]) => [
              name,
              this.#batch(name, Keys, ConsistentRead === true),
            ]),
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
      if (Projection.ProjectionType === 'ALL') throw new Error('no index of the product shows whole items');
      const shown = Projection.NonKeyAttributes ?? [];
      return [IndexName, { hash: hash.AttributeName, range: range?.AttributeName, shown }] as const;
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
    if (condition && !condition(before ?? {}, namesOf(input), input.ExpressionAttributeValues ?? {})) {
      if (this.#isMetered) this.units.write += writeUnits(before, undefined);
      return 'condition-failed';
    }
    const after = change(before);
    if (this.#isMetered) this.units.write += writeUnits(before, after);
    if (after) table.items.set(key, after);
    else table.items.delete(key);
    for (const [name, index] of table.indexes) {
      const keys = [index.hash, ...(index.range === undefined ? [] : [index.range])];
      const projected = (item: Item | undefined) => shownBy(item, table.keyName, keys, index.shown);
      if (this.#isMetered) this.units.write += indexUnits(projected(before), projected(after), keys);
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
    if (input.ReturnValues === 'UPDATED_OLD') return before ? { Attributes: withoutKey(before, table.keyName) } : {};
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
    const keys = [index.hash, ...(index.range === undefined ? [] : [index.range])];
    const Items = found.slice(0, input.Limit ?? found.length).flatMap((item) => {
      const projected = shownBy(item, table.keyName, keys, index.shown);
      return projected ? [projected] : [];
    });
    this.#read(Items, false);
    return { Items, Count: Items.length };
  }

  #batch(name: string, keys: Item[], isConsistent: boolean): Item[] {
    const table = this.#tables.get(name);
    return keys.flatMap((key) => {
      const item = table?.items.get(String(key[table.keyName]?.S));
      this.#read([item], isConsistent);
      return item ? [item] : [];
    });
  }

  #read(items: (Item | undefined)[], isConsistent: boolean): void {
    if (!this.#isMetered) return;
    const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
    this.units.read += readUnits(bytes, isConsistent);
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

/** What an index shows of an item; undefined when the item lacks one of its keys. */
function shownBy(
  item: Item | undefined,
  keyName: string,
  keys: readonly string[],
  shown: readonly string[],
): Item | undefined {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  return Object.fromEntries(
    [keyName, ...keys, ...shown].flatMap((key): [string, Attribute][] => (item[key] ? [[key, item[key]]] : [])),
  );
}

/** The product asks for the old values of items of which it writes all but the key. */
function withoutKey(item: Item, keyName: string): Item {
  const { [keyName]: _, ...rest } = item;
  return rest;
}
