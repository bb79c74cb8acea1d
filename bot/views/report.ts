import type { Comparison } from '../../orchestrator/run';
import { escape, join, lines, type Mrkdwn, md, sentence } from './mrkdwn';
import { s } from './plan';

type Verdict = Comparison['verdict'];

/** In the order in which people want to hear of them. */
const verdicts = ['equal', 'on-purpose', 'impossible', 'different'] as const satisfies readonly Verdict[];
/** What is said of so many settings. */
const words: Record<Verdict, (count: number) => Mrkdwn> = {
  equal: (count) => md`${count} setting${s(count)} identical`,
  'on-purpose': (count) => md`${count} changed on purpose`,
  impossible: (count) => md`${count} cannot be restored`,
  different: (count) => (count === 1 ? md`1 differs` : md`${count} differ`),
};

/** “41 settings identical, 2 changed on purpose, 1 cannot be restored: Database activity stream” */
export function reportCounts(report: readonly Comparison[]): Mrkdwn {
  const counted = verdicts.map((verdict) => ({ verdict, rows: report.filter((row) => row.verdict === verdict) }));
  return join(
    counted
      .filter(({ verdict, rows }) => verdict === 'equal' || rows.length > 0)
      .map(({ verdict, rows }) =>
        verdict === 'impossible' || verdict === 'different'
          ? md`${words[verdict](rows.length)}: ${titles(rows)}`
          : words[verdict](rows.length),
      ),
    ', ',
  );
}

const shown = 8;

function titles(rows: readonly Comparison[]): Mrkdwn {
  const named = rows.slice(0, shown).map(({ title }) => escape(title, 80));
  return join([...named, rows.length > shown ? md`${rows.length - shown} more` : undefined], ', ');
}

/** Every setting that is not equal, with what was wanted, what is, and why. */
export function reportLines(report: readonly Comparison[]): Mrkdwn {
  const worstFirst = verdicts.toReversed().filter((verdict) => verdict !== 'equal');
  const rows = worstFirst.flatMap((verdict) => report.filter((row) => row.verdict === verdict).map(row));
  return lines([md`*Compared:* ${reportCounts(report)}.`, ...rows]);
}

/** What is said of one setting. */
const each: Record<Verdict, string> = {
  equal: 'is identical',
  'on-purpose': 'changed on purpose',
  impossible: 'cannot be restored',
  different: 'differs',
};

function row({ title, verdict, wanted, actual, why }: Comparison): Mrkdwn {
  const reason = why === undefined ? md`` : md`; ${sentence(why, 250)}`;
  return md`• *${escape(title, 80)}* ${escape(each[verdict])}: was ${value(wanted)}, is ${value(actual)}${reason}`;
}

function value(setting: unknown): Mrkdwn {
  const isNothing = setting === null || setting === undefined || (Array.isArray(setting) && setting.length === 0);
  if (isNothing) return md`none`;
  return md`\`${escape(typeof setting === 'string' ? setting : JSON.stringify(setting), 80)}\``;
}
