import { makeFiles } from './files';
import { inFreshProcess, median, pairedRatio, printTable, rotated, spread, verdict } from './measure';
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
const rounds = 7;

async function main(): Promise<void> {
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
    printTable(
      ['warm command', 'p50 µs', 'p99 µs'],
      variants.map((name) => [name, micros(of(name, 'p50')), micros(of(name, 'p99'))]),
    );
    console.log('');
    verdict('warm', [
      { name: 'ours / floor', value: pairedRatio(of('ours', 'p50'), of('floor', 'p50')), limit: 12 },
      { name: 'p99 ms', value: median(of('ours', 'p99')), limit: 2 },
    ]);
  } finally {
    await stub.close();
    files.remove();
  }
}

void main();
