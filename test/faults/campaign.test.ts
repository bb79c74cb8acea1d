import { faultKinds } from '../../infra/local/faults';
import { pair, storyOf, tryAll } from './campaign';
import { type Case, caseNamed, faultsAt, nameOf, rules } from './cases';

const modify = { service: 'rds', operation: 'ModifyDBInstance' } as const;

test('a case that does not hold is told with the command that replays it', async () => {
  // Nobody has ever asked for this: the run cannot be played, and that is a failure like any other.
  const broken: Case = { story: 'no-such-story', faults: [{ ...modify, at: 7, kind: 'throttle' }] };
  const said: string[] = [];

  const { tried, failures } = await tryAll([broken], 1, (line) => said.push(line));

  expect(tried).toBe(1);
  expect(failures).toEqual([
    expect.stringMatching(
      /there is no story no-such-story[^]*\n {2}replay: npm run test:faults -- --case 'no-such-story:rds.ModifyDBInstance@7=throttle'$/,
    ),
  ]);
  expect(said).toEqual(failures);
});

test('a case whose fault nobody has met has proven nothing', async () => {
  const never: Case = { story: 'deny', faults: [{ ...modify, at: 1, kind: 'throttle' }] };

  const { met, failures } = await tryAll([never], 1, () => undefined);

  expect(met).toBe(0);
  expect(failures).toEqual([expect.stringMatching(/^the fault was never met\n/)]);
});

test('every fault that a call can meet is found again by its name', () => {
  for (const fault of faultsAt(modify, 412)) {
    const one: Case = { story: 'restore', faults: [fault, { ...modify, at: 413, kind: 'throttle' }] };
    expect(caseNamed(nameOf(one))).toEqual(one);
  }
});

test('each kind of fault is tried somewhere, but for the queue’s own', () => {
  const tried = rules.flatMap(({ kinds }) => kinds);
  expect([...tried, 'drop'].sort()).toEqual([...faultKinds].sort());
});

test('the same seed is the same pair', async () => {
  expect(storyOf(12)).toBe('deny');
  expect(nameOf(await pair(12))).toBe(nameOf(await pair(12)));
});
