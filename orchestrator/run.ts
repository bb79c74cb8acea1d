import * as z from 'zod';
import type { Problem } from './errors';
import { problemCodes } from './errors';
import { Plan, Settings, SettingValue } from './plan';
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
}) satisfies z.ZodType<Problem>;

const Person = z.object({ id: z.string(), team: z.string() });
export type Person = z.infer<typeof Person>;

export const Decision = z.object({
  by: z.string(),
  at: z.number(),
  decision: z.enum(['approve', 'deny']),
  /** The hash of the plan that the person saw; counts only while it is still the plan's. */
  planHash: z.string(),
  reason: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

export const StepRecord = z.object({
  startedAt: z.number(),
  doneAt: z.number().optional(),
  /** What is happening, or what came of it, in a few words. */
  note: z.string().optional(),
  percent: z.number().optional(),
  /** When the step last changed something outside, and how often it did so. */
  actedAt: z.number().optional(),
  acts: z.number().optional(),
  /** On which resource it last acted, by resource id; on a member, by the name that it had. */
  actedOn: z.string().optional(),
  /** Since when everything has looked ready without a break. */
  readyAt: z.number().optional(),
  /** How often in a row something unexpected happened. */
  surprises: z.number().optional(),
  undoStartedAt: z.number().optional(),
  undoneAt: z.number().optional(),
  undoNote: z.string().optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** One row of the fidelity report. */
export const Comparison = z.object({
  setting: z.string(),
  title: z.string(),
  verdict: z.enum(['equal', 'on-purpose', 'different', 'impossible']),
  wanted: SettingValue,
  actual: SettingValue,
  why: z.string().optional(),
});
export type Comparison = z.infer<typeof Comparison>;

const Identity = z.object({ name: z.string(), resourceId: z.string(), arn: z.string() });

/** A resource of this run that is still there after its end, and why. */
export const Leftover = z.object({
  what: z.enum(['database', 'snapshot']),
  name: z.string(),
  resourceId: z.string().optional(),
  why: z.string(),
});
export type Leftover = z.infer<typeof Leftover>;

/** What the steps learnt and did; each field is written by the step that its comment names. */
export const Facts = z.object({
  /** capture, when somebody loses the name: who */
  original: Identity.extend({ settings: Settings, tags: z.record(z.string(), z.string()) }).optional(),
  /** capture: the settings and tags that the copy gets */
  model: z.object({ name: z.string(), settings: Settings, tags: z.record(z.string(), z.string()) }).optional(),
  /** snapshot; kept after the run */
  safetySnapshot: z.string().optional(),
  /** snapshot: the one that was taken to be restored, or to be had; kept after the run */
  freshSnapshot: z.object({ id: z.string(), createdAt: z.number().optional() }).optional(),
  /** restore-copy, as soon as RDS has named the resource */
  copy: Identity.optional(),
  /** verify */
  verifiedAt: z.number().optional(),
  /** finish, or verify when it found a difference */
  report: z.array(Comparison).optional(),
  swap: z
    .object({
      /** Just before the first rename is sent: an outage is never reported shorter than it was. */
      startedAt: z.number(),
      /** When the original was first seen to have left the name. */
      nameFreeAt: z.number().optional(),
      /** When RDS accepted the copy's rename. */
      takenAt: z.number().optional(),
      /** When a database answered under the name again. */
      answeredAt: z.number().optional(),
      /** When the original had to take the name back. */
      refusedAt: z.number().optional(),
      /** When the members' names began to move: their database answers under its own by then. */
      membersFrom: z.number().optional(),
      /** Further stretches in which nobody could write: a failover, or the restart of an only member. */
      interruptions: z.array(z.object({ from: z.number(), to: z.number().optional() })).optional(),
    })
    .optional(),
  /** give-name: when the clone was given its name, and when it answered under it */
  named: z.object({ startedAt: z.number(), answeredAt: z.number().optional() }).optional(),
  /** finish */
  outageSeconds: z.number().optional(),
  /** swap's undo */
  undo: z
    .object({
      startedAt: z.number(),
      answeredAt: z.number().optional(),
      /** When the members' names began to move back. */
      membersFrom: z.number().optional(),
    })
    .optional(),
  /** remove */
  finalSnapshot: z.string().optional(),
  /** restore-copy's undo, when the copy had answered under the name */
  copySnapshot: z.string().optional(),
  /** remove: from just before the deletion is sent, there is no way back */
  removal: z.object({ startedAt: z.number(), doneAt: z.number().optional() }).optional(),
  /** prune: snapshots of earlier runs that were past their retention */
  pruned: z.array(z.string()).optional(),
});
export type Facts = z.infer<typeof Facts>;

/** Written by the door when a restore is asked for; never changes. */
export const RestoreRequest = z.object({
  /** The database whose data is wanted. */
  database: z.string(),
  source: Source,
  target: Target,
  acceptsOtherVersion: z.boolean().optional(),
  reason: z.string(),
  requester: Person,
  /** The Slack channel in which the run's messages live; empty when the request came from AWS and no rule names one. */
  channel: z.string(),
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
  at: z.object({ step: z.string(), phase: z.enum(phases) }).optional(),
  plan: Plan.optional(),
  planHash: z.string().optional(),
  /** Set when the plan moved while people were deciding: what moved, and when. */
  planMoved: z.object({ at: z.number(), differences: z.array(z.string()) }).optional(),
  decisions: z.array(Decision),
  /** When the gate at hand closes by itself, in milliseconds since the epoch. */
  until: z.number().optional(),
  steps: z.record(z.string(), StepRecord),
  facts: Facts,
  hold: z
    .object({
      until: z.number(),
      maximum: z.number(),
      /** The end of which people were warned; a later one needs a warning of its own. */
      warned: z.number().optional(),
      released: z.object({ by: z.string(), at: z.number() }).optional(),
    })
    .optional(),
  stop: z
    .object({ kind: z.enum(stopKinds), at: z.number(), by: z.string().optional(), problem: ProblemSchema })
    .optional(),
  /** Set with status `needs-help`: which undo failed and why. */
  help: z
    .object({
      at: z.number(),
      step: z.string(),
      problem: ProblemSchema,
      released: z.object({ by: z.string(), at: z.number() }).optional(),
    })
    .optional(),
  leftovers: z.array(Leftover),
  /** The first execution's name, when somebody else has started it; absent: the run's id. */
  execution: z.string().optional(),
  /** How many executions were started after the first: their names end in -r1, -r2 … */
  recoveries: z.number(),
  /** When the restore was done for people: `finish` has proven it. */
  finishedAt: z.number().optional(),
  /** When nothing more will happen by itself. */
  closedAt: z.number().optional(),
});
export type Run = z.infer<typeof Run>;

export function newRun(id: string, request: RestoreRequest): Run {
  return {
    id,
    version: 1,
    status: 'requested',
    request,
    decisions: [],
    steps: {},
    facts: {},
    leftovers: [],
    recoveries: 0,
  };
}

/** Nothing more will happen to this run unless a person asks for it. A run that needs help is not closed: it holds its lock. */
export function isClosed(run: Run): boolean {
  return run.closedAt !== undefined;
}

/** The decisions that count: for the plan as it is now, one for each person. */
export function countingDecisions(run: Run): Decision[] {
  return run.decisions.filter((decision) => decision.planHash === run.planHash);
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
