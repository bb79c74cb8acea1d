import { isDeepStrictEqual } from 'node:util';
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
export function isSame(before: Item | undefined, after: Item | undefined): boolean {
  return isDeepStrictEqual(sorted(before), sorted(after));
}

/** Sets have no order; everything else is compared as it stands. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ['SS', 'NS', 'BS'].includes(key) && Array.isArray(inner)
        ? (inner as unknown[]).map(String).sort()
        : sorted(inner),
    ]),
  );
}
