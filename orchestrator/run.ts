import * as z from 'zod/mini';
import { withAudit } from './audit';
import { AuditEvent } from './audit-event';
import type { Problem } from './errors';
import { problemCodes } from './errors';
import { Plan } from './plan/plan';
import { countsAs, type Rule } from './policy';
import { Settings, SettingValue } from './settings';
import { Source, Target, takesName } from './wish';

/** Statuses in which somebody still works or waits. */
export const openStatuses = ['requested', 'running', 'waiting', 'stopping'] as const;
/** `succeeded` is what people asked for; the set-aside original may still be held afterwards. */
export const endStatuses = ['succeeded', 'denied', 'expired', 'cancelled', 'undone', 'failed', 'needs-help'] as const;
export const runStatuses = [...openStatuses, ...endStatuses] as const;
export type RunStatus = (typeof runStatuses)[number];

export const phases = ['do', 'undo', 'close'] as const;
export type Phase = (typeof phases)[number];

/** Why a run does not go on: by whom, and what that makes of it in the end. */
export const stopKinds = ['denied', 'expired', 'cancelled', 'undone', 'failed'] as const;
export type StopKind = (typeof stopKinds)[number];

const ProblemSchema = z.object({
  code: z.enum(problemCodes),
  message: z.string(),
  hint: z.string(),
  retry: z.boolean(),
}) satisfies z.ZodMiniType<Problem>;

const Person = z.object({ id: z.string(), team: z.string() });
export type Person = z.infer<typeof Person>;

/** Where people decide with a yes or a no. */
export const decisionGates = ['approval', 'go-ahead'] as const;
export type DecisionGate = (typeof decisionGates)[number];

export const Decision = z.object({
  by: z.string(),
  /** As whom this person was let in: his own id, and the groups that counted then. Absent: his own id. */
  as: z.optional(z.array(z.string())),
  at: z.number(),
  /** At which gate; absent: at the approval. */
  gate: z.optional(z.enum(decisionGates)),
  /** The channel from which it came. */
  from: z.optional(z.string()),
  decision: z.enum(['approve', 'deny']),
  /** The hash of the plan that the person saw; counts only while it is still the plan's. */
  planHash: z.string(),
  reason: z.optional(z.string()),
});
export type Decision = z.infer<typeof Decision>;

/** Somebody passed over approvals, windows or calendar freezes, and said why. */
export const BrokenGlass = z.object({
  by: z.string(),
  as: z.optional(z.array(z.string())),
  at: z.number(),
  reason: z.string(),
  /** The gate that it opens; `request`: the request itself was one, and it opens all of them. */
  gate: z.enum(['request', ...decisionGates]),
  /** The plan that the person saw; absent when there was none yet. */
  planHash: z.optional(z.string()),
  /** The request that had to give way for it. */
  voided: z.optional(z.string()),
  from: z.optional(z.string()),
});
export type BrokenGlass = z.infer<typeof BrokenGlass>;

