import type { Database } from './ports';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minutesOfDay = 24 * 60;
/** A rename that starts this long before a window may still be under way when it opens. */
const marginMinutes = 20;

/**
 * Why nothing should be renamed now: a backup or maintenance window is open or opens within 20 minutes.
 * Windows are UTC: `hh:mm-hh:mm` every day, `ddd:hh:mm-ddd:hh:mm` every week (RDS: PreferredBackupWindow, PreferredMaintenanceWindow).
 */
export function quietTime(database: Database, now: number): string | undefined {
  const date = new Date(now);
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  const weekMinute = date.getUTCDay() * minutesOfDay + minute;
  if (isNear(database.backupWindow, minute, minutesOfDay))
    return `Waiting until the backup window of ${database.name} (${database.backupWindow} UTC) is over`;
  if (isNear(database.maintenanceWindow, weekMinute, 7 * minutesOfDay))
    return `Waiting until the maintenance window of ${database.name} (${database.maintenanceWindow} UTC) is over`;
  return undefined;
}

/** Both ends on one circle of `period` minutes. */
function isNear(window: string | undefined, minute: number, period: number): boolean {
  const [from, to] = (window ?? '').split('-').map(minutes);
  if (from === undefined || to === undefined) return false;
  const length = (to - from + period) % period;
  const since = (minute - (from - marginMinutes) + 2 * period) % period;
  return since < length + marginMinutes;
}

function minutes(text: string): number | undefined {
  const match = /^(?:([a-z]{3}):)?(\d\d):(\d\d)$/i.exec(text.trim());
  if (!match) return undefined;
  const day = match[1] ? days.indexOf(match[1].toLowerCase()) : 0;
  return day * minutesOfDay + Number(match[2]) * 60 + Number(match[3]);
}
