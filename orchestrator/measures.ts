import type { Run } from './run';

/** One figure for operators. `dimensions` tell apart what is counted, in few words each: never a run or a person. */
export interface Measure {
  name: 'RunsEnded' | 'RunSeconds' | 'StepSeconds' | 'OutageSeconds';
  unit: 'Count' | 'Seconds';
  value: number;
  dimensions: Readonly<Record<string, string>>;
}

/** Where figures go; who counts decides how. */
export type Meter = (measures: readonly Measure[]) => void;

/** What one write of a run has ended: a step, an outage, the run itself. */
export function measuresOf(before: Run, after: Run): Measure[] {
  const seconds = (from: number, to: number) => Math.round((to - from) / 1000);
  const steps = Object.entries(after.steps).flatMap(([step, now]): Measure[] => {
    const was = before.steps[step];
    const measure = (phase: 'do' | 'undo', from: number, to: number): Measure => ({
      name: 'StepSeconds',
      unit: 'Seconds',
      value: seconds(from, to),
      dimensions: { step, phase },
    });
    return [
      ...(now.doneAt !== undefined && was?.doneAt === undefined ? [measure('do', now.startedAt, now.doneAt)] : []),
      ...(now.undoneAt !== undefined && was?.undoneAt === undefined
        ? [measure('undo', now.undoStartedAt ?? now.undoneAt, now.undoneAt)]
        : []),
    ];
  });
  const outcome = endOf(before, after);
  const ended: Measure[] =
    outcome === undefined ? [] : [{ name: 'RunsEnded', unit: 'Count', value: 1, dimensions: { outcome } }];
  if (outcome !== 'succeeded' || after.finishedAt === undefined) return [...steps, ...ended];
  const whole = seconds(after.request.at, after.finishedAt);
  const { outageSeconds } = after.facts;
  return [
    ...steps,
    ...ended,
    { name: 'RunSeconds', unit: 'Seconds', value: whole, dimensions: {} },
    ...(outageSeconds === undefined
      ? []
      : [{ name: 'OutageSeconds', unit: 'Seconds', value: outageSeconds, dimensions: {} } as const]),
  ];
}

/** A run has succeeded for people when the name answers with the new data, however long what is set aside is kept. */
function endOf(before: Run, after: Run): string | undefined {
  if (after.finishedAt !== undefined && before.finishedAt === undefined) return 'succeeded';
  if (after.help !== undefined && before.help === undefined) return 'needs-help';
  const isClosedNow = after.closedAt !== undefined && before.closedAt === undefined;
  return isClosedNow && after.status !== 'succeeded' ? after.status : undefined;
}
