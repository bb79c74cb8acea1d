import type { ContextPath } from './definition';

export type Context = Record<ContextPath, string | number>;

/** Raised as States.Runtime, which ends the execution: neither Retry nor Catch of States.ALL sees it. */
export class PathNotFound extends Error {}

/** Fills in a payload template: keys that end in `.$` are paths into the input or the context, the rest is literal. */
export function resolvePayload(
  template: Readonly<Record<string, string>>,
  input: unknown,
  context: Context,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => {
      if (!key.endsWith('.$')) return [key, value];
      return [key.slice(0, -2), value.startsWith('$$') ? context[value as ContextPath] : readPath(key, value, input)];
    }),
  );
}

/** What a plain path such as `$.error.Cause`, given in this field, finds in the input; `$` is all of it. */
export function readPath(field: string, path: string, input: unknown): unknown {
  let at = input;
  for (const part of path.split('.').slice(1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part))
      throw new PathNotFound(
        `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`,
      );
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
