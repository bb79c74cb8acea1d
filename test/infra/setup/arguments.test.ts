import { steps } from '../../../infra/setup';
import { readArguments } from '../../../infra/setup/arguments';
import { told } from '../../../infra/setup/step';

const chosen = (...ids: string[]) => steps.filter(({ id }) => ids.includes(id));

describe('what is given on the command line', () => {
  const read = (...args: string[]) => readArguments(args, steps, {});

  test('steps in their order, answers by name, and help', () => {
    expect(read('self-test', 'secrets', '--set', 'channel=C012AB3CD', '--yes')).toMatchObject({
      value: {
        chosen: chosen('secrets', 'self-test'),
        given: new Map([['channel', 'C012AB3CD']]),
        isYes: true,
        isDry: false,
      },
    });
    expect(read('--help')).toEqual(told('help'));
  });

  test.each([
    ['a step that nobody knows', ['deploi'], 'There is no step deploi.'],
    ['a flag that nobody knows', ['--dry'], 'Unknown option'],
    ['an answer to nobody’s question', ['--set', 'stakName=X'], 'Nobody asks for stakName; did you mean stackName?'],
    ['a secret, which the shell would remember', ['--set', 'bot-token=xoxb-1'], 'Nobody asks for bot-token'],
    ['an answer without a name', ['--set', 'Trapheus'], '--set takes name=value'],
  ])('%s is refused', (_, args, words) => {
    expect(read(...args)).toMatchObject({ ok: false, says: expect.stringContaining(words) });
  });
});
