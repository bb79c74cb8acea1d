import type { House } from '../../bot/house';
import { planHash } from '../../orchestrator/plan/hash';
import type { Plan } from '../../orchestrator/plan/plan';
import { newRun, type Run } from '../../orchestrator/run';

/** Thursday, 1 October 2026, noon. */
export const noon = Date.UTC(2026, 9, 1, 12);
export const minute = 60_000;
export const hour = 60 * minute;

export const house: House = {
  command: '/trapheus',
  label: 'staging',
  stages: [
    { id: 'plan', kind: 'step', title: 'Plan the restore' },
    { id: 'approval', kind: 'gate', title: 'Get approval' },
    { id: 'snapshot', kind: 'step', title: 'Take a safety snapshot', undo: { title: 'Keep the safety snapshot' } },
    { id: 'restore-copy', kind: 'step', title: 'Restore a copy beside it', undo: { title: 'Delete the copy' } },
    { id: 'swap', kind: 'step', title: 'Swap the names', undo: { title: 'Give the original its name back' } },
    { id: 'finish', kind: 'step', title: 'Finish and report' },
    { id: 'hold', kind: 'gate', title: 'Keep the original for Undo' },
    { id: 'remove', kind: 'step', title: 'Remove the set-aside original' },
  ],
};

export const plan: Plan = {
  madeAt: noon + minute,
  target: {
    kind: 'replace',
    name: 'orders-staging',
    resourceId: 'db-ORIGINAL',
    engine: 'postgres',
    version: '15.4',
    class: 'db.r6g.large',
  },
  model: { name: 'orders-staging', resourceId: 'db-ORIGINAL', kind: 'instance' },
  source: {
    kind: 'snapshot',
    database: 'orders-staging',
    snapshot: 'rds:orders-staging-2026-10-01-04-10',
    arn: 'arn:aws:rds:eu-west-1:123456789012:snapshot:rds:orders-staging-2026-10-01-04-10',
    createdAt: noon - 8 * hour,
    engine: 'postgres',
    version: '15.4',
    sizeGib: 100,
    type: 'automated',
    encrypted: true,
  },
  names: {
    copy: 'orders-staging-trapheus-r7k3q9xz',
    aside: 'orders-staging-old-r7k3q9xz',
    safetySnapshot: 'orders-staging-safety-trapheus-r7k3q9xz',
    finalSnapshot: 'orders-staging-final-trapheus-r7k3q9xz',
    copySnapshot: 'orders-staging-copy-trapheus-r7k3q9xz',
    freshSnapshot: 'orders-staging-snapshot-trapheus-r7k3q9xz',
  },
  snapshots: [
    {
      id: 'orders-staging-safety-trapheus-r7k3q9xz',
      purpose: 'safety',
      database: 'orders-staging',
      resourceId: 'db-ORIGINAL',
    },
  ],
  steps: house.stages.map(({ id }) => id),
  settingCount: 61,
  settingsDigest: 'd1',
  unfitSettings: [],
  pending: [],
  replicas: ['orders-staging-replica'],
  proxies: [],
  rule: { name: 'staging', digest: 'r1', approvals: 2, approvers: ['U0ALICE', 'U0BOB', 'U0CAROL'] },
  holdHours: 24,
  outageSeconds: { from: 120, to: 1200 },
  history: {},
  cost: { monthly: 176, asOf: '2026-06' },
  warnings: [
    'Its read replicas (orders-staging-replica) follow the old database and not the name; they have to be made again.',
  ],
};

const done = (from: number, to: number, note?: string) => ({
  startedAt: noon + from * minute,
  doneAt: noon + to * minute,
  ...(note && { note }),
});

export function requested(changes: Partial<Run> = {}): Run {
  const request = {
    database: 'orders-staging',
    source: { kind: 'newest' as const },
    target: { kind: 'replace' as const },
    reason: 'A bad migration dropped <orders> & “more”',
    requester: { id: 'U0REQ', team: 'T0HOME' },
    channel: 'C0OPS',
    at: noon,
    key: 'T0HOME:V1',
  };
  return { ...newRun('r7k3q9xz', request), ...changes };
}

