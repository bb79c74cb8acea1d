import { channels, users } from '../slack/people';

/** How a terminal shows what Slack shows. */
export interface Style {
  bold: (text: string) => string;
  dim: (text: string) => string;
}

export const plain: Style = { bold: (text) => text, dim: (text) => text };
export const ansi: Style = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
};

const signs: Record<string, string> = {
  white_check_mark: '✓',
  hourglass_flowing_sand: '…',
  raised_hand: '?',
  white_circle: '·',
  heavy_minus_sign: '-',
  x: '✗',
  no_entry: '✗',
  alarm_clock: '✗',
  leftwards_arrow_with_hook: '↩',
  rotating_light: '!',
  warning: '!',
  arrows_counterclockwise: '↻',
};

/** Slack's mrkdwn as plain text (Slack: Formatting text for app surfaces). */
export function asWords(mrkdwn: string): string {
  return mrkdwn
    .replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, (_, words: string) => words)
    .replaceAll(/<@(\w+)>/g, (_, id: string) => firstName(id))
    .replaceAll(/<#(\w+)>/g, (_, id: string) => `#${channels.find((channel) => channel.id === id)?.name ?? id}`)
    .replaceAll(/:(\w+):/g, (all, name: string) => signs[name] ?? all)
    .replaceAll(/(^|[\s(“])\*([^*\n]+)\*/gm, '$1$2')
    .replaceAll('`', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

export function firstName(id: string): string {
  const person = users.find((user) => user.id === id || user.name === id);
  return person?.realName.split(' ')[0] ?? id;
}

/** Columns as wide as their widest cell, two blanks apart. */
export function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
