import { ancestors } from './ancestor';
import { dollars, type Kind, limitSeconds, type Timeline } from './assumptions';
import { type Fleet, playFleet } from './fleet-world';
import { mean } from './table';

export interface Shape {
  kind: Kind;
  restoreMinutes: number;
  renameMinutes: number;
}

/** Instance and cluster, short and long restores, quick and slow renames. */
export const shapes: readonly Shape[] = (['instance', 'cluster'] as const).flatMap((kind) =>
  [5, 20, 120].flatMap((restoreMinutes) =>
    [1, 2, 10].map((renameMinutes) => ({ kind, restoreMinutes, renameMinutes })),
  ),
);

/** Each offset begins at another second of the minute and makes RDS a little slower, so that no grid is hit by luck. */
export function timelines({ restoreMinutes, renameMinutes }: Shape, offsets: number): Timeline[] {
  return Array.from({ length: offsets }, (_, index) => ({
    snapshotSeconds: 300 + index,
    restoreSeconds: restoreMinutes * 60 + index,
    renameSeconds: renameMinutes * 60 + index / 2,
    deleteSeconds: 300 + index,
  }));
}

/** What one shape came to, ours and the ancestor's on the same timelines. Seconds, US dollars for 1,000 restores. */
export interface Row {
  succeeded: number;
  limit: number;
  outage: number;
  outageOverLimit: number;
  ancestorOutage: number;
  ancestorSucceeded: number;
  late: number;
  latest: number;
  later: number;
  transitions: number;
  history: number;
  lambdaSeconds: number;
  describes: number;
  dollars: number;
  ancestorDollars: number;
}

export async function playRow(shape: Shape, offsets: number): Promise<Row> {
  const { kind } = shape;
  const all = timelines(shape, offsets);
  const theirs = ancestors(
    all.map((timeline) => ({ timeline, startSeconds: 0 })),
    false,
    kind,
  );
  const ours: { fleet: Fleet; timeline: Timeline }[] = [];
  for (const [index, timeline] of all.entries()) {
    const offsetSeconds = (index * 60) / offsets;
    const fleet = await playFleet({
      count: 1,
      kind,
      timeline,
      windowSeconds: 1,
      offsetSeconds,
      limited: true,
      events: false,
      toTheEnd: true,
    });
    ours.push({ fleet, timeline });
  }
  const of = (figure: (fleet: Fleet) => number) => ours.map(({ fleet }) => figure(fleet));
  const outages = of(({ runs }) => runs[0]?.outageSeconds ?? Number.POSITIVE_INFINITY);
  const limits = all.map((timeline) => limitSeconds(timeline, kind));
  return {
    succeeded: ours.filter(({ fleet }) => fleet.runs[0]?.succeeded).length,
    limit: mean(limits),
    outage: mean(outages),
    outageOverLimit: mean(outages.map((outage, index) => outage / (limits[index] ?? Number.NaN))),
    ancestorOutage: mean(theirs.map((one) => one.outageSeconds)),
    ancestorSucceeded: theirs.filter((one) => one.succeeded).length,
    late: mean(of(({ lagSeconds }) => lagSeconds)),
    latest: Math.max(...of(({ lagSeconds }) => lagSeconds)),
    later: mean(of(({ laterLagSeconds }) => laterLagSeconds)),
    transitions: Math.max(...of(({ runs }) => runs[0]?.transitions ?? 0)),
    history: Math.max(...of(({ runs }) => runs[0]?.history ?? 0)),
    lambdaSeconds: mean(of((fleet) => fleet.lambdaSeconds)),
    describes: mean(of((fleet) => fleet.describes)),
    dollars: mean(of((fleet) => fleet.dollarsPerRun)) * 1000,
    ancestorDollars: mean(theirs.map((one) => dollars(one.bill))) * 1000,
  };
}
