import type { Lane, Pace } from '../../../bot/notifier/pace';
import { PaceTable } from '../../../orchestrator/aws/pace-table';
import { emptyTable } from './dynalite';

let close: () => Promise<void>;
let pace: Pace;

beforeAll(async () => {
  const made = await emptyTable();
  pace = new PaceTable(made.client, made.table);
  close = made.close;
});
afterAll(() => close());

const second = (id: string, burst = 1): Lane => ({ id, everyMs: 1000, burst });
const slot = (now: number, withinMs = 0, useBurst = true) => ({ now, withinMs, useBurst });

test('a slot every second, for whoever asks first; those who may wait have the next ones', async () => {
  const lane = second('posts');
  expect(await pace.take(lane, slot(10_000))).toBe(0);
  expect(await pace.take(lane, slot(10_000))).toBeUndefined();
  expect(await pace.take(lane, slot(10_200, 3_000))).toBe(800);
  expect(await pace.take(lane, slot(10_200, 3_000))).toBe(1_800);
  expect(await pace.take(lane, slot(10_200, 1_000))).toBeUndefined();
  expect(await pace.take(lane, slot(13_000))).toBe(0);
  expect(await pace.take(second('elsewhere'), slot(13_000))).toBe(0);
});

test('a burst is for those who may use it; the others wait until the bucket is full again', async () => {
  const lane = second('updates', 3);
  for (const expected of [0, 0, 0, undefined]) expect(await pace.take(lane, slot(10_000))).toBe(expected);
  expect(await pace.take(lane, slot(12_000, 0, false))).toBeUndefined();
  expect(await pace.take(lane, slot(12_000, 2_000, false))).toBe(1_000);
  expect(await pace.take(lane, slot(12_000))).toBe(0);
});

test('never more in any minute than the burst and one for each interval', async () => {
  const lane: Lane = { id: 'minute', everyMs: 1_430, burst: 8 };
  const calls: number[] = [];
  for (let now = 0; now < 90_000; now += 750) {
    const waitMs = await pace.take(lane, slot(now, 500, now % 1500 === 0));
    if (waitMs !== undefined) calls.push(now + waitMs);
  }
  const inTheMinuteOf = (from: number) => calls.filter((at) => at >= from && at < from + 60_000).length;
  expect(Math.max(...calls.map(inTheMinuteOf))).toBeLessThanOrEqual(50);
  expect(calls.length).toBeGreaterThan(55);
});

test('after a pause nobody has a slot before it ends, and a shorter one changes nothing', async () => {
  const lane = second('paused', 4);
  await pace.pause(lane, 60_000);
  await pace.pause(lane, 20_000);
  expect(await pace.take(lane, slot(59_999))).toBeUndefined();
  expect(await pace.take(lane, slot(59_000, 5_000))).toBe(1_000);
  expect(await pace.take(lane, slot(60_000, 0))).toBeUndefined();
  expect(await pace.take(lane, slot(61_000, 0))).toBe(0);
});
