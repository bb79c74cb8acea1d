import { isDeepStrictEqual } from 'node:util';
import type { Tag } from '@aws-sdk/client-rds';
import type { Settings, SettingValue } from '../settings';

/** A recorded setting, read back as what its row of the fidelity table needs. */
export type Value = SettingValue | undefined;

export const text = (value: Value): string => (typeof value === 'string' ? value : String(value ?? ''));
export const texts = (value: Value): string[] => (Array.isArray(value) ? value.map(text) : []);
export const number = (value: Value): number => Number(value ?? 0);
export const isSet = (value: Value): boolean => value !== undefined && value !== null && value !== '';

export const sorted = (values: (string | undefined)[] | undefined): string[] =>
  (values ?? []).flatMap((value) => value ?? []).sort();

export function record(value: Value): Record<string, SettingValue> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

export function isSame(a: Value, b: Value): boolean {
  return isDeepStrictEqual(a ?? null, b ?? null);
}

/** A user's tags: not ours, and not those that AWS keeps for itself and refuses to take. */
export function ownTags(tags: Tag[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (tags ?? [])
      .map(({ Key, Value }): [string, string] => [Key ?? '', Value ?? ''])
      .filter(([key]) => !/^(aws|rds|trapheus):/i.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** RDS refuses tags whose keys it or AWS keeps for itself. */
export function tagList(tags: Record<string, string>) {
  return Object.entries(tags)
    .filter(([Key]) => !/^(aws|rds):/i.test(Key))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** What of `wanted` is not there, in a list of texts. */
export function missing(wanted: Value, actual: Value): string[] {
  const have = texts(actual);
  return texts(wanted).filter((one) => !have.includes(one));
}

export function missingTags(wanted: Value, actual: Value): Record<string, string> {
  const have = record(actual);
  return Object.fromEntries(
    Object.entries(record(wanted))
      .filter(([key, value]) => have[key] !== value)
      .map(([key, value]) => [key, text(value)]),
  );
}

/** Tags that an organisation puts on every new resource are nobody's loss. */
export function addedByOthers(key: string, wanted: SettingValue, actual: SettingValue): string | undefined {
  if (key !== 'tags') return undefined;
  const have = record(actual);
  const isWhole = Object.entries(record(wanted)).every(([tag, value]) => have[tag] === value);
  return isWhole ? 'somebody else added tags to it' : undefined;
}

/** The rows that say why their setting cannot come back, where there is something to come back. */
export function impossibleIn(
  rows: readonly { key: string; title: string; impossible?: string }[],
  settings: Settings,
): { title: string; why: string }[] {
  return rows.flatMap(({ key, title, impossible: why }) => {
    const value = settings[key];
    const isThere = isSet(value) && !(Array.isArray(value) && value.length === 0);
    return why !== undefined && isThere ? [{ title, why }] : [];
  });
}
