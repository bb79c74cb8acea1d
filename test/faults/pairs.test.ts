import { pair, tryAll } from './campaign';

/** `npm run test:faults -- --seeds 2000` plays ten times as many. They are the same each time. */
const seeds = 200;
/** The pairs in a few tests, so that a slow machine is seen to go on. */
const lots = 8;

test.each(Array.from({ length: lots }, (_, lot) => 1 + (lot * seeds) / lots))(
  'pairs of faults, seeds from %d on',
  async (from) => {
    const many = seeds / lots;
    const cases = await Promise.all(Array.from({ length: many }, (_, index) => pair(from + index)));

    const { tried, failures } = await tryAll(cases, many, () => undefined);

    process.stdout.write(
      `pairs of faults, seeds ${from} to ${from + many - 1}: ${tried} tried, ${tried - failures.length} held\n`,
    );
    expect(failures).toEqual([]);
  },
  240_000,
);
