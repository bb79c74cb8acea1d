import { inZone, isOpen, LocalMoment, nextOpening, WeeklyWindow, windowWords } from '../../orchestrator/calendar';

const at = (text: string) => Date.parse(text);
const window = (given: object) => WeeklyWindow.parse(given);

describe('a zone’s local time', () => {
  test.each([
    ['2026-01-15 12:00', 'Europe/Berlin', '2026-01-15T11:00:00Z'],
    ['2026-07-15 12:00', 'Europe/Berlin', '2026-07-15T10:00:00Z'],
    ['2026-07-15 12:00', 'America/New_York', '2026-07-15T16:00:00Z'],
    ['2026-07-15 12:00', 'Asia/Kolkata', '2026-07-15T06:30:00Z'],
    ['2026-07-15 12:00', 'Pacific/Apia', '2026-07-14T23:00:00Z'],
    ['2026-07-15 12:00', 'UTC', '2026-07-15T12:00:00Z'],
    // The hour that a clock change skips is the same stretch later; of the one that comes twice the first counts.
    ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['2026-03-29 03:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
  ])('%s in %s is %s', (local, zone, utc) => {
    expect(new Date(inZone(local, zone)).toISOString()).toBe(utc.replace('Z', '.000Z'));
  });

  test('a moment that is none is refused', () => {
    for (const text of ['2026-02-30 10:00', '2026-12-24', '2026-12-24 25:00', 'soon'])
      expect(LocalMoment.safeParse(text).success).toBe(false);
    expect(LocalMoment.safeParse('2026-12-24 18:00').success).toBe(true);
  });
});

describe('a weekly window', () => {
  const night = window({ days: ['fri'], from: '22:00', to: '04:00', zone: 'Europe/Berlin' });

  test('goes over midnight, and belongs to the day on which it begins', () => {
    expect(isOpen([night], at('2026-11-20T20:59:59Z'))).toBe(false);
    expect(isOpen([night], at('2026-11-20T21:00:00Z'))).toBe(true);
    expect(isOpen([night], at('2026-11-21T02:59:59Z'))).toBe(true);
    expect(isOpen([night], at('2026-11-21T03:00:00Z'))).toBe(false);
    expect(isOpen([night], at('2026-11-21T21:30:00Z'))).toBe(false);
  });

  test('opens next within a week; of several the first', () => {
    expect(nextOpening([night], at('2026-11-20T21:00:00Z'))).toBe(at('2026-11-27T21:00:00Z'));
    const noon = window({ days: ['tue'], from: '12:00', to: '13:00' });
    expect(nextOpening([night, noon], at('2026-11-22T10:00:00Z'))).toBe(at('2026-11-24T12:00:00Z'));
  });

  test('keeps its local hours when the clocks change', () => {
    const morning = window({ from: '08:00', to: '09:00', zone: 'Europe/Berlin' });
    expect(nextOpening([morning], at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T06:00:00Z'));
    expect(nextOpening([morning], at('2026-03-27T12:00:00Z'))).toBe(at('2026-03-28T07:00:00Z'));
  });

  test('one that ends as it begins is open all day', () => {
    const always = window({ from: '00:00', to: '00:00' });
    expect(isOpen([always], at('2026-11-22T23:59:59Z'))).toBe(true);
  });

  test('reads as people say it', () => {
    expect(windowWords(night)).toBe('fri 22:00 to 04:00 (Europe/Berlin)');
    expect(windowWords(window({ from: '01:00', to: '02:00' }))).toBe('every day 01:00 to 02:00 (UTC)');
  });
});
