import { useRef } from 'react';

/** The name that each database had before its present one, as far as this page has seen it change. */
export function useRenames(databases: readonly { resourceId: string; name: string }[]): ReadonlyMap<string, string> {
  const seen = useRef(new Map<string, { name: string; before?: string }>());
  const known = seen.current;
  for (const { resourceId, name } of databases) {
    const last = known.get(resourceId);
    if (last === undefined) known.set(resourceId, { name });
    else if (last.name !== name) known.set(resourceId, { name, before: last.name });
  }
  const standing = new Set(databases.map(({ resourceId }) => resourceId));
  for (const id of known.keys()) if (!standing.has(id)) known.delete(id);
  return new Map([...known].flatMap(([id, { before }]) => (before === undefined ? [] : [[id, before] as const])));
}
