import { RunTable } from '../../../orchestrator/aws/run-table';
import { emptyTable } from './dynalite';

/** Runs that do the same thing twice are dull, so that whole runs do not show who let two of them in. */
let close: () => Promise<void>;
let runs: RunTable;

beforeAll(async () => {
  const made = await emptyTable();
  runs = new RunTable(made.client, made.table);
  close = made.close;
});
afterAll(() => close());

const at = (token: string, entered: string, retry: number) => ({
  token,
  step: 'swap',
  phase: 'do' as const,
  entered: `2026-11-22T10:00:0${entered}.000Z`,
  retry,
});

test('a token that comes late, of an earlier state or an earlier try, does not take the place of a newer one', async () => {
  const stored = async (...token: Parameters<typeof at>) => runs.storeToken('r1', at(...token), 100);

  expect(await stored('first', '1', 0)).toBe(true);
  expect(await stored('tried again', '1', 2)).toBe(true);
  expect(await stored('late try', '1', 1)).toBe(false);
  expect(await stored('next state', '5', 0)).toBe(true);
  expect(await stored('late state', '1', 3)).toBe(false);

  expect((await runs.wait('r1'))?.token).toBe('next state');
});

test('one look at a time, until its lease is over', async () => {
  await runs.storeToken('r2', at('token', '1', 0), 100);

  expect(await runs.takeLease('r2', 'first', 100, 130)).toBeDefined();
  expect(await runs.takeLease('r2', 'second', 129, 159)).toBeUndefined();
  expect(await runs.takeLease('r2', 'second', 130, 160)).toBeDefined();
});

test('a lock is taken from nobody, but for whom the taker has read as its holder, and freed by its holder only', async () => {
  const lock = (run: string) => ({ database: 'orders', run, requester: 'U0ANA00001', state: 'held', at: 1 }) as const;

  expect(await runs.takeLock(lock('r1'))).toBe(true);
  expect(await runs.takeLock(lock('r1'))).toBe(true);
  expect(await runs.takeLock(lock('r2'))).toBe(false);
  expect(await runs.takeLock(lock('r2'), { run: 'r1', state: 'reserved' })).toBe(false);
  await runs.freeLock('orders', 'r2');
  expect((await runs.lockOf('orders'))?.run).toBe('r1');
  expect(await runs.takeLock(lock('r2'), { run: 'r1', state: 'held' })).toBe(true);
  await runs.freeLock('orders', 'r2');
  expect(await runs.lockOf('orders')).toBeUndefined();
});
