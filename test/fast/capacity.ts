import type { Attribute, Item } from './expressions';

/**
 * Bytes of an item as DynamoDB counts them: names and texts in UTF-8, numbers by their digits, three and one for each
 * element of a list or map (DynamoDB Developer Guide, Item sizes and formats).
 */
export function itemBytes(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0);
}

function bytesOf(value: Attribute): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[-.]/g, '').length / 2) + 1;
  if (value.SS) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (value.L) return value.L.reduce((sum, one) => sum + 1 + bytesOf(one), 3);
  if (value.M) return Object.entries(value.M).reduce((sum, [name, one]) => sum + 1 + name.length + bytesOf(one), 3);
  return 1;
}

/** Write request units: one for each begun KiB of the larger of the two, a refused write as much as any other. */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  return Math.max(1, Math.ceil(Math.max(itemBytes(before), itemBytes(after)) / 1024));
}

/**
 * What a secondary index costs for one write of the table: nothing when what it shows stays, one write when that
 * changes, comes or goes, two when its key changes (DynamoDB Developer Guide, Global secondary indexes).
 */
export function indexUnits(before: Item | undefined, after: Item | undefined, keys: readonly string[]): number {
  if (before === undefined || after === undefined) return before || after ? writeUnits(before, after) : 0;
  if (keys.some((key) => !isSame(before[key], after[key])))
    return writeUnits(before, undefined) + writeUnits(undefined, after);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const isTouched = [...names].some((name) => !isSame(before[name], after[name]));
  return isTouched ? writeUnits(before, after) : 0;
}

/** Read request units: one for each begun 4 KiB, half of it when the newest is not asked for. */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (isConsistent ? 1 : 0.5);
}

function isSame(a: Attribute | undefined, b: Attribute | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