export function waitingForApproval(changes: Partial<Run> = {}): Run {
  return requested({
    version: 4,
    status: 'waiting',
    plan,
    planHash: planHash(plan),
    at: { step: 'approval', phase: 'do' },
    until: noon + 8 * hour,
    steps: { plan: done(0, 1), approval: { startedAt: noon + minute, note: '1 of 2 approvals' } },
    decisions: [{ by: 'U0ALICE', at: noon + 3 * minute, decision: 'approve', planHash: planHash(plan) }],
    ...changes,
  });
}

export function moved(): Run {
  return waitingForApproval({
    decisions: [{ by: 'U0ALICE', at: noon + 3 * minute, decision: 'approve', planHash: 'an-older-plan' }],
    planMoved: { at: noon + 10 * minute, differences: ['the settings', 'pending modifications'] },
  });
}

export function running(changes: Partial<Run> = {}): Run {
  const { until: _, ...waited } = waitingForApproval();
  return {
    ...waited,
    version: 9,
    status: 'running',
    at: { step: 'restore-copy', phase: 'do' },
    steps: {
      plan: done(0, 1),
      approval: done(1, 5, 'Approved by <@U0ALICE>, <@U0BOB>'),
      snapshot: done(5, 12, 'orders-staging-safety-trapheus-r7k3q9xz is available'),
      'restore-copy': { startedAt: noon + 12 * minute, percent: 41, note: 'The copy is creating' },
    },
    decisions: [
      ...waited.decisions,
      { by: 'U0BOB', at: noon + 5 * minute, decision: 'approve', planHash: planHash(plan) },
    ],
    facts: {
      safetySnapshot: plan.names.safetySnapshot,
      copy: { name: plan.names.copy, resourceId: 'db-COPY', arn: 'arn:copy' },
    },
    ...changes,
  };
}

export function holding(changes: Partial<Run> = {}): Run {
  const before = running();
  return {
    ...before,
    version: 20,
    status: 'succeeded',
    at: { step: 'hold', phase: 'do' },
    steps: {
      ...before.steps,
      'restore-copy': done(12, 40),
      swap: done(40, 43),
      finish: done(43, 45),
      hold: { startedAt: noon + 45 * minute, note: 'The original is set aside and can come back' },
    },
    facts: {
      ...before.facts,
      verifiedAt: noon + 39 * minute,
      swap: {
        startedAt: noon + 40 * minute,
        nameFreeAt: noon + 41 * minute,
        takenAt: noon + 41 * minute,
        answeredAt: noon + 43 * minute,
      },
      outageSeconds: 180,
      report: [
        { setting: 'class', title: 'Instance class', verdict: 'equal', wanted: 'db.r6g.large', actual: 'db.r6g.large' },
        {
          setting: 'parameterGroup',
          title: 'Parameter group',
          verdict: 'equal',
          wanted: 'orders-pg15',
          actual: 'orders-pg15',
        },
        {
          setting: 'masterSecret',
          title: 'Master user secret',
          verdict: 'on-purpose',
          wanted: 'arn:old',
          actual: 'arn:new',
          why: 'RDS makes a new secret for every database',
        },
        {
          setting: 'replicas',
          title: 'Read replicas',
          verdict: 'impossible',
          wanted: ['orders-staging-replica'],
          actual: [],
          why: 'They follow the old database',
        },
      ],
    },
    hold: { until: noon + 24 * hour, maximum: noon + 168 * hour },
    finishedAt: noon + 45 * minute,
    until: noon + 24 * hour,
    ...changes,
  };
}

export function closed(changes: Partial<Run> = {}): Run {
  const before = holding();
  const { at: _, until: __, ...rest } = before;
  return {
    ...rest,
    version: 26,
    steps: { ...before.steps, hold: done(45, 1440, 'The hold is over'), remove: done(1440, 1450) },
    facts: {
      ...before.facts,
      finalSnapshot: plan.names.finalSnapshot,
      removal: { startedAt: noon + 1440 * minute, doneAt: noon + 1450 * minute },
    },
    closedAt: noon + 1451 * minute,
    ...changes,
  };
}

export function withLeftovers(): Run {
  const { removal: _, ...facts } = closed().facts;
  return closed({
    facts,
    leftovers: [
      { what: 'database', name: plan.names.aside, resourceId: 'db-ORIGINAL', why: 'it still has read replicas' },
    ],
  });
}

