/**
 * Lambda's event filtering, the part that we deploy: nested objects whose leaves are lists of exact values, `prefix`
 * and `exists` (AWS Lambda: "Filter rule syntax"). Anything else is refused when the mapping is made.
 */
export type Filter = (event: unknown) => boolean;

type Rule = (value: unknown) => boolean;

/** An event passes when one of the patterns fits; without patterns every event does. */
export function anyOf(patterns: readonly object[]): Filter {
  const filters = patterns.map((pattern) => compile(pattern, []));
  return (event) => filters.length === 0 || filters.some((fits) => fits(event));
}

function compile(pattern: unknown, path: readonly string[]): Rule {
  if (Array.isArray(pattern)) {
    const rules = pattern.map((each) => rule(each, path));
    if (rules.length === 0) throw refused(path, 'the list is empty');
    return (value) => rules.some((fits) => fits(value));
  }
  if (typeof pattern !== 'object' || pattern === null) throw refused(path, 'a value must stand in a list');
  const fields = Object.entries(pattern).map(([key, inner]) => [key, compile(inner, [...path, key])] as const);
  if (fields.length === 0) throw refused(path, 'the object is empty');
  return (value) => fields.every(([key, fits]) => fits(field(value, key)));
}

function rule(wanted: unknown, path: readonly string[]): Rule {
  if (wanted === null || ['string', 'number', 'boolean'].includes(typeof wanted)) return (value) => value === wanted;
  const [[key, operand] = []] = Object.entries(wanted as object);
  if (key === 'prefix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.startsWith(operand);
  if (key === 'exists' && typeof operand === 'boolean')
    // "exists works only on leaf nodes": an object is none.
    return (value) => (value !== undefined && (typeof value !== 'object' || value === null)) === operand;
  throw refused(path, `${JSON.stringify(wanted)} is not supported; use exact values, prefix or exists`);
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function refused(path: readonly string[], why: string): Error {
  return new Error(`Event filter, at ${path.join('.') || 'the top'}: ${why}.`);
}
