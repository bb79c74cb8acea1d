import { endedOutside } from '../../orchestrator/close';
import { type Measure, measuresOf } from '../../orchestrator/measures';
import type { Databases, Executions, Runs } from '../../orchestrator/ports';
import { newRun, type Run } from '../../orchestrator/run';

const asked: Run = newRun('r7k3q9xz', {
  database: 'orders-staging',
  source: { kind: 'newest' },
  target: { kind: 'replace' },
  reason: '',
  requester: { id: 'U1', team: 'T1' },
  channel: 'C1',
  key: 'k',
  at: 1_000_000,
});
const at = (seconds: number) => asked.request.at + seconds * 1000;

test('a step that ends is measured once', () => {
  const before: Run = { ...asked, steps: { swap: { startedAt: at(10) } } };
  const after: Run = { ...asked, steps: { swap: { startedAt: at(10), doneAt: at(130) } } };

  expect(measuresOf(before, after)).toEqual([
    { name: 'StepSeconds', unit: 'Seconds', value: 120, dimensions: { step: 'swap', phase: 'do' } },
  ]);
  expect(measuresOf(after, after)).toEqual([]);
});

test('a run that finishes says how long it took and how long the name was away', () => {
  const after: Run = { ...asked, finishedAt: at(1800), facts: { ...asked.facts, outageSeconds: 94 } };

  expect(measuresOf(asked, after).map(({ name, value }) => [name, value])).toEqual([
    ['RunsEnded', 1],
    ['RunSeconds', 1800],
    ['OutageSeconds', 94],
  ]);
  const later: Run = { ...after, status: 'succeeded', closedAt: at(90_000) };
  expect(measuresOf(after, later)).toEqual([]);
});

test('a run that ends otherwise is counted by how', () => {
  const denied: Run = { ...asked, status: 'denied', closedAt: at(60) };

  expect(measuresOf(asked, denied)).toEqual([
    { name: 'RunsEnded', unit: 'Count', value: 1, dimensions: { outcome: 'denied' } },
  ]);
});

test('a run that no further recovery can help is counted, too: the alarm for it rings by this figure', async () => {
  const measured: Measure[] = [];
  const worn: Run = { ...asked, status: 'running', recoveries: 20, at: { step: 'swap', phase: 'do' } };
  const nobody = (): never => {
    throw new Error('nothing else is called for');
  };
  await endedOutside(
    {
      stages: [],
      clock: { now: () => at(60) },
      databases: new Proxy({}, { get: nobody }) as Databases,
      executions: new Proxy({}, { get: nobody }) as Executions,
      runs: {
        load: async () => worn,
        update: async (_: string, write: (run: Run) => Run) => write(worn),
      } as Partial<Runs> as Runs,
      meter: (measures) => measured.push(...measures),
    },
    worn.id,
    `${worn.id}-r20`,
    'aborted',
  );

  expect(measured).toEqual([{ name: 'RunsEnded', unit: 'Count', value: 1, dimensions: { outcome: 'needs-help' } }]);
});
