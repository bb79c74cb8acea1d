import { zoneOffset } from '../orchestrator/zones';

/** What “18:00” means depends on who says it, when, and of what. */
export interface Sense {
  /** Milliseconds since the epoch. */
  now: number;
  /** An IANA time zone, such as Europe/Berlin. */
  zone: string;
  /** Where a time without a day lies: data comes from the past, a start from the future. */
  toward: 'past' | 'future';
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;
const dayMs = unitMs.d;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** “Tonight” without an hour. */
const tonight = { hour: 22, minute: 0, second: 0 };

/**
 * A moment as people type it: `10 min ago`, `in 2 hours`, `yesterday 18:00`, `friday 6pm`, `22:30`, `2026-11-22 09:30`,
 * `2026-11-22T09:30Z`. Without a zone of its own it is meant in the speaker's.
 * @returns Milliseconds since the epoch; undefined when it is no moment.
 */
export function readMoment(text: string, sense: Sense): number | undefined {
  const typed = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (typed === 'now') return sense.now;
  const at = fromNow(typed, sense.now) ?? onTheClock(typed, sense);
  // “99999999999 days ago” is outside of what a Date can hold.
  return at !== undefined && at > 0 && at < latest ? at : undefined;
}

const latest = Date.UTC(2100, 0);

/** `10 min ago`, `1h30m ago`, `an hour ago`, `in 2 hours`, `+30m`. */
function fromNow(typed: string, now: number): number | undefined {
  const [, forward, span = '', ago] = /^(in |\+ ?)?(.+?)( ago)?$/.exec(typed) ?? [];
  const goesBothWays = (forward === undefined) === (ago === undefined);
  if (goesBothWays) return undefined;
  const ms = readSpan(span);
  if (ms === undefined) return undefined;
  return ago === undefined ? now + ms : now - ms;
}

/** `90m`, `1 h 30 min`, `half an hour`: in milliseconds. */
export function readSpan(text: string): number | undefined {
  const counted = text
    .trim()
    .toLowerCase()
    .replace(/^half an? hour$/, '30 m')
    .replace(/^an? /, '1 ');
  const part = /(\d+(?:\.\d+)?) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])/y;
  let ms = 0;
  let at = 0;
  while (at < counted.length) {
    part.lastIndex = at;
    const [whole, count, unit = ''] = part.exec(counted) ?? [];
    if (whole === undefined) return undefined;
    ms += Number(count) * unitMs[unit.charAt(0) as keyof typeof unitMs];
    at = part.lastIndex + (/^(?: and)? ?/.exec(counted.slice(part.lastIndex))?.[0].length ?? 0);
  }
  return ms > 0 ? Math.round(ms) : undefined;
}

interface ClockTime {
  hour: number;
  minute: number;
  second: number;
}

/** A time of day, with or without a day before or behind it. */
function onTheClock(typed: string, { now, zone, toward }: Sense): number | undefined {
  const { rest, offsetMs } = splitZone(typed);
  const found = splitClock(rest);
  if (found === undefined) return undefined;
  const { clock, day } = found;
  const offset = (at: number) => offsetMs ?? zoneOffset(at, zone);
  const today = Math.floor((now + offset(now)) / dayMs) * dayMs;
  const at = (date: number): number => {
    const wanted = date + clock.hour * unitMs.h + clock.minute * unitMs.m + clock.second * 1000;
    // The offset at that moment, which is not today's when the clocks change in between.
    return wanted - offset(wanted - offset(wanted));
  };
  if (day === '') {
    const here = at(today);
    if (toward === 'past') return here > now ? at(today - dayMs) : here;
    return here < now ? at(today + dayMs) : here;
  }
  const date = readDate(day) ?? namedDay(day, today, toward, (date) => at(date) > now);
  return date === undefined ? undefined : at(date);
}

/** A zone at the end: `Z`, `UTC`, `GMT`, `+02:00`. */
function splitZone(typed: string): { rest: string; offsetMs?: number } {
  const [whole, utc, sign, hours, minutes] =
    /(?<=\d|am|pm|noon|midnight) ?(?:(z|utc|gmt)|([+-])(\d{2}):?(\d{2}))$/.exec(typed) ?? [];
  // The day of a date is no offset: there is a time before one.
  const isOffset = utc !== undefined || (sign !== undefined && /:\d{2}/.test(typed.slice(0, -(whole?.length ?? 0))));
  if (whole === undefined || !isOffset) return { rest: typed };
  const ms = Number(hours ?? 0) * unitMs.h + Number(minutes ?? 0) * unitMs.m;
  return { rest: typed.slice(0, -whole.length).trim(), offsetMs: sign === '-' ? -ms : ms };
}

const clockPattern = String.raw`(?:(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)? ?(am|pm)?|(noon|midnight))`;
const clockLast = new RegExp(`^(?:(.*?)(?:(?<=\\d)t|,? (?:at )?|^at ))?${clockPattern}$`);
const clockFirst = new RegExp(`^${clockPattern},? (?:on )?(.+)$`);

function splitClock(typed: string): { clock: ClockTime; day: string } | undefined {
  if (typed === 'tonight') return { clock: tonight, day: 'today' };
  const last = clockLast.exec(typed);
  const clock = last && readClock(last.slice(2));
  if (clock) return { clock, day: last[1] ?? '' };
  const first = clockFirst.exec(typed);
  const early = first && readClock(first.slice(1));
  return early ? { clock: early, day: first[6] ?? '' } : undefined;
}

/** A bare number is no time: `18` could be anything. */
function readClock([hours, minutes, seconds, half, word]: (string | undefined)[]): ClockTime | undefined {
  if (word !== undefined) return { hour: word === 'noon' ? 12 : 0, minute: 0, second: 0 };
  if (hours === undefined || (minutes === undefined && half === undefined)) return undefined;
  const [said, minute, second] = [Number(hours), Number(minutes ?? 0), Number(seconds ?? 0)];
  const isHalfDay = half !== undefined;
  const hour = isHalfDay ? (said % 12) + (half === 'pm' ? 12 : 0) : said;
  const isReal = minute < 60 && second < 60 && (isHalfDay ? said >= 1 && said <= 12 : said < 24);
  return isReal ? { hour, minute, second } : undefined;
}

/** `2026-11-22`: its midnight as if it were UTC. */
function readDate(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = Date.parse(`${day}T00:00:00Z`);
  // 30 February is read as 2 March by some and refused by others.
  return !Number.isNaN(date) && new Date(date).toISOString().startsWith(day) ? date : undefined;
}

function namedDay(
  day: string,
  today: number,
  toward: Sense['toward'],
  isAhead: (date: number) => boolean,
): number | undefined {
  if (day === 'today' || day === 'tonight') return today;
  if (day === 'yesterday' || day === 'last night') return today - dayMs;
  if (day === 'tomorrow') return today + dayMs;
  const [, which, name = ''] = /^(last |next |on )?([a-z]{3,9})$/.exec(day) ?? [];
  const weekday = weekdays.findIndex((one) => one.startsWith(name));
  if (name === '' || weekday < 0) return undefined;
  const goesBack = which === 'last ' || (which !== 'next ' && toward === 'past');
  const distance = (weekday - new Date(today).getUTCDay() + 7) % 7;
  const near = today + (goesBack && distance > 0 ? distance - 7 : distance) * dayMs;
  // Today's own name: the hour says whether it is this week's.
  const isWrongSide = distance === 0 && (which === 'last ' || which === 'next ' || isAhead(near) === goesBack);
  if (!isWrongSide) return near;
  return goesBack ? near - 7 * dayMs : near + 7 * dayMs;
}
