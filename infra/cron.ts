/** The six fields of a schedule (EventBridge Scheduler: "Cron-based schedules"), and what a number in each may be. */
const fields = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31, mayBeAny: true, special: /^(L|LW|\d{1,2}W)$/ },
  { name: 'month', from: 1, to: 12, words: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC' },
  {
    name: 'day of week',
    from: 1,
    to: 7,
    words: 'SUN MON TUE WED THU FRI SAT',
    mayBeAny: true,
    special: /^(L|[1-7]L|[1-7]#[1-5])$/,
  },
  { name: 'year', from: 1970, to: 2199 },
] as const;

/** What is wrong with a schedule's six fields; undefined: nothing. */
export function mistakeInCron(cron: string): string | undefined {
  const parts = cron.split(' ');
  if (parts.length !== fields.length || cron.includes('('))
    return 'six fields as EventBridge Scheduler has them, without cron( ), such as 0 3 * * ? *';
  const wrong = fields.find((field, index) => !fits(field, parts[index] ?? ''));
  if (wrong) return `a field is not one of EventBridge Scheduler’s: ${wrong.name}`;
  const days = [parts[2], parts[4]].filter((part) => part === '?').length;
  return days === 1 ? undefined : 'exactly one of day of month and day of week has to be ?';
}

function fits(field: (typeof fields)[number], part: string): boolean {
  if (part === '*') return true;
  if (part === '?') return 'mayBeAny' in field;
  return part.split(',').every((one) => {
    if ('special' in field && field.special.test(one)) return true;
    const [range = '', every, ...more] = one.split('/');
    const ends = range === '*' ? [] : range.split('-');
    return (
      more.length === 0 &&
      (every === undefined || /^[1-9]\d*$/.test(every)) &&
      ends.length <= 2 &&
      ends.every((end) => isIn(field, end))
    );
  });
}

function isIn(field: (typeof fields)[number], end: string): boolean {
  if ('words' in field && field.words.split(' ').includes(end.toUpperCase())) return true;
  return /^\d+$/.test(end) && Number(end) >= field.from && Number(end) <= field.to;
}
