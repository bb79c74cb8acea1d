import { parseArgs } from 'node:util';
import { playChannel, type Seen } from './slack-world';
import { atLeast, atMost, exactly, keep, percentile, report } from './table';

/** Long enough that the first restore still works when the last is requested. */
const timeline = { snapshotSeconds: 300, restoreSeconds: 1800, renameSeconds: 120, deleteSeconds: 300 };
const windowSeconds = 1200;

const words: { [What in keyof Seen]: string } = {
  card: 'request → card',
  asked: 'plan → Approve button',
  decided: 'decision → buttons gone',
  ended: 'end → card says so',
  told: 'end → requester told',
};

/** `npm run bench:slack -- 300`: so many restores in one channel, ending over 20 minutes, under Slack's limits. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
  const count = Number(positionals[0] ?? 300);
  const channel = await playChannel({ count, windowSeconds, timeline });
  const rows: (string | number)[][] = [['seconds until it is seen', 'runs', 'p50', 'p99', 'longest']];
  for (const [what, title] of Object.entries(words) as [keyof Seen, string][]) {
    const times = channel.seen[what];
    rows.push([title, times.length, percentile(times, 0.5), percentile(times, 0.99), percentile(times, 1)]);
  }
  const p99 = (what: keyof Seen) => percentile(channel.seen[what], 0.99);
  const figures = [
    exactly(`${count} in one channel: succeeded`, channel.succeeded, count),
    exactly('under way at once', channel.atOnce, count),
    atMost('first to last end, minutes', channel.endMinutes, 21),
    exactly('calls that Slack refused (429)', channel.refused, 0),
    exactly('ends that the card shows', channel.seen.ended.length, count),
    atMost('end → card says so, p99 s', p99('ended'), 10),
    atMost('end → requester told, p99 s', p99('told'), 10),
    atMost('decision → buttons gone, p99 s', p99('decided'), 10),
    atMost('updates in any minute', channel.updatesAMinute, 50),
    atLeast('between two changes of a card, s', channel.closestChanges, 5),
    exactly('cards behind when all is over', channel.behind, 0),
  ];
  const note = `Simulated, on virtual time: ${channel.posts} messages and ${channel.updates} changes, under one message a second in the channel and 50 changes a minute.`;
  const told = { title: 'slack', rows, note, figures };
  const code = report(told);
  if (values.keep) keep(told);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
