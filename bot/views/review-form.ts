import type { KnownBlock, ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { Reviewed } from '../../orchestrator/door/check';
import type { Expected } from '../../orchestrator/history';
import type { Database } from '../../orchestrator/ports';
import { quietTime } from '../../orchestrator/windows';
import { isSetAsideFirst, Source, subjectOf, Target, takesName } from '../../orchestrator/wish';
import { alert } from './alert';
import { context, plainText, section, title } from './blocks';
import { clamp, code, conversation, escape, join, lines, type Mrkdwn, md, quote, sentence } from './mrkdwn';
import { lastTimes, range } from './plan';
import { ruleWords } from './rule-words';
import { age, moment } from './times';
import { runWords, sourceWords, targetWords } from './wish';

export const reviewFormId = 'review-form';

/** What the page asks for. It comes back through Slack, and everything in it is checked again. */
const Asked = z.object({
  database: z.string(),
  source: Source,
  target: Target,
  acceptsOtherVersion: z.optional(z.boolean()),
  startAt: z.optional(z.number()),
  reason: z.string(),
  channel: z.string(),
});
export type Asked = z.infer<typeof Asked>;

/** @throws when the page is not ours. */
export function readAsked(value: string): Asked {
  return Asked.parse(JSON.parse(value));
}

export interface Review {
  asked: Asked;
  reviewed: Omit<Reviewed, 'ok'>;
  /** What the database's own finished runs took, in seconds. */
  history: { durationSeconds?: Expected; outageSeconds?: Expected };
  /** What people call production is replaced. */
  isProduction: boolean;
  now: number;
}

/** A snapshot that is older than this is worth a second thought. */
const oldMs = 7 * 86_400_000;

/** The last page before anything is sent: what is known so far, and what speaks against it. */
export function reviewForm(review: Review): ModalView {
  const { asked, isProduction } = review;
  const replaces = takesName(asked.target.kind);
  const submit = replaces && isProduction ? 'Replace production' : replaces ? 'Request to replace' : 'Request';
  const blocks: KnownBlock[] = [
    ...(replaces ? [danger(review)] : []),
    section(md`*${runWords(asked)}*`),
    section(lines(whatWillBe(review))),
    section(md`*Reason*\n${quote(asked.reason, 1200)}`),
    section(lines([md`*Who decides*`, ...whoDecides(review).map((line) => md`• ${line}`)])),
    ...warnings(review),
    context(
      md`This is what is known so far. The full plan is made next and appears on the card in ${conversation(review.reviewed.rule.route ?? asked.channel)}; nothing is touched before it is approved.`,
    ),
  ];
  return {
    type: 'modal',
    callback_id: reviewFormId,
    title: title(replaces && isProduction ? 'Replace production?' : 'Review the request'),
    submit: plainText(submit, 24),
    close: plainText('Back'),
    private_metadata: JSON.stringify(asked),
    blocks,
  };
}

function danger({ asked, isProduction, reviewed, now }: Review): KnownBlock {
  const name = code(subjectOf(asked));
  const { source } = asked;
  const since =
    source.kind === 'now' && isSetAsideFirst(source)
      ? md`Every write is kept, and nobody answers under the name while the copy is made.`
      : lostWords(asked, reviewed, now);
  return isProduction
    ? alert('error', md`*This replaces production.* ${name} is what people use now. ${since}`)
    : alert('warning', md`This replaces ${name}. ${since}`);
}

function lostWords({ source, target, database }: Asked, { snapshot }: Review['reviewed'], now: number): Mrkdwn {
  // Another database's data: nothing of its own stays, whenever it was written.
  if (target.kind === 'onto')
    return md`Nothing that is in it now will be in it: it gets the data of ${code(database)}.`;
  const at = source.kind === 'time' ? source.at : snapshot?.createdAt;
  if (source.kind === 'clone') return md`Writes after the clone is made will not be in it.`;
  if (at === undefined) return md`Writes after the fresh snapshot will not be in it.`;
  return md`Everything that was written since ${moment(at)} (${escape(age(now - at))} ago) will not be in it.`;
}

function whatWillBe({ asked, reviewed, history, now }: Review): Mrkdwn[] {
  const { holder, from } = reviewed;
  const { target, startAt } = asked;
  const shownFrom = from ?? (target.kind === 'onto' ? undefined : holder);
  return [
    md`• *Data of* ${databaseWords(asked.database, shownFrom)}`,
    md`• *Data from* ${source(asked, reviewed, now)}`,
    ...(target.kind === 'onto' ? [md`• *Onto* ${databaseWords(target.name, holder)}: it keeps its settings`] : []),
    md`• *Target* ${targetWords({ ...asked, target: reviewed.wish.target })}`,
    md`• *Starts* ${startAt === undefined ? md`as soon as it is approved` : md`${moment(startAt)}, once it is approved`}`,
    ...took(history, target.kind),
  ];
}

function databaseWords(name: string, database: Database | undefined): Mrkdwn {
  if (database === undefined) return md`${code(name)}, which is gone`;
  const { engine, version, class: size, status } = database;
  return md`${code(name)}: ${join([md`${escape(engine, 40)} ${escape(version, 40)}`, escape(size, 40), escape(status, 40)], ' · ')}`;
}

function source({ source: wanted }: Asked, { snapshot }: Review['reviewed'], now: number): Mrkdwn {
  if (snapshot === undefined) return sourceWords(wanted);
  const { id, createdAt, sizeGib, engine, version, encrypted } = snapshot;
  const taken =
    createdAt === undefined ? md`time unknown` : md`taken ${moment(createdAt)}, ${escape(age(now - createdAt))} ago`;
  const newest = wanted.kind === 'newest' ? md`the newest, ` : md``;
  const about = [
    md`${sizeGib} GiB`,
    md`${escape(engine, 40)} ${escape(version, 40)}`,
    escape(encrypted ? 'encrypted' : 'not encrypted'),
  ];
  return md`${newest}${code(id, 260)}, ${taken} · ${join(about, ' · ')}`;
}

function took({ durationSeconds, outageSeconds }: Review['history'], kind: Target['kind']): Mrkdwn[] {
  const outage = takesName(kind)
    ? outageSeconds === undefined
      ? md`• *Outage* two renames, 2 to 20 minutes; there is no history yet`
      : md`• *Outage* ${range(outageSeconds)} the ${lastTimes(outageSeconds.runs)}`
    : undefined;
  const whole = durationSeconds && md`• *Takes* ${range(durationSeconds)}, the ${lastTimes(durationSeconds.runs)}`;
  return [whole, outage].filter((line) => line !== undefined);
}

/** The rule in words, without what everybody who came this far knows: that he may ask, and where. */
function whoDecides({ reviewed: { rule }, asked }: Review): Mrkdwn[] {
  const name = md`Rule “${escape(rule.name, 80)}” applies.`;
  if (asked.target.kind === 'none') return [name, md`A snapshot needs no approval.`];
  return [name, ...ruleWords(rule).slice(2)];
}

function warnings({ asked, reviewed, now }: Review): KnownBlock[] {
  const { holder, snapshot } = reviewed;
  const replaced = takesName(asked.target.kind) ? holder : undefined;
  const { createdAt } = snapshot ?? {};
  const found: (Mrkdwn | undefined)[] = [
    replaced && replaced.replicas.length > 0
      ? md`Its read replicas (${names(replaced.replicas)}) follow the old database and have to be made again.`
      : undefined,
    replaced && replaced.pending.length > 0
      ? md`It has modifications waiting (${names(replaced.pending)}), which a rename would apply.`
      : undefined,
    replaced && sentenceOf(quietTime(replaced, asked.startAt ?? now)),
    createdAt !== undefined && now - createdAt > oldMs
      ? md`The snapshot is ${escape(age(now - createdAt))} old.`
      : undefined,
    asked.startAt !== undefined && asked.source.kind === 'newest'
      ? md`It waits for its time, and the newest snapshot is chosen now, not then.`
      : undefined,
  ];
  const said = found.filter((one) => one !== undefined);
  return said.length === 0 ? [] : [section(lines([md`*Warnings*`, ...said.map((one) => md`:warning: ${one}`)]))];
}

const sentenceOf = (text: string | undefined): Mrkdwn | undefined =>
  text === undefined ? undefined : md`${sentence(text, 300)}.`;

const names = (all: readonly string[]): Mrkdwn => escape(clamp(all.join(', '), 300));
