import { pair, share, siteSingles, storyOf, told, tryAll } from './campaign';
import type { Subject } from './journal';
import { stories, storyNamed } from './stories';
import { turn } from './turn';

/** The same 200 pairs of faults every day, some about instances and some about clusters. */
const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
/** In several tests, so that a slow machine is seen to go on. */
const pairsInTest = 25;
/**
 * Of every story one single fault in so many, another one each day: as many days try them all, and `npm run test:faults
 * -- --singles` tries them at once, which takes more than half an hour.
 */
const every = 300;
/** A lot takes some ten seconds by itself, and longer where other tests run beside it. */
const limitMs = 240_000;

/** What `npm test` plays of faults for one kind of database: two files share the work, and each its reference runs. */
export function playFaultsOf(kind: Subject['kind']): void {
  const ofKind = seeds.filter((seed) => storyNamed(storyOf(seed)).subject.kind === kind);
  const lots = Array.from({ length: Math.ceil(ofKind.length / pairsInTest) }, (_, lot) =>
    ofKind.slice(lot * pairsInTest, (lot + 1) * pairsInTest),
  );

  test.each(lots.map((lot) => ({ lot, from: lot.at(0), to: lot.at(-1) })))(
    'pairs of faults, seeds $from to $to',
    async ({ lot, from, to }) => {
      const cases = await Promise.all(lot.map(pair));

      const result = await tryAll(cases, cases.length, () => undefined);

      told(`pairs of faults about ${kind}s, of the seeds ${from} to ${to}`, result);
      expect(result.failures).toEqual([]);
    },
    limitMs,
  );

  test.each(stories.filter(({ subject }) => subject.kind === kind).map(({ name }) => name))(
    'single faults in the story “%s”',
    async (name) => {
      const all = await siteSingles(name);
      const result = await tryAll(share(all, every, turn), all.length, () => undefined);

      told(`single faults, ${name} (turn ${turn % every})`, result);
      expect(result.failures).toEqual([]);
    },
    limitMs,
  );
}
