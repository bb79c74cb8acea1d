import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { type Message, section } from '../../../bot/views/blocks';
import { renderCard } from '../../../bot/views/card';
import { confirmForm } from '../../../bot/views/confirm-form';
import { denyForm } from '../../../bot/views/deny-form';
import { directMessage, directs } from '../../../bot/views/direct';
import { freezeForm, unfreezeForm } from '../../../bot/views/freeze-form';
import { glassForm, glassFormId } from '../../../bot/views/glass-form';
import { homeView } from '../../../bot/views/home';
import { escape } from '../../../bot/views/mrkdwn';
import { notice } from '../../../bot/views/notice';
import { problemText } from '../../../bot/views/problem';
import { restoreForm } from '../../../bot/views/restore-form';
import { type Review, reviewForm } from '../../../bot/views/review-form';
import { runEvents } from '../../../bot/views/run-events';
import { runList } from '../../../bot/views/run-list';
import { cancelQuestion, undoQuestion } from '../../../bot/views/run-questions';
import { replies } from '../../../bot/views/thread';
import { validateMessage, validateView } from '../../../infra/local/slack/validate';
import { problem, problemCodes, unmarked } from '../../../orchestrator/errors';
import { type Rule, ruleFor } from '../../../orchestrator/policy';
import type { Run } from '../../../orchestrator/run';
import { type TargetKind, targetKinds, type Wish } from '../../../orchestrator/wish';
import { policy } from '../fakes';
import { everyRun, house, noon, running } from '../runs';

/** What somebody types who wants to be seen by all, or to be taken for another. */
const marks = [
  '<!channel>',
  '<!here|here>',
  '<@UEVIL>',
  '<#CEVIL>',
  '<!subteam^SEVIL>',
  '<https://evil.example|the runbook>',
  '&lt;!everyone&gt;',
  '<!date^0^{date}|now>',
];
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...marks,
        '`',
        '*',
        '_',
        '~',
        '> ',
        '\n',
        '|',
        '&',
        '<',
        '>',
        '\u202e',
        '\u200b',
        '👩‍👩‍👧',
        ':tada:',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const longText = fc
  .tuple(anyText, fc.constantFrom(1, 1, 40, 700))
  .map(([text, times]) => text.repeat(times).slice(0, 6000));
/** Slack takes no empty text, and no database has an empty name. */
const hostile = fc.oneof(fc.constantFrom(...marks), longText).map((text) => `x${text}`);

/** What is ours: enumerations, ids and digests. Everything else came from a person or from a service. */
const ours =
  /^(id|status|kind|step|phase|code|verdict|planHash|settingsDigest|digest|decision|gate|by|team|channel|what|asOf|key|version|execution|steps|approvers|seal|before)$/;
/** Sentences of the domain, into which words are put by the catalogue or by the adapter of RDS. */
const sentences = /^(message|hint|note|undoNote|why|warnings|unsettled|pending|differences)$/;

/** The same run with this text wherever a record holds words of people and of services. */
function poisoned<T>(value: T, text: string, key = ''): T {
  if (ours.test(key)) return value;
  if (typeof value === 'string') return (sentences.test(key) ? unmarked(text) : text) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => poisoned(one, text, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    name === 'requester' ? one : poisoned(one, text, name),
  ]);
  return Object.fromEntries(entries) as T;
}

function aimed(run: Run, kind: TargetKind): Run {
  const target =
    kind === 'new'
      ? { kind, name: run.request.database, keepMs: 3_600_000 }
      : kind === 'onto'
        ? { kind, name: `${run.request.database}-2` }
        : { kind };
  const plan = run.plan && { ...run.plan, target: { ...run.plan.target, kind } };
  return { ...run, request: { ...run.request, target }, ...(plan && { plan }) };
}

const own = [
  /<@U0[A-Z0-9]+>/g,
  /<#C0[A-Z0-9]+>/g,
  /<!subteam\^S0[A-Z0-9]+>/g,
  /<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[0-9: UTC-]+>/g,
  /<https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/[^<>|]+\|Execution>/g,
];

/** What acts as markup and is not ours, in everything that Slack reads as mrkdwn. */
function strange(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(strange);
  if (typeof value !== 'object' || value === null) return [];
  const text = 'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : [];
  return [...text.flatMap(strangeText), ...Object.values(value).flatMap(strange)];
}

function strangeText(text: string): string[] {
  const rest = own.reduce((left, mark) => left.replaceAll(mark, ''), text).replaceAll(/^> /gm, '');
  return /[<>]/.test(rest) ? [rest] : [];
}

