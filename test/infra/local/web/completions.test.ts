import { completions, isComplete, type Vocabulary } from '../../../../infra/local/web/src/workspace/completions';

const vocabulary: Vocabulary = {
  commands: [
    { verb: 'restore', usage: '[database]', summary: 'Asks for a restore.' },
    { verb: 'cancel', usage: '<run>', summary: 'Stops a run.' },
    { verb: 'help', usage: '', summary: 'Shows this.' },
  ],
  databases: ['billing-prod', 'orders-prod', 'orders-staging'],
  runs: ['r7k3q9xz'],
};
const offered = (draft: string) => completions(draft, vocabulary).map(({ text }) => text);

describe('completion of commands', () => {
  test('a slash offers every verb, and letters narrow them', () => {
    expect(offered('/')).toEqual(['/trapheus restore ', '/trapheus cancel ', '/trapheus help']);
    expect(offered('/trapheus re')).toEqual(['/trapheus restore ']);
  });

  test('names follow the verb that takes them', () => {
    expect(offered('/trapheus restore orders')).toEqual([
      '/trapheus restore orders-prod',
      '/trapheus restore orders-staging',
    ]);
    expect(offered('/trapheus cancel ')).toEqual(['/trapheus cancel r7k3q9xz']);
    expect(offered('/trapheus restore staging')).toEqual(['/trapheus restore orders-staging']);
  });

  test('nothing is offered for what is no command of ours, or already complete', () => {
    expect(offered('hello')).toEqual([]);
    expect(offered('/remind me')).toEqual([]);
    expect(offered('/trapheus restore orders-staging --reason x')).toEqual([]);
  });

  test('Enter sends what is complete as it is', () => {
    expect(isComplete('/trapheus restore ', vocabulary)).toBe(true);
    expect(isComplete('/trapheus restore orders-staging', vocabulary)).toBe(true);
    expect(isComplete('/trapheus cancel', vocabulary)).toBe(false);
    expect(isComplete('/trapheus re', vocabulary)).toBe(false);
  });
});
