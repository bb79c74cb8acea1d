import { Remembered } from '../../../bot/callers/remembered';

let now: number;
let asked: number;
let slackSays: string | undefined;
let remembered: Remembered<string>;
const ask = async () => {
  asked += 1;
  return slackSays;
};

beforeEach(() => {
  now = 0;
  asked = 0;
  slackSays = 'Ana';
  remembered = new Remembered({ now: () => now });
});

test('fifty who want to know at once are one question, and five minutes later there is a new one', async () => {
  const told = await Promise.all(Array.from({ length: 50 }, () => remembered.of('U0ANA', ask)));
  expect(new Set(told)).toEqual(new Set(['Ana']));
  expect(asked).toBe(1);
  now = 5 * 60_000 - 1;
  await remembered.of('U0ANA', ask);
  expect(asked).toBe(1);
  now = 5 * 60_000;
  slackSays = 'Ana Maria';
  expect(await remembered.of('U0ANA', ask)).toBe('Ana Maria');
  expect(asked).toBe(2);
});

test('while Slack does not say, what was known counts; whoever was never known stays unknown and is asked about again', async () => {
  await remembered.of('U0ANA', ask);
  now = 5 * 60_000;
  slackSays = undefined;
  expect(await remembered.of('U0ANA', ask)).toBe('Ana');
  expect(await remembered.of('U0BEN', ask)).toBeUndefined();
  slackSays = 'Ben';
  expect(await remembered.of('U0BEN', ask)).toBe('Ben');
});

test('two people are never mixed up', async () => {
  const [ana, ben] = await Promise.all([
    remembered.of('U0ANA', async () => 'Ana'),
    remembered.of('U0BEN', async () => 'Ben'),
  ]);
  expect([ana, ben, remembered.last('U0ANA'), remembered.last('U0CYD')]).toEqual(['Ana', 'Ben', 'Ana', undefined]);
});
