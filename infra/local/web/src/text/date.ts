/** Slack's date tokens (Slack: Formatting text, Date formatting). Days count in the reader's own time zone. */
const forms = {
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  date_short: { day: 'numeric', month: 'short', year: 'numeric' },
  date_long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const pretty = { date_pretty: 'date', date_short_pretty: 'date_short', date_long_pretty: 'date_long' } as const;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, form: keyof typeof forms): string {
  const formatter = formatters.get(form) ?? new Intl.DateTimeFormat('en-GB', forms[form]);
  formatters.set(form, formatter);
  return formatter.format(ms);
}

const dayOf = (ms: number): string => new Date(ms).toDateString();
const dayMs = 86_400_000;

/** `today`: any moment of the reader's day, in milliseconds. */
export function formatDate(seconds: number, format: string, today: number): string {
  const ms = seconds * 1000;
  return format.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'date_num') return new Date(ms).toISOString().slice(0, 10);
    if (name in forms) return formatted(ms, name as keyof typeof forms);
    if (name in pretty) return nearDay(ms, today) ?? formatted(ms, pretty[name as keyof typeof pretty]);
    return whole;
  });
}

function nearDay(ms: number, today: number): string | undefined {
  if (dayOf(ms) === dayOf(today)) return 'today';
  if (dayOf(ms) === dayOf(today - dayMs)) return 'yesterday';
  if (dayOf(ms) === dayOf(today + dayMs)) return 'tomorrow';
  return undefined;
}

export const clockTime = (ms: number): string => formatted(ms, 'time');
export const clockSeconds = (ms: number): string => formatted(ms, 'time_secs');
export const longDate = (ms: number): string => formatted(ms, 'date_long');
export const shortDate = (ms: number): string => formatted(ms, 'date_short');

export function dayTitle(ms: number, today: number): string {
  const near = nearDay(ms, today);
  return near === undefined ? longDate(ms) : near.charAt(0).toUpperCase() + near.slice(1);
}

/** 1 h 02 m, 3 m 05 s, 4 s. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} m`;
  if (minutes > 0) return `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${seconds} s`;
}
