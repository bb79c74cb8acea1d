import fc from 'fast-check';
import { meant, readArguments, splitWords } from '../../../bot/commands/parse';

describe('words', () => {
  test.each([
    ['', []],
    ['  restore   orders  ', ['restore', 'orders']],
    ['restore --reason "a bad migration"', ['restore', '--reason', 'a bad migration']],
    ['restore --reason “a bad migration”', ['restore', '--reason', 'a bad migration']],
    ['restore —reason ‘bad one’', ['restore', '--reason', 'bad one']],
    ['restore –snapshot x', ['restore', '--snapshot', 'x']],
    ['restore –-at x ––latest −−to y', ['restore', '--at', 'x', '--latest', '--to', 'y']],
    ['restore `orders-staging` isn`t', ['restore', 'orders-staging', 'isn`t']],
    ["it's Bob’s", ["it's", "Bob's"]],
    ['--reason="two words"', ['--reason=two words']],
    ["--reason='two words'", ['--reason=two words']],
    ['--reason ""', ['--reason', '']],
    ['--reason "--dry" orders', ['--reason=--dry', 'orders']],
    ['—reason “—dry”', ['--reason', '—dry']],
    ['"--reason" "--dry"', ['--reason', '--dry']],
    ['"a — b"', ['a — b']],
    ['freeze release — tonight', ['freeze', 'release', '—', 'tonight']],
    ['a &lt;b&gt; &amp;amp;', ['a', '<b>', '&amp;']],
  ])('%j', (typed, words) => {
    expect(splitWords(typed)).toEqual(words);
  });

  test.each(['--reason "bad', '--reason “bad', "--reason 'bad"])(
    '%j: a quote that is not closed is a mistake',
    (typed) => {
      expect(splitWords(typed)).toEqual({ mistake: expect.stringContaining('not closed') });
    },
  );

  test('whatever is typed gives words or a mistake', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const words = splitWords(typed);
        expect('mistake' in words || Array.isArray(words)).toBe(true);
      }),
    );
  });
});

describe('a verb', () => {
  const verbs = ['restore', 'status', 'cancel', 'help', 'restart'];
  test.each([
    ['STATUS', { word: 'status' }],
    ['s', { word: 'status' }],
    ['rest', { guesses: ['restore', 'restart'] }],
    ['x', { guesses: [] }],
    ['', { guesses: [] }],
    ['restor', { word: 'restore' }],
    ['stauts', { guesses: ['status'] }],
    ['orders-staging', { guesses: [] }],
  ])('%s', (typed, expected) => {
    expect(meant(typed, verbs)).toEqual(expected);
  });
});

describe('options', () => {
  const read = (typed: string) =>
    readArguments(splitWords(typed) as string[], {
      values: ['snapshot', 'reason', 'at'],
      flags: ['latest'],
      phrases: { at: (words) => /^\d+ (min|hours) ago$/.test(words) },
    });
  test('by name, with =, shortened, in any case and order', () => {
    expect(read('--Reason="x y" --LATEST orders --snap=s1')).toEqual({
      words: ['orders'],
      options: { reason: 'x y', snapshot: 's1' },
      flags: new Set(['latest']),
    });
  });
  test('a value of several words that belong together needs no quotes', () => {
    expect(read('--at 10 min ago orders')).toEqual({
      words: ['orders'],
      options: { at: '10 min ago' },
      flags: new Set(),
    });
    expect(read('--at 10 donkeys ago')).toMatchObject({ words: ['donkeys', 'ago'], options: { at: '10' } });
  });
  test('a sentence in quotes may begin with a hyphen or two', () => {
    for (const reason of ['--force was used', '-5% rows', '--dry', '--latest', '-'])
      expect(read(`--reason “${reason}”`)).toMatchObject({ options: { reason } });
  });
  test('every mistake at once, and what could be read', () => {
    expect(read('orders --raeson x --latest=yes --at 10 min ago --snapshot')).toMatchObject({
      mistake: expect.stringMatching(
        /^There is no option --raeson.+\n--latest takes no value\.\n--snapshot needs a value/s,
      ),
      rest: { options: { at: '10 min ago' } },
    });
  });
  test.each([
    ['--raeson x', 'Did you mean --reason?'],
    ['--to x', 'There is --snapshot, --reason, --at, --latest.'],
    ['--latest=yes', '--latest takes no value'],
    ['-f', 'There is no option -f.'],
    ['--reason', '--reason needs a value'],
    ['--reason --snapshot x', '--reason needs a value'],
    ['--reason a --reason b', 'given twice'],
  ])('%s is a mistake', (typed, says) => {
    expect(read(typed)).toMatchObject({ mistake: expect.stringContaining(says) });
  });
});
