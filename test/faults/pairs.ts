import { pair, told, tryAll } from './campaign';
import { turn } from './turn';

/**
 * `npm test` plays 100 of 200 seeds, half of them on even days and half on odd ones, so that it stays under five
 * minutes; `npm run test:faults -- --seeds 2000` plays them all and more. They are the same each time.
 */
const seedsOfFile = 100;
const perDay = 50;
/** In a few tests, so that a slow machine is seen to go on. */
const many = 25;
const limitMs = 240_000;

/** `first`: the first of this file's hundred seeds. */
export function playPairs(first: number): void {
  const today = first + (turn % (seedsOfFile / perDay)) * perDay;
  test.each(Array.from({ length: perDay / many }, (_, lot) => today + lot * many))(
    'pairs of faults, seeds from %d on',
    async (from) => {
      const cases = await Promise.all(Array.from({ length: many }, (_, index) => pair(from + index)));

      const result = await tryAll(cases, many, () => undefined);

      told(`pairs of faults, seeds ${from} to ${from + many - 1}`, result);
      expect(result.failures).toEqual([]);
    },
    limitMs,
  );
}
