import { type CpuShare, cpuShare, shareOf } from './cpu-share';
import { makeFiles } from './files';
import { inFreshProcess, median, pairedRatio, printTable, rotated, spread, type Target, verdict } from './measure';
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

async function main(): Promise<void> {
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
    printTable(
      ['cold restore', 'load ms', 'load + first ms', 'CPU ms'],
      variants.map((name) => [name, spread(of(name, 'load')), spread(of(name, 'total')), spread(of(name, 'cpu'))]),
    );

    const small = await smallest(measure, whole, share);
    console.log(`\nAt the processor share of ${smallestMb} MB (${small.how}):`);
    printTable(
      ['cold restore', 'seconds'],
      variants.map((name) => [name, spread(small.seconds[name])]),
    );
    const targets: Target[] = [
      { name: 'ours / naive', value: pairedRatio(of('ours', 'total'), of('naive', 'total')), limit: limits.naive },
      { name: 'ours / floor', value: pairedRatio(of('ours', 'total'), of('floor', 'total')), limit: limits.floor },
      { name: `seconds at ${smallestMb} MB`, value: median(small.seconds.ours), limit: limits.seconds },
    ];
    console.log('');
    verdict('ack', targets, { rounds, how: small.how, ms: median(of('ours', 'total')) });
  } finally {
    share?.remove();
    await stub.close();
    files.remove();
  }
}

/** Seconds to the answer with a small function's share, while it starts too. */
async function smallest(
  measure: (count: number, before?: string) => Promise<Record<Variant, Cold[]>>,
  whole: Record<Variant, Cold[]>,
  share: CpuShare | undefined,
): Promise<{ how: string; seconds: Record<Variant, number[]> }> {
  const seconds = (found: Record<Variant, Cold[]>, of: (one: Cold) => number): Record<Variant, number[]> => ({
    floor: found.floor.map(of),
    ours: found.ours.map(of),
    naive: found.naive.map(of),
  });
  // Where nobody may set a quota, the processor time says what it would have come to.
  if (share === undefined)
    return {
      how: 'CPU time / share: no cgroup here',
      seconds: seconds(whole, (one) => one.cpu / shareOf(smallestMb) / 1000),
    };
  const throttled = await measure(slowRounds, share.enter);
  if (share.throttled() === 0) throw new Error('the quota of the cgroup did not bite, so this proves nothing');
  return { how: 'cgroup quota, start included', seconds: seconds(throttled, (one) => one.total / 1000) };
}

void main();
