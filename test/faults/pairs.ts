import { pair, told, tryAll } from './campaign';

/** `npm run test:faults -- --seeds 2000` plays ten times as many as both halves do. They are the same each time. */
const half = 100;
/** In a few tests, so that a slow machine is seen to go on. */
const lots = 4;
const many = half / lots;
const limitMs = 240_000;

export function playPairs(first: number): void {
  test.each(Array.from({ length: lots }, (_, lot) => first + lot * many))(
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
