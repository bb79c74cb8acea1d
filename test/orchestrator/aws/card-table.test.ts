import type { Cards } from '../../../bot/cards';
import { CardTable } from '../../../orchestrator/aws/card-table';
import { emptyTable } from './dynalite';

let close: () => Promise<void>;
let cards: Cards;

beforeAll(async () => {
  const made = await emptyTable();
  cards = new CardTable(made.client, made.table);
  close = made.close;
});
afterAll(() => close());

test('one writer at a time, until its lease is over', async () => {
  expect(await cards.claim('r1', 'C1', 'first', 100, 160)).toEqual({
    run: 'r1',
    channel: 'C1',
    version: 0,
    replies: [],
  });
  expect(await cards.claim('r1', 'C1', 'second', 159, 219)).toBeUndefined();
  expect(await cards.claim('r1', 'C1', 'first', 120, 180)).toBeDefined();
  expect(await cards.claim('r1', 'C1', 'second', 180, 240)).toBeDefined();
  await expect(cards.save('r1', 'first', { ts: '1' })).rejects.toThrow('conditional');
  await expect(cards.shown('r1', 'first', 3)).rejects.toThrow('conditional');
  await cards.release('r1', 'first');
  expect(await cards.claim('r1', 'C1', 'third', 200, 260)).toBeUndefined();
});

test('remembers what is shown, and forgets what is not true any more', async () => {
  await cards.claim('r2', 'C1', 'me', 100, 160);
  await cards.save('r2', 'me', { ts: '1.1', hash: 'h1', undeliverable: 'not_in_channel' });
  await cards.posted('r2', 'me', 'plan:1');
  await cards.posted('r2', 'me', 'plan:1');
  await cards.posted('r2', 'me', 'swap');
  await cards.save('r2', 'me', { hash: 'h2', undeliverable: undefined });
  await cards.save('r2', 'me', {});
  await cards.shown('r2', 'me', 7, { hash: 'h3', shownAt: 99 });
  expect(await cards.claim('r2', 'C1', 'other', 101, 161)).toEqual({
    run: 'r2',
    channel: 'C1',
    version: 7,
    ts: '1.1',
    hash: 'h3',
    shownAt: 99,
    replies: ['plan:1', 'swap'],
  });
});
