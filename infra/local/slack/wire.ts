/** A JSON object that came over the wire, or out of a view, and of which nothing is known yet. */
export type Dict = Record<string, unknown>;

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const dict = (value: unknown): Dict => (isDict(value) ? value : {});
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const dicts = (value: unknown): Dict[] => list(value).filter(isDict);
export const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The parsed JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
