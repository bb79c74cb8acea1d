import { createHash } from 'node:crypto';

/** SHA-256 over JSON with sorted keys: the same data gives the same digest, whatever order it was built in. */
export function digest(data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('hex').slice(0, 32);
}

/** Whether two have the same digest. What the two share is not even read, as in a record of which one step changed. */
export function isSameData(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return (one ?? null) === (other ?? null);
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((each, at) => isSameData(each, other[at]))
    );
  const [left, right] = [Object.entries(one), Object.entries(other)].map((entries) =>
    entries.filter(([, value]) => value !== undefined),
  ) as [[string, unknown][], [string, unknown][]];
  const values = new Map(right);
  return (
    left.length === right.length && left.every(([key, value]) => values.has(key) && isSameData(value, values.get(key)))
  );
}

function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(',')}]`;
  if (data !== null && typeof data === 'object') {
    const entries = Object.entries(data).filter(([, value]) => value !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
  }
  return JSON.stringify(data ?? null);
}