export const StepRecord = z.object({
  startedAt: z.number(),
  doneAt: z.optional(z.number()),
  /** What is happening, or what came of it, in a few words. */
  note: z.optional(z.string()),
  percent: z.optional(z.number()),
  /** When the step last changed something outside, and how often it did so. */
  actedAt: z.optional(z.number()),
  acts: z.optional(z.number()),
  /** On which resource it last acted, by resource id; on a member, by the name that it had. */
  actedOn: z.optional(z.string()),
  /** Since when everything has looked ready without a break. */
  readyAt: z.optional(z.number()),
  /** Of a gate: since when nobody may open it, and for how long nobody could before. */
  frozenSince: z.optional(z.number()),
  frozenMs: z.optional(z.number()),
  /** When the end of its last act is likely. */
  likely: z.optional(z.object({ from: z.number(), until: z.number() })),
  /** When the first of the renames of members began, and how long one of them took, in milliseconds. */
  clearedAt: z.optional(z.number()),
  tookMs: z.optional(z.number()),
  /** How often in a row something unexpected happened. */
  surprises: z.optional(z.number()),
  undoStartedAt: z.optional(z.number()),
  undoneAt: z.optional(z.number()),
  undoNote: z.optional(z.string()),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** One row of the fidelity report. */
export const Comparison = z.object({
  setting: z.string(),
  title: z.string(),
  verdict: z.enum(['equal', 'on-purpose', 'different', 'impossible']),
  wanted: SettingValue,
  actual: SettingValue,
  why: z.optional(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;

const Identity = z.object({ name: z.string(), resourceId: z.string(), arn: z.string() });

/** A resource of this run that is still there after its end, and why. */
export const Leftover = z.object({
  what: z.enum(['database', 'snapshot']),
  name: z.string(),
  resourceId: z.optional(z.string()),
  why: z.string(),
});
export type Leftover = z.infer<typeof Leftover>;

/** What the steps learnt and did; each field is written by the step that its comment names. */
export const Facts = z.object({
  /** capture, when somebody loses the name: who */
  original: z.optional(z.extend(Identity, { settings: Settings, tags: z.record(z.string(), z.string()) })),
  /** capture: the settings and tags that the copy gets */
  model: z.optional(z.object({ name: z.string(), settings: Settings, tags: z.record(z.string(), z.string()) })),
  /** snapshot; kept after the run */
  safetySnapshot: z.optional(z.string()),
  /** snapshot: the one that was taken to be restored, or to be had; kept after the run */
  freshSnapshot: z.optional(z.object({ id: z.string(), createdAt: z.optional(z.number()) })),
  /** copy-snapshot; kept after the run, and deleted when it is taken back */
  sharedCopy: z.optional(z.string()),
  /** restore-copy, as soon as RDS has named the resource */
  copy: z.optional(Identity),
  /** verify */
  verifiedAt: z.optional(z.number()),
  /** finish, or verify when it found a difference */
  report: z.optional(z.array(Comparison)),
  swap: z.optional(
    z.object({
      /** Just before the first rename is sent: an outage is never reported shorter than it was. */
      startedAt: z.number(),
      /** When the original was first seen to have left the name. */
      nameFreeAt: z.optional(z.number()),
      /** When RDS accepted the copy's rename. */
      takenAt: z.optional(z.number()),
      /** When a database answered under the name again. */
      answeredAt: z.optional(z.number()),
      /** When the original had to take the name back. */
      refusedAt: z.optional(z.number()),
      /** When the members' names began to move: their database answers under its own by then. */
      membersFrom: z.optional(z.number()),
      /** Further stretches in which nobody could write: a failover, or the restart of an only member. */
      interruptions: z.optional(z.array(z.object({ from: z.number(), to: z.optional(z.number()) }))),
    }),
  ),
  /** give-name: when the copy was given its name, when it answered under it, and when its members' names began to move */
  named: z.optional(
    z.object({ startedAt: z.number(), answeredAt: z.optional(z.number()), membersFrom: z.optional(z.number()) }),
  ),
  /** finish */
  outageSeconds: z.optional(z.number()),
  /** swap's undo */
  undo: z.optional(
    z.object({
      startedAt: z.number(),
      answeredAt: z.optional(z.number()),
      /** When the members' names began to move back. */
      membersFrom: z.optional(z.number()),
    }),
  ),
  /** remove */
  finalSnapshot: z.optional(z.string()),
  /** restore-copy's undo, when the copy had answered under the name */
  copySnapshot: z.optional(z.string()),
  /** remove: from just before the deletion is sent, there is no way back */
  removal: z.optional(z.object({ startedAt: z.number(), doneAt: z.optional(z.number()) })),
  /** prune: snapshots of earlier runs that were past their retention */
  pruned: z.optional(z.array(z.string())),
});
export type Facts = z.infer<typeof Facts>;

/** Written by the door when a restore is asked for; never changes. */
export const RestoreRequest = z.object({
  /** The database whose data is wanted. */
  database: z.string(),
  source: Source,
  target: Target,
  acceptsOtherVersion: z.optional(z.boolean()),
  startAt: z.optional(z.number()),
  reason: z.string(),
  requester: Person,
  /** The Slack channel in which the run's messages live; empty when the request came from AWS and no rule names one. */
  channel: z.string(),
  /** Where it was asked for, when a rule has sent its messages to another channel. */
  askedIn: z.optional(z.string()),
  at: z.number(),
  /** What makes a repeated form the same request: the view id of the form. */
  key: z.string(),
});
export type RestoreRequest = z.infer<typeof RestoreRequest>;

export const Run = z.object({
  id: z.string(),
  /** Counts the writes; a reader that has shown version n need not show it again. */
  version: z.number(),
  status: z.enum(runStatuses),
  request: RestoreRequest,
  /** The step or gate that the execution is at, and in which phase. */
  at: z.optional(z.object({ step: z.string(), phase: z.enum(phases) })),
  plan: z.optional(Plan),
  planHash: z.optional(z.string()),
  /** Set when the plan moved while people were deciding: what moved, and when. */
  planMoved: z.optional(z.object({ at: z.number(), differences: z.array(z.string()) })),
  decisions: z.array(Decision),
  glass: z.optional(z.array(BrokenGlass)),
  /** Who did not wait for the time that was asked for. */
  startedNow: z.optional(z.object({ by: z.string(), at: z.number() })),
  /** How often those who have not decided were reminded at the gate at hand, and when last. */
  reminded: z.optional(z.object({ gate: z.enum(decisionGates), count: z.number(), at: z.number() })),
  /** When the gate at hand closes by itself, in milliseconds since the epoch. */
  until: z.optional(z.number()),
  steps: z.record(z.string(), StepRecord),
  facts: Facts,
  hold: z.optional(
    z.object({
      until: z.number(),
      maximum: z.number(),
      /** The end of which people were warned; a later one needs a warning of its own. */
      warned: z.optional(z.number()),
      /** Who kept it longer last. */
      extended: z.optional(z.object({ by: z.string(), at: z.number() })),
      released: z.optional(z.object({ by: z.string(), at: z.number() })),
    }),
  ),
  stop: z.optional(
    z.object({ kind: z.enum(stopKinds), at: z.number(), by: z.optional(z.string()), problem: ProblemSchema }),
  ),
  /** Set with status `needs-help`: which undo failed and why. */
  help: z.optional(
    z.object({
      at: z.number(),
      step: z.string(),
      problem: ProblemSchema,
      released: z.optional(z.object({ by: z.string(), at: z.number() })),
    }),
  ),
  leftovers: z.array(Leftover),
  /** What happened, each entry sealed with the one before: see audit.ts. */
  audit: z.optional(z.array(AuditEvent)),
  /** The first execution's name, when somebody else has started it; absent: the run's id. */
  execution: z.optional(z.string()),
  /** How many executions were started after the first: their names end in -r1, -r2 … */
  recoveries: z.number(),
  /** When the restore was done for people: `finish` has proven it. */
  finishedAt: z.optional(z.number()),
  /** When nothing more will happen by itself. */
  closedAt: z.optional(z.number()),
});
export type Run = z.infer<typeof Run>;

export function newRun(id: string, request: RestoreRequest, glass?: BrokenGlass): Run {
  return withAudit(undefined, {
    id,
    version: 1,
    status: 'requested',
    request,
    decisions: [],
    ...(glass && { glass: [glass] }),
    steps: {},
    facts: {},
    leftovers: [],
    recoveries: 0,
  });
}

/** Nothing more will happen to this run unless a person asks for it. A run that needs help is not closed: it holds its lock. */
export function isClosed(run: Run): boolean {
  return run.closedAt !== undefined;
}

/** The decisions that count at a gate: for the plan as it is now, one for each person. */
export function countingDecisions(run: Run, gate: DecisionGate = 'approval'): Decision[] {
  return run.decisions.filter(
    (decision) => decision.planHash === run.planHash && (decision.gate ?? 'approval') === gate,
  );
}

/** Whether a recorded yes is one that the rule counts: of somebody whom it names, as whom he was let in, and four eyes. */
export function countsFor(rule: Rule, requester: string, { by, as }: Pick<Decision, 'by' | 'as'>): boolean {
  const isOther = rule.approve.self || by !== requester;
  return isOther && countsAs(rule.approve, [by, ...(as ?? [])]).length > 0;
}

/** The gate at which the run waits for a person's yes or no, if it does. */
export function gateAtHand(run: Run): DecisionGate | undefined {
  const isWaiting = run.status === 'waiting' && run.stop === undefined;
  return isWaiting ? decisionGates.find((gate) => gate === run.at?.step) : undefined;
}

/** The broken glass that opens this gate for the plan as it is now. */
export function brokenGlass(run: Run, gate: DecisionGate): BrokenGlass | undefined {
  return run.glass?.find((one) => one.gate === 'request' || (one.gate === gate && one.planHash === run.planHash));
}

/** The original is set aside and can still take its name back. */
export function canUndo(run: Run): boolean {
  const isSetAside = takesName(run.request.target.kind);
  return isSetAside && run.finishedAt !== undefined && run.status === 'succeeded' && run.facts.removal === undefined;
}

/** What is kept for a while after the end, and then removed: the set-aside original, or the clone. */
export function keptOf(run: Run): { resourceId: string; name: string } | undefined {
  const { original, copy } = run.facts;
  if (run.request.target.kind !== 'new')
    return original && { resourceId: original.resourceId, name: run.plan?.names.aside ?? original.name };
  return copy && { resourceId: copy.resourceId, name: run.plan?.target.name ?? copy.name };
}

/** A finished run left a database behind, and its removal can be tried again. */
export function canRetryRemoval(run: Run): boolean {
  const hasLeft = run.leftovers.some((leftover) => leftover.what === 'database');
  return run.status === 'succeeded' && isClosed(run) && hasLeft && run.hold !== undefined;
}

/** The name of the execution that works on the run now. */
export function executionName(run: Run): string {
  return run.recoveries === 0 ? (run.execution ?? run.id) : `${run.id}-r${run.recoveries}`;
}
