import { invalidValue } from './errors';
import type { Query } from './query';

export type Matchers<T> = Readonly<Record<string, (each: T, value: string) => boolean>>;

/** Values of one filter are alternatives, filters add up. @throws InvalidParameterValue for a filter RDS has not. */
export function filtered<T>(query: Query, all: readonly T[], matchers: Matchers<T>): T[] {
  let left = [...all];
  for (const { name, values } of query.filters()) {
    const matches = matchers[name];
    if (matches === undefined) throw invalidValue(`Unrecognized filter name: ${name}`);
    if (values.length === 0) throw invalidValue(`The filter ${name} has no values.`);
    const lower = values.map((value) => value.toLowerCase());
    left = left.filter((each) => lower.some((value) => matches(each, value)));
  }
  return left;
}

export function sorted<T>(all: T[], keyOf: (each: T) => string): T[] {
  return all.length < 2 ? all : all.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
