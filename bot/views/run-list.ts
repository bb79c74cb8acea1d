import type { Run } from '../../orchestrator/run';
import { header, type Message, section } from './blocks';
import { code, conversation, escape, lines, type Mrkdwn, md, user } from './mrkdwn';
import { approvals, isWaitingForApproval, stateOf } from './state';
import { moment } from './times';
import { headingWords } from './wish';

/** Runs, one paragraph each; Slack takes 50 blocks, and people read ten. */
export function runList(heading: string, runs: readonly Run[]): Message {
  const shown = runs.slice(0, 20);
  const more = runs.length > shown.length ? [md`… and ${runs.length - shown.length} more.`] : [];
  return {
    text: lines([md`${escape(heading)}.`, ...shown.map(brief)], 3500),
    blocks: [header(heading), ...shown.map(brief).map(section), ...more.map(section)],
  };
}

export function brief(run: Run): Mrkdwn {
  const { emoji, word } = stateOf(run);
  const given = isWaitingForApproval(run) ? md` (${approvals(run).length} of ${run.plan?.rule.approvals ?? 0})` : md``;
  const { requester, channel, at } = run.request;
  return md`${escape(emoji)} *${escape(word)}*${given}: ${code(headingWords(run.request), 140)}, run ${code(run.id, 20)}\nRequested by ${user(requester.id)} ${moment(at)}${channel === '' ? md`` : md` in ${conversation(channel)}`}`;
}
