import { ApiError } from '../api-error';
import type { Store } from '../store';
import { type Dict, string } from '../wire';

/** One Web API method: what it answers beside `ok`, or an ApiError. */
export type Method = (args: Dict, store: Store) => Dict;

export function required(args: Dict, name: string): string {
  const value = string(args[name]);
  if (!value) throw new ApiError('invalid_arguments', [`[ERROR] missing required field: ${name}`]);
  return value;
}

/** Form fields carry booleans as words. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';
