import type { Comparison } from '../../orchestrator/run';
import { escape, join, lines, type Mrkdwn, md, sentence } from './mrkdwn';

const verdicts = ['equal', 'on-purpose', 'different', 'impossible'] as const;
const words = {
  equal: 'equal',
  'on-purpose': 'different on purpose',
  different: 'different',
  impossible: 'not possible to carry over',
} as const;

/** “118 equal, 2 different on purpose” */
export function reportCounts(report: readonly Comparison[]): Mrkdwn {
  const counted = verdicts.map((verdict) => ({
    verdict,
    count: report.filter((row) => row.verdict === verdict).length,
  }));
  return join(
    counted
      .filter(({ verdict, count }) => verdict === 'equal' || count > 0)
      .map(({ verdict, count }) => md`${count} ${escape(words[verdict])}`),
    ', ',
  );
}

/** Every setting that is not equal, with what was wanted, what is, and why. */
export function reportLines(report: readonly Comparison[]): Mrkdwn {
  const worstFirst = [...verdicts].reverse().filter((verdict) => verdict !== 'equal');
  const rows = worstFirst.flatMap((verdict) => report.filter((row) => row.verdict === verdict).map(row));
  return lines([md`*Settings compared:* ${reportCounts(report)}.`, ...rows]);
}

function row({ title, verdict, wanted, actual, why }: Comparison): Mrkdwn {
  const reason = why === undefined ? md`` : md`. ${sentence(why, 250)}`;
  return md`• *${escape(title, 80)}*, ${escape(verdict === 'equal' ? 'equal' : words[verdict])}: original ${value(wanted)}, now ${value(actual)}${reason}`;
}

function value(setting: unknown): Mrkdwn {
  return md`\`${escape(typeof setting === 'string' ? setting : JSON.stringify(setting), 80)}\``;
}
