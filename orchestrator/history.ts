import type { Runs } from './ports';
import type { Run } from './run';
import { isSetAsideFirst, subjectOf } from './wish';

/** The first step behind the approval. */
export const beginning = 'capture';

/** Runs further back were made under other circumstances. */
const atMost = 10;

export interface Expected {
  /** How many finished runs it is drawn from. */
  runs: number;
  from: number;
  to: number;
}

/** What this database's own finished runs took, in seconds. */
export async function historyOf(
  history: Pick<Runs, 'ofDatabase'>,
  wish: { database: string; subject: string; setAsideFirst: boolean },
): Promise<{ durationSeconds?: Expected; outageSeconds?: Expected }> {
  // A run onto another database belongs to that one's history, a clone to its source's.
  const names = [...new Set([wish.database, wish.subject])];
  const found = await Promise.all(names.map((name) => history.ofDatabase(name, atMost)));
  const runs = found.flat().filter((run) => run.finishedAt !== undefined);
  const restores = runs.filter((run) => run.request.target.kind !== 'none' && run.request.database === wish.database);
  // Set aside first, a database is away for as long as the copy takes: that says nothing about a swap.
  const isAlike = (run: Run) => isSetAsideFirst(run.request.source) === wish.setAsideFirst;
  const swaps = runs.filter((run) => subjectOf(run.request) === wish.subject && isAlike(run));
  const durationSeconds = range(restores.map(workedSeconds));
  const outageSeconds = range(swaps.map((run) => run.facts.outageSeconds));
  return { ...(durationSeconds && { durationSeconds }), ...(outageSeconds && { outageSeconds }) };
}

/** From the first thing done to the end: how long people took to approve says nothing about the database. */
export function workedSeconds(run: Run): number | undefined {
  const startedAt = run.steps[beginning]?.startedAt;
  return startedAt === undefined || run.finishedAt === undefined
    ? undefined
    : Math.round((run.finishedAt - startedAt) / 1000);
}

/** Between which moments a run that has begun will be proven, by the history in its plan; undefined without any. */
export function expectedEnd(run: Run): Expected | undefined {
  const startedAt = run.steps[beginning]?.startedAt;
  const known = run.plan?.history.durationSeconds;
  if (startedAt === undefined || known === undefined) return undefined;
  return { runs: known.runs, from: startedAt + known.from * 1000, to: startedAt + known.to * 1000 };
}

function range(values: (number | undefined)[]): Expected | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : { runs: known.length, from: Math.min(...known), to: Math.max(...known) };
}
