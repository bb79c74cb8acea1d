import type { Database } from '../../orchestrator/ports';
import { quietTime } from '../../orchestrator/windows';

const database = (windows: Partial<Database>) =>
  ({ name: 'orders', backupWindow: undefined, maintenanceWindow: undefined, ...windows }) as Database;
const at = (iso: string) => Date.parse(iso);

test.each([
  ['long before', '2026-11-22T02:30:00Z', false],
  ['20 minutes before', '2026-11-22T02:41:00Z', true],
  ['inside', '2026-11-22T03:15:00Z', true],
  ['after', '2026-11-22T03:31:00Z', false],
])('a backup window of 03:00 to 03:30 keeps renames away: %s', (_, now, isQuiet) => {
  expect(quietTime(database({ backupWindow: '03:00-03:30' }), at(now)) !== undefined).toBe(isQuiet);
});

test.each([
  ['23:45, with the window beyond midnight', '2026-11-22T23:45:00Z', true],
  ['00:10', '2026-11-22T00:10:00Z', true],
  ['00:31', '2026-11-22T00:31:00Z', false],
])('a window may span midnight: %s', (_, now, isQuiet) => {
  expect(quietTime(database({ backupWindow: '23:55-00:30' }), at(now)) !== undefined).toBe(isQuiet);
});

test.each([
  ['on its day', '2026-11-23T05:10:00Z', true],
  ['on another day', '2026-11-24T05:10:00Z', false],
  ['saturday night before a window that opens on sunday', '2026-11-21T23:50:00Z', false],
])('a maintenance window counts once a week: %s', (_, now, isQuiet) => {
  expect(quietTime(database({ maintenanceWindow: 'mon:05:00-mon:05:30' }), at(now)) !== undefined).toBe(isQuiet);
});

test('the reason names the database and the window', () => {
  expect(quietTime(database({ backupWindow: '03:00-03:30' }), at('2026-11-22T03:00:00Z'))).toBe(
    'Waiting until the backup window of orders (03:00-03:30 UTC) is over',
  );
});
