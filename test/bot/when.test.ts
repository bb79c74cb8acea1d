import { readMoment, readSpan, type Sense } from '../../bot/when';
import { isZone } from '../../orchestrator/zones';

/** Sunday, 22 November 2026, 10:00 UTC: 11:00 in Berlin. */
const now = Date.parse('2026-11-22T10:00:00Z');
const berlin: Sense = { now, zone: 'Europe/Berlin', toward: 'past' };
const read = (text: string, sense: Partial<Sense> = {}) => {
  const at = readMoment(text, { ...berlin, ...sense });
  return at === undefined ? undefined : new Date(at).toISOString().replace(':00.000Z', 'Z');
};

test.each([
  ['now', '2026-11-22T10:00Z'],
  ['10 min ago', '2026-11-22T09:50Z'],
  ['10m ago', '2026-11-22T09:50Z'],
  ['1h30m ago', '2026-11-22T08:30Z'],
  ['1 hour and 30 minutes ago', '2026-11-22T08:30Z'],
  ['an hour ago', '2026-11-22T09:00Z'],
  ['half an hour ago', '2026-11-22T09:30Z'],
  ['2 days ago', '2026-11-20T10:00Z'],
  ['1.5 hours ago', '2026-11-22T08:30Z'],
  ['Yesterday 18:00', '2026-11-21T17:00Z'],
  ['yesterday at 6pm', '2026-11-21T17:00Z'],
  ['18:00 yesterday', '2026-11-21T17:00Z'],
  ['last night 23:15', '2026-11-21T22:15Z'],
  ['today 09:30', '2026-11-22T08:30Z'],
  ['yesterday noon', '2026-11-21T11:00Z'],
  ['midnight', '2026-11-21T23:00Z'],
  ['09:30', '2026-11-22T08:30Z'],
  // Later than now: yesterday's.
  ['18:00', '2026-11-21T17:00Z'],
  ['12:30 am', '2026-11-21T23:30Z'],
  ['friday 18:00', '2026-11-20T17:00Z'],
  ['fri 18:00', '2026-11-20T17:00Z'],
  ['last sunday 08:00', '2026-11-15T07:00Z'],
  ['sunday 08:00', '2026-11-22T07:00Z'],
  ['sunday 23:00', '2026-11-15T22:00Z'],
  ['2026-11-21 18:00', '2026-11-21T17:00Z'],
  ['2026-11-21T18:00', '2026-11-21T17:00Z'],
  ['2026-11-21T18:00Z', '2026-11-21T18:00Z'],
  ['2026-11-21 18:00 UTC', '2026-11-21T18:00Z'],
  ['2026-11-21 18:00:30Z', '2026-11-21T18:00:30.000Z'],
  ['2026-11-21T18:00:00.000Z', '2026-11-21T18:00Z'],
  ['2026-11-21T18:00+02:00', '2026-11-21T16:00Z'],
  ['2026-11-21 18:00 -0500', '2026-11-21T23:00Z'],
  ['yesterday 18:00 UTC', '2026-11-21T18:00Z'],
  // Before the clocks went back on 25 October, Berlin was two hours ahead.
  ['2026-10-20 18:00', '2026-10-20T16:00Z'],
])('“%s” is %s', (text, at) => {
  expect(read(text)).toBe(at);
});

test.each([
  ['in 2 hours', '2026-11-22T12:00Z'],
  ['+30m', '2026-11-22T10:30Z'],
  ['tonight', '2026-11-22T21:00Z'],
  ['tonight 23:00', '2026-11-22T22:00Z'],
  ['18:00', '2026-11-22T17:00Z'],
  ['09:00', '2026-11-23T08:00Z'],
  ['tomorrow 02:00', '2026-11-23T01:00Z'],
  ['monday 02:00', '2026-11-23T01:00Z'],
  ['next sunday 02:00', '2026-11-29T01:00Z'],
  ['sunday 02:00', '2026-11-29T01:00Z'],
])('a start: “%s” is %s', (text, at) => {
  expect(read(text, { toward: 'future' })).toBe(at);
});

test.each([
  '',
  'yesterday',
  'ever',
  '18',
  '10 min',
  'in 10 min ago',
  '25:00',
  '12:60',
  '13pm',
  '0am',
  '2026-02-30 10:00',
  '2026-11-21',
  '2026-13-01 10:00',
  'blursday 10:00',
  'so 10:00 x',
  '0 min ago',
  '2026-11-22-05:00',
])('“%s” is no moment', (text) => {
  expect(read(text)).toBeUndefined();
});

test('spans add up, and zones are known or not', () => {
  expect(readSpan('1h 30 min')).toBe(5_400_000);
  expect(readSpan('3d')).toBe(259_200_000);
  expect(readSpan('3 donkeys')).toBeUndefined();
  expect([isZone('America/New_York'), isZone('Mars/Olympus')]).toEqual([true, false]);
});

test('in New York the same words are other moments', () => {
  expect(read('yesterday 18:00', { zone: 'America/New_York' })).toBe('2026-11-21T23:00Z');
});
