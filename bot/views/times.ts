import { utc } from '../../orchestrator/zones';
import { type Mrkdwn, md } from './mrkdwn';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `22 Nov 2026, 10:30 (Europe/Berlin)`: a moment where Slack puts no dates in, in somebody's time zone. */
export function inZone(at: number, zone: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }).format(
    at,
  );
  return `${words} (${zone})`;
}

/** A moment in the reader's own time zone. Slack: Formatting text, “Date formatting”. */
export function moment(at: number): Mrkdwn {
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} at {time}|${utc(at)}>` as Mrkdwn;
}

/** `12s`, `3m 12s`, `2h 5m` */
export function duration(ms: number): Mrkdwn {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return md`${seconds}s`;
  if (minutes < 60) return seconds % 60 === 0 ? md`${minutes}m` : md`${minutes}m ${seconds % 60}s`;
  return minutes % 60 === 0 ? md`${Math.floor(minutes / 60)}h` : md`${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** `25 min`, `3 h`, `12 days`: how old something is, in one unit. */
export function age(ms: number): string {
  if (ms < hourMs) return `${Math.max(0, Math.floor(ms / minuteMs))} min`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} days`;
}
