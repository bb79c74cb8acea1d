import { renderCard } from '../../../bot/views/card';
import { replies } from '../../../bot/views/thread';
import { validateMessage } from '../../../infra/local/slack/validate';
import { pipeline } from '../../../orchestrator/pipeline';
import type { Plan } from '../../../orchestrator/plan/plan';
import type { Run } from '../../../orchestrator/run';
import { type Target, takesName } from '../../../orchestrator/wish';
import { holding, hour, house, noon, plan, requested, waitingForApproval } from '../runs';
import { asText } from './as-text';

/** What people read when the target is not the database itself. */
const targets: [string, Target, Partial<Plan>][] = [
  [
    'a clone of a point in time',
    { kind: 'new', name: 'orders-try' },
    {
      source: {
        kind: 'time',
        at: noon - hour,
        resourceId: 'db-ORIGINAL',
        database: 'orders-staging',
        engine: 'postgres',
        version: '15.4',
        sizeGib: 100,
        encrypted: true,
      },
    },
  ],
  [
    'a snapshot',
    { kind: 'none' },
    {
      source: {
        kind: 'now',
        snapshot: 'fresh',
        resourceId: 'db-ORIGINAL',
        database: 'orders-staging',
        engine: 'postgres',
        version: '15.4',
        sizeGib: 100,
        encrypted: true,
      },
      snapshots: [{ id: 'fresh', purpose: 'asked', database: 'orders-staging', resourceId: 'db-ORIGINAL' }],
    },
  ],
  [
    'production onto staging, now',
    { kind: 'onto', name: 'orders-test' },
    {
      source: {
        kind: 'now',
        snapshot: 'fresh',
        resourceId: 'db-ORIGINAL',
        database: 'orders-staging',
        engine: 'postgres',
        version: '15.4',
        sizeGib: 100,
        encrypted: true,
      },
      history: { durationSeconds: { runs: 2, from: 1800, to: 2400 }, outageSeconds: { runs: 1, from: 95, to: 95 } },
      outageSeconds: { from: 95, to: 95 },
    },
  ],
];

const rules = {
  approvals: 2,
  goAhead: false,
  isLater: false,
  safetySnapshot: true,
  prunes: false,
  setAsideFirst: false,
  copiesSnapshot: false,
};
const whole = { ...house, stages: pipeline };

/** As it would be planned, and without what only a swap could have written. */
const of = (run: Run, target: Target, changes: Partial<Plan>): Run => {
  const name = 'name' in target ? target.name : run.request.database;
  const { source } = { ...plan, ...changes };
  const choice = { ...rules, source: source.kind, target: target.kind };
  const steps = pipeline.filter((stage) => stage.applies(choice)).map(({ id }) => id);
  const planned = { ...plan, ...changes, steps, warnings: [], target: { ...plan.target, kind: target.kind, name } };
  const { swap, outageSeconds, ...facts } = run.facts;
  const swapped = takesName(target.kind) && { ...(swap && { swap }), ...(outageSeconds && { outageSeconds }) };
  const { hold, ...rest } = run;
  return {
    ...rest,
    ...(hold && target.kind !== 'none' && { hold }),
    request: { ...run.request, target },
    plan: planned,
    facts: { ...facts, ...swapped },
  };
};

describe.each(targets)('%s', (_, target, changes) => {
  test.each([
    ['planned', waitingForApproval()],
    ['done', { ...holding(), hold: { until: noon + hour, maximum: noon + 9 * hour, warned: noon + hour } }],
  ] as const)('%s reads like this', (_, run) => {
    const shown = of(run, target, changes);
    const card = renderCard(shown, whole);
    expect(validateMessage(card)).toEqual([]);
    expect(asText(card)).toMatchSnapshot();
    for (const reply of replies(shown, whole)) expect(validateMessage(reply)).toEqual([]);
  });
});

test('a run that AWS asked for, in no channel, has a card all the same for who asks for it', () => {
  const { request } = requested();
  const run = requested({ request: { ...request, channel: '', requester: { id: 'aws', team: 'aws' } } });
  expect(validateMessage(renderCard(run, house))).toEqual([]);
});
