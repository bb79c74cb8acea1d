import { atLeast, atMost, type Figure, type Report } from '../table';
import { type CpuShare, cpuShare, shareOf } from './cpu-share';
import { makeFiles } from './files';
import { inFreshProcess, median, pairedRatio, rotated, spread } from './measure';
import { machine, run } from './run';
import { Stub } from './stub';

/**
 * `npm run bench:ack`: the first restore command of a fresh process, from loading the bundle to the answer, with every
 * outside call on a local stub. Then the same with the share of a processor that a function of 128 MB has, while it
 * starts too, which is worse than Lambda: there it starts with a whole one.
 */
const variants = ['floor', 'ours', 'naive'] as const;
type Variant = (typeof variants)[number];

interface Cold {
  load: number;
  total: number;
  loadCpu: number;
  cpu: number;
  status: number;
}

const rounds = 17;
const slowRounds = 3;
const smallestMb = 128;
const limits = { naive: 0.42, floor: 5, seconds: 3 };

/** What every variant has to have asked for, or its answer is worth nothing. */
const expectedCalls = [
  'GetItem',
  'GetItem',
  'GetItem',
  'GetItem',
  'GetSecretValue',
  'GetSecretValue',
  'PutItem',
  'UpdateItem',
  'auth.test',
  'conversations.info',
  'conversations.info',
  'users.info',
  'views.open',
].sort();

async function ack(): Promise<Report> {
  const files = await makeFiles();
  const stub = await Stub.start();
  const share = cpuShare(smallestMb);
  try {
    const env = stub.environment(files.policy);
    const once = async (variant: Variant, before?: string): Promise<Cold> => {
      const probed = await inFreshProcess<Cold>(['cold', files[variant]], env, before);
      const calls = stub.take();
      if (probed.status !== 200) throw new Error(`${variant} answered ${probed.status}`);
      if (calls.join() !== expectedCalls.join())
        throw new Error(`${variant} called ${calls.join(', ')}: let all three variants make the same calls`);
      return probed;
    };
    const measure = async (count: number, before?: string): Promise<Record<Variant, Cold[]>> => {
      const found: Record<Variant, Cold[]> = { floor: [], ours: [], naive: [] };
      for (let round = 0; round < count; round += 1)
        for (const variant of rotated(variants, round)) found[variant].push(await once(variant, before));
      return found;
    };

    await measure(1);
    const whole = await measure(rounds);
    const of = (variant: Variant, figure: keyof Cold) => whole[variant].map((one) => one[figure]);
    const small = await smallest(measure, whole, share);
    const ratio = (other: Variant, figure: keyof Cold) => pairedRatio(of('ours', figure), of(other, figure));
    return {
      title: 'ack',
      note: `${machine}: load and first signed restore command, each in a fresh process, ${rounds} times in rotated order; every answer and every outside call checked. Median (least to most). At ${smallestMb} MB: ${small.how}.`,
      rows: [
        ['a cold restore command', 'load ms', 'load + first ms', 'CPU ms', `seconds at ${smallestMb} MB`],
        ...variants.map((name) => [
          name,
          spread(of(name, 'load')),
          spread(of(name, 'total')),
          spread(of(name, 'cpu')),
          spread(small.seconds[name], 2),
        ]),
      ],
      figures: [
        atMost('ours / naive', ratio('naive', 'total'), limits.naive),
        atMost('ours / floor', ratio('floor', 'total'), limits.floor),
        atMost(`ours, seconds at ${smallestMb} MB`, median(small.seconds.ours), limits.seconds),
        ...small.bite,
      ],
    };
  } finally {
    share?.remove();
    await stub.close();
    files.remove();
  }
}

/** Seconds to the answer with a small function's share, while it starts too; and the proof that it had no more. */
async function smallest(
  measure: (count: number, before?: string) => Promise<Record<Variant, Cold[]>>,
  whole: Record<Variant, Cold[]>,
  share: CpuShare | undefined,
): Promise<{ how: string; seconds: Record<Variant, number[]>; bite: Figure[] }> {
  const seconds = (found: Record<Variant, Cold[]>, of: (one: Cold) => number): Record<Variant, number[]> => ({
    floor: found.floor.map(of),
    ours: found.ours.map(of),
    naive: found.naive.map(of),
  });
  if (share === undefined)
    return {
      how: 'computed from the CPU time, since nobody may set a quota here: no proof',
      seconds: seconds(whole, (one) => one.cpu / shareOf(smallestMb) / 1000),
      bite: [],
    };
  const throttled = await measure(slowRounds, share.enter);
  return {
    how: 'the processor share that Lambda gives, by a cgroup’s quota, while it starts too (Lambda starts it with a whole processor)',
    seconds: seconds(throttled, (one) => one.total / 1000),
    bite: [atLeast('periods in which the quota held it back', share.throttled(), 1)],
  };
}

void run(ack);
