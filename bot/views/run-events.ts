import type { AuditEvent } from '../../orchestrator/audit-event';
import type { Run } from '../../orchestrator/run';
import type { House } from '../house';
import { header, type Message, section, sections } from './blocks';
import { code, conversation, escape, join, lines, type Mrkdwn, md, sentence, user } from './mrkdwn';
import { stateOf } from './state';
import { moment } from './times';
import { headingWords } from './wish';

/** Who did what in a run, and when, oldest first: its audit trail, with the refusals beside it. */
export function runEvents(run: Run, refusals: readonly AuditEvent[], house: House): Message {
  const happened = [...(run.audit ?? []), ...refusals]
    .toSorted((one, other) => one.at - other.at)
    .map((event) => md`• ${moment(event.at)}  ${words(event, run, house)}`);
  const title = `Run ${run.id}: ${headingWords(run.request)}`;
  const now = md`Now: *${escape(stateOf(run).word)}*.`;
  const none = md`Its record has no trail: it is older than trails are.`;
  return {
    text: lines([escape(`${title}.`), ...happened, now], 3500),
    blocks: [header(title), ...sections(happened.length > 0 ? fitting(happened) : [none]), section(now)],
  };
}

/** Slack takes about 13,000 characters in all blocks of a message. */
const mostText = 11_000;
const beginning = 5;

/** The beginning and the end of a story that is too long for one message. */
function fitting(all: readonly Mrkdwn[]): Mrkdwn[] {
  let left = mostText - all.slice(0, beginning).join('').length;
  const fits = all
    .slice(beginning)
    .toReversed()
    .findIndex((line) => {
      left -= line.length + 1;
      return left < 0;
    });
  if (fits < 0) return [...all];
  const omitted = all.length - beginning - fits;
  const between = md`• … ${omitted} more, which the export of the audit has …`;
  return [...all.slice(0, beginning), between, ...all.slice(all.length - fits)];
}

/** “until” and a moment, which the record has as one of ISO 8601. */
function until(detail = ''): Mrkdwn {
  const at = Date.parse(detail.replace(/^until /, ''));
  return Number.isNaN(at) ? md`` : md` until ${moment(at)}`;
}

function words(event: AuditEvent, run: Run, house: House): Mrkdwn {
  const { what, by, from, planHash, step, detail } = event;
  const who = by === undefined ? md`Trapheus` : user(by);
  const why = detail === undefined || detail === '' ? md`` : md`: “${escape(detail, 300)}”`;
  const where = from === undefined || from === run.request.channel ? md`` : md` in ${conversation(from)}`;
  const isOld = planHash !== undefined && planHash !== run.planHash;
  const old = isOld ? md` (an earlier plan, so it does not count any more)` : md``;
  const as = (event.as ?? []).length > 0 ? md`, as one of ${join((event.as ?? []).map(user), ', ')}` : md``;
  const resources = swapped(event);
  switch (what) {
    case 'requested':
      return md`${who} requested it${where}: “${escape(run.request.reason, 300)}”`;
    case 'planned':
      return md`the plan was made${hash(planHash)}`;
    case 'plan-changed':
      return md`the plan changed${hash(planHash)}${why}`;
    case 'approved':
      return md`${who} approved it${as}${where}${old}`;
    case 'denied':
      return md`${who} denied it${as}${where}${why}${old}`;
    case 'swap-now':
      return md`${who} said “Swap now”${as}${where}`;
    case 'started-early':
      return md`${who} had it start before its time`;
    case 'glass-broken':
      return md`${who} *broke the glass*${as}${where}${why}`;
    case 'reminded':
      return md`those who had not decided were reminded`;
    case 'step-done':
      return md`done: ${escape(titleOf(step, run, house), 80)}${detail ? md` (${sentence(detail, 200)})` : md``}`;
    case 'step-undone':
      return md`taken back: ${escape(house.stages.find(({ id }) => id === step)?.undo?.title ?? 'what it had made', 80)}`;
    case 'stopped':
      return md`it was stopped (${escape(step ?? '', 20)})${detail ? md`: ${sentence(detail, 400)}` : md``}`;
    case 'finished':
      return md`proven${resources}`;
    case 'kept-longer':
      return md`${who} kept it longer${until(detail)}`;
    case 'released':
      return md`${who} let go of what was kept`;
    case 'needs-help':
      return md`a person was needed${detail ? md`: ${sentence(detail, 400)}` : md``}`;
    case 'lock-released':
      return md`${who} released the lock`;
    case 'closed':
      return md`closed: ${escape(detail ?? '', 40)}`;
    case 'refused':
      return md`${who} was refused${where} (${escape(detail ?? '', 80)})`;
    case 'frozen':
    case 'unfrozen':
      return md`${who}: ${escape(what)}${why}`;
  }
}

const hash = (planHash: string | undefined): Mrkdwn => md` (${code((planHash ?? '').slice(0, 8))})`;

function swapped({ before, after }: AuditEvent): Mrkdwn {
  if (before === undefined || after === undefined) return md``;
  return md`: ${code(after)} answers instead of ${code(before)}`;
}

function titleOf(step: string | undefined, run: Run, { stages }: House): string {
  const stage = stages.find(({ id }) => id === step);
  return stage?.titles?.[run.request.target.kind] ?? stage?.title ?? step ?? '';
}
