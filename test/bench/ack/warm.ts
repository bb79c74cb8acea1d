import type { Report } from '../table';
import { atMost } from '../table';
import { makeFiles } from './files';
import { inFreshProcess, median, pairedRatio, rotated, spread } from './measure';
import { machine, run } from './run';
import { Stub } from './stub';

/** `npm run bench:warm`: 2,000 signed commands in one process, a tenth of them forged, which have to be refused. */
const variants = ['floor', 'ours', 'naive'] as const;
type Variant = (typeof variants)[number];

interface Warm {
  p50: number;
  p99: number;
  wrong: number;
}

const requests = 2000;
const rounds = 5;

async function measure(): Promise<Report> {
  const files = await makeFiles();
  const stub = await Stub.start();
  try {
    const env = stub.environment(files.policy);
    const found: Record<Variant, Warm[]> = { floor: [], ours: [], naive: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const variant of rotated(variants, round)) {
        const warm = await inFreshProcess<Warm>(['warm', files[variant], String(requests)], env);
        if (warm.wrong > 0) throw new Error(`${variant} answered ${warm.wrong} of ${requests} wrongly`);
        found[variant].push(warm);
      }
    const of = (variant: Variant, figure: keyof Warm) => found[variant].map((one) => one[figure]);
    const micros = (values: number[]) => spread(values.map((ms) => ms * 1000));
    return {
      title: 'warm',
      note: `${machine}: ${requests} signed commands in each of ${rounds} fresh processes, a tenth of them forged and refused; every answer checked, the same outside calls, processor time. Median (least to most).`,
      rows: [
        ['a warm command', 'p50 µs', 'p99 µs'],
        ...variants.map((name) => [name, micros(of(name, 'p50')), micros(of(name, 'p99'))]),
      ],
      figures: [
        atMost('ours / floor, p50', pairedRatio(of('ours', 'p50'), of('floor', 'p50')), 12),
        atMost('ours, p99 ms', median(of('ours', 'p99')), 2),
      ],
    };
  } finally {
    await stub.close();
    files.remove();
  }
}

void run(measure);
