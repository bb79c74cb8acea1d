import type { Item } from './stream';

export interface Change {
  keys: Item;
  before: Item | undefined;
  after: Item | undefined;
}

/**
 * The newest image of every item of one table. All writes pass through the proxy one at a time, so that old and new
 * image of a write are known without reading the table around it.
 */
export class Images {
  readonly #keyNames: readonly string[];
  readonly #items = new Map<string, Item>();

  constructor(keyNames: readonly string[]) {
    this.#keyNames = keyNames;
  }

  keysOf(item: Item): Item {
    return Object.fromEntries(this.#keyNames.map((name) => [name, item[name]]));
  }

  get(item: Item): Item | undefined {
    return this.#items.get(JSON.stringify(this.keysOf(item)));
  }

  put(item: Item): Change {
    const keys = this.keysOf(item);
    const before = this.get(item);
    this.#items.set(JSON.stringify(keys), item);
    return { keys, before, after: item };
  }

  remove(key: Item): Change {
    const keys = this.keysOf(key);
    const before = this.get(key);
    this.#items.delete(JSON.stringify(keys));
    return { keys, before, after: undefined };
  }
}

/** "If you perform a PutItem or UpdateItem that does not change any data, DynamoDB Streams does not write a record." */
export function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (before instanceof Uint8Array) return after instanceof Uint8Array && Buffer.compare(before, after) === 0;
  if (Array.isArray(before))
    return Array.isArray(after) && before.length === after.length && before.every((one, at) => isSame(one, after[at]));
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return false;
  const [had, has] = [before, after] as Record<string, unknown>[];
  const keys = Object.keys(before);
  if (had === undefined || has === undefined || keys.length !== Object.keys(after).length) return false;
  return keys.every((key) => key in after && isSame(unordered(key, had[key]), unordered(key, has[key])));
}

/** Sets have no order; everything else is compared as it stands. */
function unordered(key: string, value: unknown): unknown {
  return ['SS', 'NS', 'BS'].includes(key) && Array.isArray(value) ? (value as unknown[]).map(String).sort() : value;
}
