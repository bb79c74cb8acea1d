import type { Run } from '../../orchestrator/run';
import { header, type Message, section } from './blocks';
import { code, conversation, escape, join, lines, link, type Mrkdwn, md, user } from './mrkdwn';
import { approvals, isWaitingForApproval, stateOf } from './state';
import { duration, moment } from './times';
import { headingWords } from './wish';

/** Addresses of cards, by run. */
export type Links = ReadonlyMap<string, string>;

/** Runs, one paragraph each; Slack takes 50 blocks, and people read ten. */
export function runList(
  heading: string,
  runs: readonly Run[],
  { links = new Map(), each = brief }: { links?: Links; each?: (run: Run, link?: string) => Mrkdwn } = {},
): Message {
  const shown = runs.slice(0, 20).map((run) => each(run, links.get(run.id)));
  const more = runs.length > shown.length ? [md`… and ${runs.length - shown.length} more.`] : [];
  return {
    text: lines([md`${escape(heading)}.`, ...shown], 3500),
    blocks: [header(heading), ...shown.map(section), ...more.map(section)],
  };
}

export function brief(run: Run, address?: string): Mrkdwn {
  const { requester, channel, at } = run.request;
  const where = channel === '' ? md`` : md` in ${conversation(channel)}`;
  return md`${headline(run, address)}\nRequested by ${user(requester.id)} ${moment(at)}${where}`;
}

/** What came of it, for those who look back. */
export function outcome(run: Run, address?: string): Mrkdwn {
  const { requester, reason } = run.request;
  const yes = approvals(run);
  const { outageSeconds } = run.facts;
  const what = join(
    [
      md`requested by ${user(requester.id)} ${moment(run.request.at)}`,
      yes.length === 0 ? undefined : md`approved by ${join(yes.map(user), ', ')}`,
      run.finishedAt === undefined ? undefined : md`took ${duration(run.finishedAt - run.request.at)}`,
      outageSeconds === undefined ? undefined : md`outage ${duration(outageSeconds * 1000)}`,
    ],
    ' · ',
  );
  const why = reason.trim() === '' ? undefined : md`“${escape(reason.trim().replaceAll(/\s+/g, ' '), 160)}”`;
  return join([headline(run, address), what, why], '\n');
}

function headline(run: Run, address: string | undefined): Mrkdwn {
  const { emoji, word } = stateOf(run);
  const given = isWaitingForApproval(run) ? md` (${approvals(run).length} of ${run.plan?.rule.approvals ?? 0})` : md``;
  const card = address === undefined ? md`` : md` · ${link(address, 'card and thread')}`;
  return md`${escape(emoji)} *${escape(word)}*${given}: ${code(headingWords(run.request), 140)}, run ${code(run.id, 20)}${card}`;
}
