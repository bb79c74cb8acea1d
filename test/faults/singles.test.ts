import { share, siteSingles, told, tryAll } from './campaign';
import { stories } from './stories';
import { turn } from './turn';

/**
 * A share of the single faults that `npm run test:faults -- --singles` plays in full: all of them take more than half an
 * hour. Of every story one case in so many, which moves on by one each day: as many days try them all.
 */
const every = 600;
/** A share takes some seconds by itself, and longer where other tests run beside it. */
const limitMs = 240_000;

test.each(stories.map(({ name }) => name))(
  'single faults in the story “%s”',
  async (name) => {
    const all = await siteSingles(name);
    const result = await tryAll(share(all, every, turn), all.length, () => undefined);

    told(`single faults, ${name} (turn ${turn % every})`, result);
    expect(result.failures).toEqual([]);
  },
  limitMs,
);
