import { parseArgs } from 'node:util';
import { playFleet } from './fleet-world';
import { progress } from './progress';
import { atMost, keep, report } from './table';

/**
 * `npm run bench:grow [-- 100 1000 10000]`: what a run costs this process as fleets grow, the simulators included. The
 * only benchmark that measures the machine it runs on: its figures are ratios, and differ a little from run to run.
 */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
  const counts = positionals.length > 0 ? positionals.map(Number) : [100, 1000, 10_000];
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('run it as npm run bench:grow: it needs node --expose-gc');
  const measured: { count: number; cpuMs: number; heapKib: number }[] = [];
  const timeline = { snapshotSeconds: 60, restoreSeconds: 120, renameSeconds: 120, deleteSeconds: 60 };
  const options = { timeline, windowSeconds: 60, limited: false, events: false, toTheEnd: false };
  await playFleet({ ...options, count: 10 });
  for (const count of counts) {
    progress(`${count} runs`);
    collect();
    const before = process.memoryUsage().heapUsed;
    const cpu = process.cpuUsage();
    let heap = 0;
    await playFleet({
      ...options,
      count,
      atTheEnd: () => {
        collect();
        heap = process.memoryUsage().heapUsed;
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    measured.push({ count, cpuMs: (user + system) / 1000 / count, heapKib: (heap - before) / 1024 / count });
  }
  const first = measured[0];
  const last = measured.at(-1);
  if (first === undefined || last === undefined) throw new Error('name at least one fleet');
  const rows = measured.map((one) => [one.count, one.cpuMs, one.heapKib]);
  const figures = [
    atMost(`CPU a run, ${last.count} / ${first.count}`, last.cpuMs / first.cpuMs, 2),
    atMost(`heap a run, ${last.count} / ${first.count}`, last.heapKib / first.heapKib, 1.2),
  ];
  const note = 'Measured on the machine that it ran on: its ratios count, and differ a little from run to run.';
  const told = { title: 'grow', rows: [['runs', 'CPU ms a run', 'heap KiB a run'], ...rows], note, figures };
  const code = report(told);
  if (values.keep) keep(told);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