export function undone(): Run {
  return closed({
    status: 'undone',
    stop: {
      kind: 'undone',
      at: noon + 90 * minute,
      by: 'U0BOB',
      problem: {
        code: 'undone',
        message: '<@U0BOB> undid the restore.',
        hint: 'The original answers under its name again.',
        retry: false,
      },
    },
    facts: {
      ...holding().facts,
      copySnapshot: plan.names.copySnapshot,
      undo: { startedAt: noon + 91 * minute, answeredAt: noon + 94 * minute },
    },
  });
}

/** Ended before anything was touched. */
export function ended(status: 'denied' | 'expired' | 'cancelled', message: string): Run {
  const { until: _, ...waited } = waitingForApproval();
  return {
    ...waited,
    version: 7,
    status,
    closedAt: noon + 9 * minute,
    stop: {
      kind: status,
      at: noon + 8 * minute,
      by: 'U0BOB',
      problem: { code: status, message, hint: 'Nothing was touched.', retry: false },
    },
  };
}

export function failed(changes: Partial<Run> = {}): Run {
  const before = running();
  return {
    ...before,
    version: 15,
    status: 'failed',
    at: { step: 'snapshot', phase: 'undo' },
    steps: {
      ...before.steps,
      snapshot: {
        ...done(5, 12),
        undoStartedAt: noon + 31 * minute,
        undoneAt: noon + 31 * minute,
        undoNote: 'Kept orders-staging-safety-trapheus-r7k3q9xz',
      },
      'restore-copy': {
        startedAt: noon + 12 * minute,
        undoStartedAt: noon + 30 * minute,
        undoneAt: noon + 31 * minute,
      },
    },
    stop: {
      kind: 'failed',
      at: noon + 30 * minute,
      problem: {
        code: 'restore-failed',
        message: 'The copy orders-staging-trapheus-r7k3q9xz ended as incompatible-network.',
        hint: 'The original keeps its name and its data. The RDS events of the copy say why.',
        retry: true,
      },
    },
    leftovers: [
      {
        what: 'snapshot',
        name: plan.names.safetySnapshot,
        why: 'the safety snapshot; delete it when you no longer need it',
      },
    ],
    closedAt: noon + 32 * minute,
    ...changes,
  };
}

export function needsHelp(): Run {
  const { closedAt: _, ...rest } = failed();
  return {
    ...rest,
    status: 'needs-help',
    at: { step: 'restore-copy', phase: 'undo' },
    steps: { ...rest.steps, 'restore-copy': { startedAt: noon + 12 * minute, undoStartedAt: noon + 30 * minute } },
    help: {
      at: noon + 33 * minute,
      step: 'restore-copy',
      problem: {
        code: 'undo-failed',
        message: 'Taking back “Restore a copy beside it” failed: access denied',
        hint: 'Put right what the card names in the RDS console, then press Release.',
        retry: false,
      },
    },
    leftovers: [{ what: 'database', name: plan.names.copy, resourceId: 'db-COPY', why: 'its deletion was refused' }],
  };
}

export function stopping(kind: 'cancelled' | 'failed' | 'undone'): Run {
  const { closedAt: _, ...rest } = kind === 'undone' ? undone() : failed();
  const stop = rest.stop as NonNullable<Run['stop']>;
  return { ...rest, status: 'stopping', stop: { ...stop, kind } };
}

/** One of each state that people can meet. */
export const everyRun: Record<string, Run> = {
  requested: requested(),
  'waiting for approval': waitingForApproval(),
  'waiting again because the plan moved': moved(),
  running: running(),
  'taking back after a failure': stopping('failed'),
  'being cancelled': stopping('cancelled'),
  'being undone': stopping('undone'),
  'restored, original kept': holding(),
  'restored and closed': closed(),
  'restored with leftovers': withLeftovers(),
  undone: undone(),
  denied: ended('denied', '<@U0BOB> denied the request: not today'),
  expired: ended('expired', 'Nobody approved within 8 hours.'),
  cancelled: ended('cancelled', '<@U0BOB> cancelled the run.'),
  failed: failed(),
  'needs help': needsHelp(),
};
