import * as z from 'zod/mini';
import { WeeklyWindow } from '../calendar';
import { targetKinds } from '../wish';

const Data = {
  /** Whose data it is. */
  database: z.string(),
  engine: z.string(),
  version: z.string(),
  sizeGib: z.number(),
  encrypted: z.boolean(),
};

/** A wish's source, resolved for good. */
const PlannedSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    snapshot: z.string(),
    arn: z.string(),
    createdAt: z.number(),
    type: z.string(),
    /** Another account's encrypted one: the copy of it that the run makes and restores. */
    copyAs: z.optional(z.string()),
    ...Data,
  }),
  z.object({
    kind: z.literal('now'),
    /** No write is lost: the database is set aside before the snapshot is taken. */
    keepsWrites: z.optional(z.boolean()),
    snapshot: z.string(),
    resourceId: z.string(),
    ...Data,
  }),
  z.object({ kind: z.literal('clone'), resourceId: z.string(), ...Data }),
  z.object({ kind: z.literal('time'), at: z.number(), resourceId: z.string(), ...Data }),
]);
export type PlannedSource = z.infer<typeof PlannedSource>;

const Expected = z.object({ runs: z.number(), from: z.number(), to: z.number() });

export const Plan = z.object({
  madeAt: z.number(),
  /** Under which name the data answers in the end, and who has that name now. */
  target: z.object({
    kind: z.enum(targetKinds),
    name: z.string(),
    /** Of the database that has the name now; absent when nobody has it yet. */
    resourceId: z.optional(z.string()),
    engine: z.string(),
    version: z.string(),
    class: z.string(),
  }),
  /** Whose settings the copy gets. */
  model: z.object({
    name: z.string(),
    resourceId: z.string(),
    kind: z.enum(['instance', 'cluster']),
    /** The database is gone: its settings were kept beside this snapshot. */
    keptWith: z.optional(z.string()),
  }),
  source: PlannedSource,
  /** Every name that this run will ever give; all derive from the run id. */
  names: z.object({
    copy: z.string(),
    aside: z.string(),
    safetySnapshot: z.string(),
    finalSnapshot: z.string(),
    copySnapshot: z.string(),
    freshSnapshot: z.string(),
  }),
  /** The snapshots that the run takes before anything else, in order. */
  snapshots: z.array(
    z.object({
      id: z.string(),
      purpose: z.enum(['asked', 'safety', 'source']),
      database: z.string(),
      resourceId: z.string(),
    }),
  ),
  /** The copy has no automated backups until the swap is done; absent: the swap waits for the first. */
  firstBackup: z.optional(z.literal('after')),
  /** Ids of the steps and gates that apply, in order. */
  steps: z.array(z.string()),
  settingCount: z.number(),
  settingsDigest: z.string(),
  /** A digest of each setting, so that people can be told which one moved. */
  settingDigests: z.optional(z.record(z.string(), z.string())),
  /** Keys of settings that only fit another major version: RDS chooses them for the copy. */
  unfitSettings: z.array(z.string()),
  pending: z.array(z.string()),
  replicas: z.array(z.string()),
  proxies: z.array(z.string()),
  rule: z.object({
    name: z.string(),
    digest: z.string(),
    approvals: z.number(),
    /** Ids of people and groups who may decide; where rules were joined, every list of `also` counts as well. */
    approvers: z.array(z.string()),
    also: z.optional(z.array(z.array(z.string()))),
    /** Those of them who are not to be mentioned or reminded. */
    quiet: z.optional(z.array(z.string())),
    /** Who may break the glass. */
    breakers: z.optional(z.array(z.string())),
    /** Whether the requester's own approval counts. */
    self: z.optional(z.boolean()),
  }),
  /** When the run begins at the earliest. */
  startAt: z.optional(z.number()),
  /** What has to happen before the names are swapped. */
  goAhead: z.optional(z.object({ secondLook: z.boolean(), windows: z.array(WeeklyWindow) })),
  /** How long what is set aside, or the clone, is kept. */
  holdHours: z.number(),
  /**
   * Seconds in which nobody answers under the name: what two renames usually take, or a whole restore where it is set
   * aside first, or what either took here before.
   */
  outageSeconds: z.object({ from: z.number(), to: z.number() }),
  /** What this database's own finished runs took; absent without any. */
  history: z.object({ durationSeconds: z.optional(Expected), outageSeconds: z.optional(Expected) }),
  /**
   * What the database that stands beside costs a month, in US dollars, by the price list of a month and a Region; what
   * comes on top. Absent where no price is known.
   */
  cost: z.optional(
    z.object({
      monthly: z.number(),
      asOf: z.string(),
      of: z.optional(z.string()),
      without: z.optional(z.array(z.string())),
    }),
  ),
  /** Sentences that people should read before they approve. */
  warnings: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;
