import * as z from 'zod/mini';

/** Where the data comes from. */
export const Source = z.discriminatedUnion('kind', [
  /** A snapshot by its identifier, or by its ARN when another account shares it. */
  z.strictObject({ kind: z.literal('snapshot'), snapshot: z.string().check(z.minLength(1)) }),
  z.strictObject({ kind: z.literal('newest') }),
  /**
   * A fresh snapshot, taken by the run and then restored. `keepsWrites`: the database is set aside before it is taken, so
   * that no write falls between the two, and nobody answers under the name while the copy is made.
   */
  z.strictObject({ kind: z.literal('now'), keepsWrites: z.optional(z.literal(true)) }),
  /** A copy-on-write clone of what the database holds at that moment, where it can be cloned. */
  z.strictObject({ kind: z.literal('clone') }),
  /** A point in time, in milliseconds since the epoch. */
  z.strictObject({ kind: z.literal('time'), at: z.int() }),
]);
export type Source = z.infer<typeof Source>;

/** CreateDBInstance: 1 to 63 letters, digits and hyphens, first a letter, no double and no trailing hyphen; kept in lower case. */
const Name = z.string().check(z.regex(/^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/));

/** Under which name the data answers in the end. */
export const Target = z.discriminatedUnion('kind', [
  /** Under the name of the database itself, which is set aside. */
  z.strictObject({ kind: z.literal('replace') }),
  /** Under a name that nobody has yet: a clone, for a while. Without `keepMs` policy.yml says for how long. */
  z.strictObject({ kind: z.literal('new'), name: Name, keepMs: z.optional(z.int().check(z.positive())) }),
  /** Under the name of another database, which is set aside: data from one, settings from the other. */
  z.strictObject({ kind: z.literal('onto'), name: Name }),
  /** Under its own name, which nobody has any more: the database itself is gone. */
  z.strictObject({ kind: z.literal('back') }),
  /** Nowhere: only a snapshot is taken. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type Target = z.infer<typeof Target>;

export const targetKinds = ['replace', 'new', 'onto', 'back', 'none'] as const satisfies readonly Target['kind'][];
export type TargetKind = (typeof targetKinds)[number];

/** What somebody wants: whose data, as of when, under which name. */
export interface Wish {
  /** The database whose data is wanted. */
  database: string;
  source: Source;
  target: Target;
  /** An explicit yes to a snapshot whose major version, and so its parameter group, is another. */
  acceptsOtherVersion?: boolean | undefined;
  /** When the run begins, in milliseconds since the epoch; absent: as soon as it is approved. */
  startAt?: number | undefined;
}

/** The name that the run takes, gives or works on: what it locks. */
export function subjectOf({ database, target }: Pick<Wish, 'database' | 'target'>): string {
  return target.kind === 'new' || target.kind === 'onto' ? target.name : database;
}

/** The database itself is read, and not something that was kept of it. */
export const isLive = ({ kind }: { kind: Source['kind'] }): boolean => kind !== 'snapshot' && kind !== 'newest';

/** The name is given up before the data is taken, and not only when the copy is there to take it. */
export const isSetAsideFirst = (source: Source | { kind: string; keepsWrites?: boolean | undefined }): boolean =>
  'keepsWrites' in source && source.keepsWrites === true;

/** Somebody loses the name for the copy: there are two ends to swap. */
export const takesName = (target: TargetKind): boolean => target === 'replace' || target === 'onto';

/** Nobody has the name, so that the copy is simply given it. */
export const givesName = (target: TargetKind): boolean => target === 'new' || target === 'back';

/** A database comes out of it that stays: it gets what only the holder of a name can have, and loses the run's tag. */
export const isForGood = (target: TargetKind): boolean => takesName(target) || target === 'back';
