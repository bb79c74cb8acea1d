import { pair, type Result, share, siteSingles, tryAll } from './campaign';
import { stories } from './stories';

/**
 * A share of the single faults that `npm run test:faults -- --singles` plays in full: all of them take more than half an
 * hour. Of every story one case in so many, which moves on by one each day: as many days try them all. `FAULTS_TURN`
 * chooses another share.
 */
const every = 240;
const day = Math.floor(new Date().getTime() / 86_400_000);
const turn = Number(process.env.FAULTS_TURN ?? day);
/** A share takes some seconds by itself, and longer where other tests run beside it. */
const limitMs = 240_000;

function told(title: string, { tried, of, failures }: Result): void {
  process.stdout.write(`${title}: ${tried} of ${of} tried (turn ${turn % every}), ${tried - failures.length} held\n`);
}

test.each(stories.map(({ name }) => name))(
  'single faults in the story “%s”',
  async (name) => {
    const all = await siteSingles(name);
    const result = await tryAll(share(all, every, turn), all.length, () => undefined);

    told(`single faults, ${name}`, result);
    expect(result.failures).toEqual([]);
  },
  limitMs,
);

/** `npm run test:faults -- --seeds 2000` plays ten times as many. They are the same each time. */
const seeds = 200;
/** In a few tests, so that a slow machine is seen to go on. */
const lots = 8;
const many = seeds / lots;

test.each(Array.from({ length: lots }, (_, lot) => 1 + lot * many))(
  'pairs of faults, seeds from %d on',
  async (from) => {
    const cases = await Promise.all(Array.from({ length: many }, (_, index) => pair(from + index)));

    const result = await tryAll(cases, many, () => undefined);

    told(`pairs of faults, seeds ${from} to ${from + many - 1}`, result);
    expect(result.failures).toEqual([]);
  },
  limitMs,
);
