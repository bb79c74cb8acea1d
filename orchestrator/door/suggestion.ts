import { closest, distance } from 'fastest-levenshtein';

/** The name that a person probably meant: one that is near enough, or else the shortest that begins so. */
export function suggestion(typed: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(typed, known);
  if (distance(typed, best) <= Math.max(2, Math.floor(typed.length / 3))) return best;
  const begun = typed.length < 3 ? [] : known.filter((name) => name.startsWith(typed));
  return begun.sort((a, b) => a.length - b.length)[0];
}
