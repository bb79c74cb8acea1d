import type { ActionsBlock, Button } from '@slack/types';
import { approvalGate, holdGate } from '../../../bot/gates';
import type { Message } from '../../../bot/views/blocks';
import { renderCard } from '../../../bot/views/card';
import { validateMessage } from '../../../infra/local/slack/validate';
import { pipeline } from '../../../orchestrator/pipeline';
import { endStatuses, openStatuses, type Run } from '../../../orchestrator/run';
import {
  closed,
  ended,
  everyRun,
  failed,
  holding,
  house,
  moved,
  needsHelp,
  noon,
  plan,
  requested,
  running,
  stopping,
  undone,
  waitingForApproval,
  withLeftovers,
} from '../runs';
import { asText } from './as-text';

const buttonsOf = ({ blocks }: Message): Button[] =>
  blocks
    .filter((block): block is ActionsBlock => block.type === 'actions')
    .flatMap(({ elements }) => elements as Button[]);
const pressable = (run: Run) => buttonsOf(renderCard(run, house)).map(({ action_id }) => action_id);

describe.each(Object.entries(everyRun))('the card of a run that is %s', (_, run) => {
  const card = renderCard(run, house);

  test('reads like this', () => {
    expect(asText(card)).toMatchSnapshot();
  });

  test('is what Slack takes', () => {
    expect(validateMessage(card)).toEqual([]);
  });

  test('says in a whole sentence what the matter is', () => {
    expect(card.text).toMatch(/^The restore of orders-staging \(run r7k3q9xz\) .+\.$/);
  });

  test('never says a state by an emoji alone', () => {
    for (const line of asText(card).split('\n')) expect(line).not.toMatch(/^[\s•]*:[a-z_]+:\s*$/);
  });
});

test('there is a card for every status', () => {
  const shown = new Set(Object.values(everyRun).map(({ status }) => status));
  expect([...openStatuses, ...endStatuses].filter((status) => !shown.has(status))).toEqual([]);
});

test('the gates with buttons are gates of the pipeline', () => {
  const gates = pipeline.filter(({ kind }) => kind === 'gate').map(({ id }) => id);
  expect(gates).toEqual(expect.arrayContaining([approvalGate, holdGate]));
});

test('offers exactly what can be done in each state', () => {
  expect(pressable(requested())).toEqual(['cancel']);
  expect(pressable(waitingForApproval())).toEqual(['approve', 'deny', 'cancel']);
  expect(pressable(running())).toEqual(['cancel']);
  expect(pressable(stopping('failed'))).toEqual([]);
  expect(pressable(holding())).toEqual(['undo', 'keep-longer', 'remove-now']);
  expect(pressable(closed())).toEqual([]);
  expect(pressable(withLeftovers())).toEqual(['undo', 'retry-removal']);
  expect(pressable(undone())).toEqual(['request-again']);
  expect(pressable(ended('denied', 'x'))).toEqual(['request-again']);
  expect(pressable(failed())).toEqual(['request-again']);
  expect(pressable(needsHelp())).toEqual(['release']);
});

test('what cannot be taken back asks once more, in words that fit Slack’s dialog', () => {
  const asking = Object.values(everyRun)
    .flatMap((run) => buttonsOf(renderCard(run, house)))
    .filter(({ confirm }) => confirm !== undefined)
    .map(({ action_id }) => action_id);
  expect(new Set(asking)).toEqual(new Set(['approve', 'cancel', 'undo', 'remove-now', 'release']));
});

test('there is nothing to approve before the gate waits, nor after it was left', () => {
  expect(pressable(waitingForApproval({ status: 'running' }))).toEqual(['cancel']);
  expect(pressable(running({ status: 'waiting' }))).toEqual(['cancel']);
});

test('an approval is bound to the plan that the card shows', () => {
  const run = waitingForApproval();
  expect(buttonsOf(renderCard(run, house))[0]?.value).toBe(`${run.id}:${run.planHash}`);
});

test('approvals of an older plan are not counted, and the card says what moved', () => {
  const text = asText(renderCard(moved(), house));
  expect(text).toContain('0 of 2 given');
  expect(text).toContain('• the settings\n• pending modifications');
});

test('what people and AWS wrote cannot act as markup', () => {
  const { request } = requested();
  const run = failed({ request: { ...request, reason: '<!channel> <https://evil|click> *bold* & more\n\n> quoted' } });
  const { stop } = run;
  const shown = JSON.stringify(
    renderCard(
      { ...run, ...(stop && { stop: { ...stop, problem: { ...stop.problem, message: 'RDS: <!here> <@U0ALICE>' } } }) },
      house,
    ),
  );
  expect(shown).not.toMatch(/<!(?!date)/);
  expect(shown).not.toContain('<https');
  expect(shown).toContain('&lt;!here&gt; <@U0ALICE>');
});

test('the longest names and a hundred of everything still fit, cut visibly', () => {
  const long = 'x'.repeat(63);
  const { request } = requested();
  const run: Run = failed({
    request: { ...request, database: long, reason: '&'.repeat(5000) },
    plan: {
      ...plan,
      target: { ...plan.target, name: long },
      source: { ...plan.source, kind: 'snapshot', snapshot: 's'.repeat(255), arn: '', createdAt: noon, type: 'manual' },
      names: {
        copy: long,
        aside: long,
        safetySnapshot: 's'.repeat(255),
        finalSnapshot: 's'.repeat(255),
        copySnapshot: long,
        freshSnapshot: long,
      },
      warnings: Array.from({ length: 100 }, (_, index) => `Warning ${index} ${'w'.repeat(500)}`),
    },
    leftovers: Array.from({ length: 100 }, (_, index) => ({
      what: 'snapshot' as const,
      name: `${index}-${'l'.repeat(240)}`,
      why: 'y'.repeat(900),
    })),
    facts: {
      report: Array.from({ length: 100 }, (_, index) => ({
        setting: `s${index}`,
        title: 't'.repeat(200),
        verdict: 'different' as const,
        wanted: 'a'.repeat(999),
        actual: null,
        why: 'z'.repeat(999),
      })),
    },
    finishedAt: noon,
  });
  for (const status of [...openStatuses, ...endStatuses]) {
    const card = renderCard({ ...run, status }, house);
    expect(validateMessage(card)).toEqual([]);
    expect(card.text.length).toBeLessThan(4000);
  }
  expect(asText(renderCard(run, house))).toContain('… and ');
});
