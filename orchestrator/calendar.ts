import * as z from 'zod/mini';
import { isZone, zoneOffset } from './zones';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** An IANA name such as `Europe/Berlin`; what the runtime does not know is a mistake. */
export const Zone = z._default(z.string().check(z.refine(isZone, 'an IANA time zone such as Europe/Berlin')), 'UTC');

const TimeOfDay = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 22:00'));

/** When something may happen, week after week, in local time; one that ends before it begins goes over midnight. */
export const WeeklyWindow = z.strictObject({
  days: z._default(z.array(z.enum(days)).check(z.minLength(1)), [...days]),
  from: TimeOfDay,
  to: TimeOfDay,
  zone: Zone,
});
export type WeeklyWindow = z.infer<typeof WeeklyWindow>;

/** `2026-12-24 18:00`, in some zone's local time. */
export const LocalMoment = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d$/, 'a moment such as 2026-12-24 18:00'),
  z.refine((text) => {
    const at = Date.parse(`${text.replace(' ', 'T')}Z`);
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.replace(' ', 'T'));
  }, 'there is no such moment'),
);

/** Whether one of the windows is open. */
export function isOpen(windows: readonly WeeklyWindow[], now: number): boolean {
  return occurrences(windows, now).some(({ from, to }) => from <= now && now < to);
}

/** When the next window opens, in milliseconds since the epoch. */
export function nextOpening(windows: readonly WeeklyWindow[], now: number): number | undefined {
  const ahead = occurrences(windows, now).flatMap(({ from }) => (from > now ? [from] : []));
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

/** `mon, tue 22:00 to 04:00 (Europe/Berlin)` */
export function windowWords({ days: on, from, to, zone }: WeeklyWindow): string {
  const which = on.length === days.length ? 'every day' : on.join(', ');
  return `${which} ${from} to ${to} (${zone})`;
}

/**
 * A zone's local time as milliseconds since the epoch. An hour that a clock change skips is the same stretch later; of
 * one that comes twice, the first counts.
 */
export function inZone(local: string, zone: string): number {
  const wanted = Date.parse(`${local.replace(' ', 'T')}Z`);
  const candidates = [wanted - zoneOffset(wanted - dayMs, zone), wanted - zoneOffset(wanted + dayMs, zone)];
  const exact = candidates.filter((at) => at + zoneOffset(at, zone) === wanted);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** From yesterday's, which may go over midnight, to those of a week from now. */
function occurrences(windows: readonly WeeklyWindow[], now: number): { from: number; to: number }[] {
  return windows.flatMap((window) => {
    const today = Math.floor((now + zoneOffset(now, window.zone)) / dayMs);
    return Array.from({ length: 10 }, (_, index) => today - 1 + index).flatMap((day) => {
      const weekday = days[new Date(day * dayMs).getUTCDay()];
      if (weekday === undefined || !window.days.includes(weekday)) return [];
      const endDay = window.to <= window.from ? day + 1 : day;
      return [{ from: atDay(day, window.from, window.zone), to: atDay(endDay, window.to, window.zone) }];
    });
  });
}

const atDay = (day: number, time: string, zone: string): number =>
  inZone(`${new Date(day * dayMs).toISOString().slice(0, 10)} ${time}`, zone);