const linked = { ...house, stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:Trapheus' };

function expectFit({ text, blocks }: Message): void {
  expect(validateMessage({ text, blocks })).toEqual([]);
  // chat.update refuses a longer text (Slack: chat.update, msg_too_long).
  expect(text.length).toBeLessThanOrEqual(4000);
  expect([...strangeText(text), ...strange(blocks)]).toEqual([]);
}

function expectModal(view: object): void {
  expect(validateView(view)).toEqual([]);
  expect(strange(view)).toEqual([]);
}

const someTexts = [
  ...marks.map((mark) => `x${mark}`),
  'a'.repeat(255),
  '"'.repeat(300),
  '<'.repeat(3000),
  '&'.repeat(3000),
  `<@UEVIL>${'😀'.repeat(2000)}`,
  'x\n'.repeat(2000),
  '`'.repeat(200),
];

describe.each(Object.entries(everyRun))('a run that is %s', (_, run) => {
  test.each(targetKinds.filter((kind) => kind !== 'replace'))('is shown with the target %s', (kind) => {
    const one = aimed(run, kind);
    for (const message of [renderCard(one, linked), ...replies(one, linked)]) expectFit(message);
  });

  test('is shown whatever people and services have written', () => {
    const everything = (text: string): void => {
      const one = poisoned(run, text);
      const messages = [
        renderCard(one, linked),
        ...replies(one, linked),
        runList(text, [one, one]),
        runEvents(one, [{ at: 1, what: 'refused', by: text, detail: text, seal: '' }], linked),
      ];
      for (const message of messages) expectFit(message);
      for (const { id } of directs(one)) expectFit(directMessage(one, id, 'U0BOB', linked));
      for (const question of [cancelQuestion(one, linked), undoQuestion(one, linked)])
        expectModal(confirmForm({ form: 'a-form', value: one.id, ...question }));
    };
    for (const text of someTexts) everything(text);
    fc.assert(fc.property(hostile, everything), { numRuns: 8, seed: 7 });
  });

  test('says its state in a whole sentence', () => {
    for (const { text } of [renderCard(run, linked), ...replies(run, linked)])
      expect(text.split('\n')[0]).toMatch(/[.!?:”>)\]`]$/);
  });
});

test('what is wrong is said without anybody being called who is not meant', () => {
  const source = readFileSync(resolve(__dirname, '../../../orchestrator/errors.ts'), 'utf8');
  const keys = [...new Set([...source.matchAll(/\bv\.(\w+)/g)].map(([, key]) => key ?? ''))];
  const named = ['by', 'groups', 'allowed', 'requester', 'channels', 'breakers'];
  expect(keys).toEqual(expect.arrayContaining(named));
  const values = (text: string) =>
    Object.fromEntries(keys.map((key) => [key, named.includes(key) ? '<@U0BOB>, <!subteam^S0DBA>, <#C0OPS>' : text]));
  for (const code of problemCodes)
    for (const text of someTexts) {
      const said = problemText(problem(code, values(text)), linked);
      expect(said.length).toBeLessThanOrEqual(3000);
      expect(strangeText(said)).toEqual([]);
    }
});

function reviewed(wish: Wish & { reason: string }, isProduction: boolean): Review {
  const rule = ruleFor(policy, 'orders-staging') as Rule;
  const asked = { ...wish, channel: 'C0OPS', acceptsOtherVersion: true, startAt: noon };
  const found = { wish, rule, holder: undefined, from: undefined, snapshot: undefined };
  return { asked, reviewed: found, history: {}, isProduction, now: noon };
}

test('forms and the home tab hold whatever is put into them', () => {
  const runs = Object.values(everyRun);
  const everything = (text: string): void => {
    const filled = { channel: 'C0OPS', database: text, snapshot: text, name: text, reason: text, otherVersion: text };
    for (const target of targetKinds) expectModal(restoreForm({ ...filled, target }));
    expectModal(denyForm('r1:h', 'r1', text.slice(0, 500)));
    expectModal(notice('Not done', escape(text)));
    const reason = text.slice(0, 1000);
    for (const target of [{ kind: 'replace' }, { kind: 'new', name: 'a-clone', keepMs: 3_600_000 }] as const)
      for (const isProduction of [true, false])
        expectModal(
          reviewForm(
            reviewed({ database: text.slice(0, 63), source: { kind: 'newest' }, target, reason }, isProduction),
          ),
        );
    expectModal(freezeForm('C0OPS', text));
    expectModal(unfreezeForm('C0OPS', { by: 'U0BOB', at: noon, reason: text }));
    const glass = {
      form: glassFormId,
      value: 'r1',
      database: text,
      passedOver: escape(text),
      reason: text.slice(0, 500),
    } as const;
    expectModal(glassForm(glass));
    expect(strange(section(problemText({ message: unmarked(text), hint: unmarked(text) }, linked)))).toEqual([]);
    expectModal(
      homeView(
        {
          person: 'U0BOB',
          groups: [],
          freeze: { by: 'U0BOB', at: 0, reason: text },
          open: runs.map((run) => poisoned(run, text)),
          past: runs.map((run) => poisoned(run, text)),
          rights: [escape(text)],
          links: new Map(),
        },
        linked,
      ),
    );
  };
  for (const text of someTexts) everything(text);
  fc.assert(fc.property(hostile, everything), { numRuns: 8, seed: 7 });
});

test('a moment is read in everybody’s own time', () => {
  expect(
    renderCard(everyRun.running as Run, linked)
      .blocks.map((block) => JSON.stringify(block))
      .join(),
  ).toContain(`<!date^${noon / 1000}^{date_short_pretty} at {time}|2026-10-01 12:00 UTC>`);
});

test('of a long story the beginning and the end are told, in as many sections as they need', () => {
  const events = Array.from({ length: 130 }, (_, at) => ({
    at,
    what: at === 129 ? ('kept-longer' as const) : ('refused' as const),
    by: `U0NUMBER${at}`,
    detail: at === 129 ? 'until 2026-11-24T14:11:08.073Z' : 'approve: not-an-approver',
    seal: '',
  }));
  const { text, blocks } = runEvents(running(), events, house);
  expect(validateMessage({ text, blocks })).toEqual([]);
  for (const at of [0, 4, 100, 128]) expect(JSON.stringify(blocks)).toContain(`U0NUMBER${at}>`);
  expect(JSON.stringify(blocks)).toContain('kept it longer until <!date^1795529468');
});
