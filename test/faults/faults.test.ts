import { pair, type Result, share, singles, tryAll } from './campaign';
import { stories } from './stories';

/**
 * A share of the campaign that `npm run test:faults` plays in full: of every story one case in so many, which moves on
 * by one each day, and as many seeds. `FAULTS_TURN` chooses another share.
 */
const every = 640;
const seedsADay = 24;
const day = Math.floor(new Date().getTime() / 86_400_000);
const turn = Number(process.env.FAULTS_TURN ?? day);
/** A share takes some twenty seconds by itself, and longer where other tests run beside it. */
const limitMs = 240_000;

function told(title: string, { tried, of, failures }: Result): void {
  process.stdout.write(`${title}: ${tried} of ${of} tried (turn ${turn}), ${tried - failures.length} held\n`);
}

test.each(stories.map(({ name }) => name))(
  'single faults in the story “%s”',
  async (name) => {
    const all = await singles(name);
    const result = await tryAll(share(all, every, turn), all.length, () => undefined);

    told(`single faults, ${name}`, result);
    expect(result.tried).toBeGreaterThan(0);
    expect(result.failures).toEqual([]);
  },
  limitMs,
);

test(
  'pairs of faults',
  async () => {
    const first = 1 + (turn % 1000) * seedsADay;
    const cases = await Promise.all(Array.from({ length: seedsADay }, (_, index) => pair(first + index)));
    const result = await tryAll(cases, seedsADay, () => undefined);

    told(`pairs, seeds ${first} to ${first + seedsADay - 1}`, result);
    expect(result.failures).toEqual([]);
  },
  limitMs,
);
