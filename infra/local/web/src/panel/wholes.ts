import type { Cluster, Database, Run } from '../sandbox/wire';

/** One instance of a cluster. */
export interface Part extends Database {
  role: 'writer' | 'reader';
}

/** A database as people know it: an instance that stands alone, or a cluster with its members. */
export interface Whole extends Omit<Database, 'class'> {
  class?: string;
  members: Part[];
}

/** Every database once: members stand with their cluster, the writer first. */
export function wholes(databases: readonly Database[], clusters: readonly Cluster[]): Whole[] {
  const byId = new Map(databases.map((one) => [one.resourceId, one]));
  const partsOf = ({ members }: Cluster): Part[] =>
    members
      .flatMap(({ resourceId, role }) => {
        const found = byId.get(resourceId);
        return found === undefined ? [] : [{ ...found, role }];
      })
      .sort((a, b) => Number(b.role === 'writer') - Number(a.role === 'writer') || a.name.localeCompare(b.name));
  const inClusters = new Set(clusters.flatMap(({ members }) => members.map(({ resourceId }) => resourceId)));
  const alone = databases.filter(({ resourceId }) => !inClusters.has(resourceId));
  return [
    ...alone.map((database) => ({ ...database, members: [] })),
    ...clusters.map((cluster) => ({ ...cluster, members: partsOf(cluster) })),
  ];
}

/** The name that a run is about: under which the data answers in the end. */
export function subjectOf({ request: { database, target } }: Run): string {
  return target?.name ?? database;
}

/** The two databases of a run, by resource id: names move. What nobody replaces is where the data comes from. */
export function involved(
  run: Run,
  all: readonly Whole[],
): { original: Whole | undefined; copy: Whole | undefined; isReplaced: boolean } {
  const { facts, plan, request } = run;
  const isReplaced = request.target === undefined || ['replace', 'onto'].includes(request.target.kind);
  const byId = (id: string | undefined) => all.find(({ resourceId }) => resourceId === id);
  const copy = byId(facts.copy?.resourceId) ?? all.find(({ name }) => name === plan?.names?.copy);
  const originalId = facts.original?.resourceId ?? (isReplaced ? plan?.target?.resourceId : undefined);
  const name = isReplaced ? subjectOf(run) : request.database;
  const named = all.find((one) => one.name === name && one !== copy);
  return { original: originalId === undefined ? named : byId(originalId), copy, isReplaced };
}
