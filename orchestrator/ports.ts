import type { UnsealedEvent } from './audit';
import type { AuditEvent } from './audit-event';
import type { Comparison, Phase, Run } from './run';
import type { Settings } from './settings';

/** Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** `ready`: takes changes. `busy`: will be ready by itself. `resting`: stopped or full, needs a person. `failed`: will not be ready. */
export type Readiness = 'ready' | 'busy' | 'resting' | 'failed';

/** A part of a database that answers by itself and has a name of its own: one instance of a cluster. */
export interface Member {
  name: string;
  isWriter: boolean;
  readiness: Readiness;
  /** A rename that was accepted and is not visible yet. */
  renamingTo: string | undefined;
}

/** A database as it is at one moment. */
export interface Database {
  kind: 'instance' | 'cluster';
  name: string;
  /** Stays the same through renames: the only thing to wait by. */
  resourceId: string;
  arn: string;
  engine: string;
  version: string;
  class: string;
  /** The service's own word, for people. */
  status: string;
  readiness: Readiness;
  /** It answers under this address; absent while it is being made. */
  endpoint: string | undefined;
  /** Modifications that were accepted and are not done, in words. */
  pending: string[];
  /** Parts that are still being applied although the database is available, in words. */
  unsettled: string[];
  /** A rename that was accepted and is not visible yet. */
  renamingTo: string | undefined;
  tags: Record<string, string>;
  /** Names of read replicas, which follow the resource and not the name. */
  replicas: string[];
  deletionProtection: boolean;
  /** Why this kind of database is not restored in place; undefined when it is. */
  unsupported: string | undefined;
  /** Why no copy-on-write clone can be made of it; undefined when it can. */
  unclonable: string | undefined;
  /** `hh:mm-hh:mm` and `ddd:hh:mm-ddd:hh:mm`, UTC. */
  backupWindow: string | undefined;
  maintenanceWindow: string | undefined;
  /** It is on its way out. */
  isLeaving: boolean;
  /** A backup runs (RDS: `backing-up`). */
  isBackingUp: boolean;
  /** Empty when nothing but the database has a name. */
  members: Member[];
  /** Resource ids of which the next news will be: its own, or those of the members that it waits for. */
  awaited: string[];
  settings: Settings;
}

/** The moments to which a database can be restored, in milliseconds since the epoch. */
export interface Window {
  from: number;
  to: number;
}

export interface Snapshot {
  /** What a restore of it makes. */
  kind: 'instance' | 'cluster';
  id: string;
  arn: string;
  database: string;
  status: string;
  isAvailable: boolean;
  hasFailed: boolean;
  percent: number | undefined;
  /** Milliseconds since the epoch; absent while it is being made. */
  createdAt: number | undefined;
  engine: string;
  version: string;
  sizeGib: number;
  type: string;
  encrypted: boolean;
  /** Another account's, and encrypted with its key: RDS restores only a copy of it that this account has made. */
  isToCopy: boolean;
  /** Why nobody but its owner can restore it; undefined when this account can. */
  unusable: string | undefined;
}

/** One of the account's limits in this Region. */
export interface Quota {
  /** `DB instances` */
  what: string;
  used: number;
  max: number;
  /** How much of it one more database takes. */
  needed: number;
}

/** What one call towards equality came to. */
export type Converged = 'equal' | { changing: string[] /** Minutes, not seconds. */; isLong?: boolean };

/**
 * The databases of one account and Region. Every method may throw a ServiceRefusal.
 * Reads by resource id, and of one snapshot, may answer what `prefetch` read a few seconds ago.
 */
export interface Databases {
  /** `kind`: for a name that this run alone gives. Nobody else has it, so only this kind is asked, and nothing beside it. */
  find(name: string, kind?: Database['kind']): Promise<Database | undefined>;
  byResourceId(resourceId: string): Promise<Database | undefined>;
  /**
   * One describe for many, resource ids and snapshots, so that a thousand waiting runs cost what one costs. Of a cluster
   * it reads all but how its members are: whoever waits for those watches them (Database, `awaited`).
   */
  prefetch(watched: string[]): Promise<void>;
  /** Reads, again for all of them at once, what `prefetch` has left out: the members of clusters. */
  complete(watched: string[]): Promise<void>;
  /** A digest of all that `prefetch` has just read of these; undefined when it has not. */
  sight(watched: string[]): string | undefined;
  /** Newest first; of this very database, found by its name. */
  snapshotsOf(name: string): Promise<Snapshot[]>;
  snapshot(id: string): Promise<Snapshot | undefined>;
  /**
   * Of a name that this account has not: the account that shares a cluster of this name, which may be read and no more
   * (Aurora: Cross-account cloning).
   */
  ownerElsewhere(name: string): Promise<string | undefined>;
  /** Those of both kinds that other accounts share with this one, newest first. */
  sharedSnapshots(): Promise<Snapshot[]>;
  /** What the account has and may have of everything that one more database like this takes, and of its manual snapshots. */
  room(like: Pick<Database, 'kind' | 'settings'>): Promise<{ copy: Quota[]; snapshots: Omit<Quota, 'needed'> }>;
  /** Names of RDS proxies that send connections to this database. */
  proxiesOf(name: string): Promise<string[]>;

  /** Starts a snapshot; an existing one of that id is left as it is. */
  takeSnapshot(database: Database, id: string, tags: Record<string, string>): Promise<void>;
  /** Starts a copy of a snapshot under a key of this account; an existing one of that id is left as it is. */
  copySnapshot(snapshot: Snapshot, id: string, kmsKey: string | undefined, tags: Record<string, string>): Promise<void>;
  /** Starts a restore under `name` with every setting that the call takes. */
  restore(input: {
    snapshot: Snapshot;
    /** The database whose settings are wanted, if it is still there. */
    like: Database | undefined;
    settings: Settings;
    name: string;
    tags: Record<string, string>;
  }): Promise<void>;
  /** Between which moments the database can be restored; undefined when automated backups are off or not finished. */
  restorable(database: Database): Promise<Window | undefined>;
  /** Starts a restore of the database as it was at `at`, under `name`, with every setting that the call takes. */
  restoreToTime(input: {
    from: Database;
    at: number;
    settings: Settings;
    name: string;
    tags: Record<string, string>;
  }): Promise<void>;
  /** Starts a copy-on-write clone of what the database holds now, as a restore does; only of what can be cloned. */
  clone(input: { from: Database; settings: Settings; name: string; tags: Record<string, string> }): Promise<void>;
  /** Deletes a snapshot; one that is gone is what was asked for. */
  removeSnapshot(snapshot: Pick<OwnSnapshot, 'id' | 'kind'>): Promise<void>;
  /** The next change that brings the database nearer to `wanted`, or 'equal'. Protection is not among them. */
  converge(database: Database, wanted: Settings): Promise<Converged>;
  /** Which of these settings no copy can have, in words, and why. */
  impossible(kind: Database['kind'], settings: Settings): { title: string; why: string }[];
  /** Field by field, every setting that the tables know. */
  compare(wanted: Settings, actual: Database): Comparison[];
  rename(database: Database, to: string): Promise<void>;
  /** A member keeps its name when its database gets another one; its rename restarts it. */
  renameMember(database: Database, member: string, to: string): Promise<void>;
  /** Makes another member the writer; nobody can write for about half a minute. */
  failOver(database: Database, to: string): Promise<void>;
  /**
   * The next call that brings to `holder` what follows a resource and not its name: custom endpoints and the targets of
   * `proxies`; or 'equal'. `other` is whoever had them before; it is not touched while it still has the name.
   */
  reattach(holder: Database, other: Database | undefined, wanted: Settings, proxies: string[]): Promise<Converged>;
  /**
   * The next call that takes off what still leads people to a database that has lost the name `from`: custom endpoints
   * and the targets of `proxies`; or 'equal'. `reattach` brings both back.
   */
  detach(database: Database, from: string, proxies: string[]): Promise<Converged>;
  protect(database: Database, on: boolean): Promise<void>;
  tag(database: Database, tags: Record<string, string>): Promise<void>;
  untag(database: Database, keys: string[]): Promise<void>;
  /** Starts the deletion. Without `finalSnapshot` nothing of it is kept but, if asked for, its automated backups. */
  remove(database: Database, options: { finalSnapshot: string | undefined; keepBackups: boolean }): Promise<void>;
}

/** What a snapshot of ours was taken for. Only those that people asked for have a retention. */
export type SnapshotPurpose = 'asked' | 'safety' | 'source' | 'final' | 'copy' | 'shared';

/** A snapshot that Trapheus has taken, with the settings of its database at that moment. */
export interface OwnSnapshot {
  id: string;
  database: string;
  /** Of the database that it was taken of. */
  resourceId: string;
  run: string;
  purpose: SnapshotPurpose;
  takenAt: number;
  kind: Database['kind'];
  engine: string;
  version: string;
  class: string;
  settings: Settings;
  tags: Record<string, string>;
}

/** The snapshots that Trapheus has taken: what is not in here is not ours to delete. */
export interface OwnSnapshots {
  /** Written before the snapshot is asked for; writing it again changes nothing. */
  write(snapshot: OwnSnapshot): Promise<void>;
  find(id: string): Promise<OwnSnapshot | undefined>;
  /** Newest first. */
  ofDatabase(database: string): Promise<OwnSnapshot[]>;
  /** Every database of which a snapshot was ever taken; some of them may have none left. */
  databases(): Promise<string[]>;
  forget(id: string): Promise<void>;
}

/** The token with which a state of the execution waits, and when to look next. Never leaves the worker and watcher. */
export interface Wait {
  runId: string;
  token: string | undefined;
  step: string | undefined;
  phase: Phase | undefined;
  retry: number;
  nextLookAt: number;
  /** When a heartbeat was last sent for the token. */
  beatenAt: number;
  /** Resource ids that the next look will read. */
  watching: string[];
  /** A rename is in flight: look every three seconds. */
  isNameInFlight: boolean;
  /** News is likely any second: look as often. */
  isBrief: boolean;
  /** Nobody waits for it: look when the schedule ticks. */
  isIdle: boolean;
  rest: Rest | undefined;
}

/** Until when nobody has to look, while all that is watched stays as it was. */
export interface Rest {
  until: number;
  /** Databases.sight, as the last look saw it. */
  sight: string;
}

export interface Lock {
  database: string;
  run: string;
  requester: string;
  /** `reserved` until capture: an Undo may void it. `held` from capture to finish. */
  state: 'reserved' | 'held';
  /** When it was taken, in milliseconds since the epoch. */
  at: number;
}

/** How a look ends: what to remember for the next one. */
export interface NextLook {
  /** Absent: as soon as before, which is at every tick of the row. Each change of it costs a write of the index, too. */
  at?: number | undefined;
  /** When the next look was due as this one began: a click that asked for an earlier one meanwhile is not overruled. */
  seen: number;
  watching: string[];
  isNameInFlight: boolean;
  isBrief?: boolean;
  isIdle?: boolean;
  rest?: Rest | undefined;
}

/** Run records, locks, waits. Each write is one conditional write of one item. */
export interface Runs {
  /** False when a run of that id exists. */
  create(run: Run, firstLookAt: number): Promise<boolean>;
  load(id: string): Promise<Run | undefined>;
  /**
   * Applies a pure transition to the newest record and writes it under the next version; again on a race.
   * A transition that answers its argument writes nothing. Answers the record as it now stands.
   * `known`: a record just read, tried first; when it is not the newest any more, the write is refused and tried again.
   */
  update(id: string, transition: (run: Run) => Run, known?: Run): Promise<Run | undefined>;
  /** Takes back a run that never reserved its database. */
  discard(id: string): Promise<void>;
  /** Runs that are not closed, and closed ones until `archive`. */
  open(): Promise<Run[]>;
  /** Takes a closed run, whose last state people have seen, off the open list and puts it on that of the past. */
  archive(id: string): Promise<void>;
  /** Archived runs, those asked for last first. */
  recent(limit: number): Promise<Run[]>;
  /** Ids of the runs that `open` and `recent` tell of, as an index knows them: it may be a moment behind. */
  listed(list: 'open' | 'past', limit?: number): Promise<string[]>;
  /** The newest records of these runs, in their order; those that are not there any more are left out. */
  all(ids: readonly string[]): Promise<Run[]>;
  /** Newest first. */
  ofDatabase(database: string, limit: number): Promise<Run[]>;

  /**
   * Writes down that a person was refused; never in the way of anything, and not more than a hundred for each run.
   * `known`: the refusals before it, just read.
   */
  refused(id: string, event: UnsealedEvent, known?: AuditEvent[]): Promise<void>;
  refusals(id: string): Promise<AuditEvent[]>;

  lockOf(database: string): Promise<Lock | undefined>;
  /** Takes the lock if it is free, this run's already, or `from`'s, as it was read. */
  takeLock(lock: Lock, from?: Pick<Lock, 'run' | 'state'>): Promise<boolean>;
  freeLock(database: string, run: string): Promise<void>;

  wait(id: string): Promise<Wait | undefined>;
  /** Stores a token if (entered, retry) is newer than the stored one's. */
  storeToken(
    id: string,
    token: { token: string; step: string; phase: Phase; entered: string; retry: number },
    now: number,
    /** What the first look will read, if somebody else is to have it. */
    watching?: string[],
  ): Promise<boolean>;
  /** The right to act on the run until `until`, for one holder at a time. */
  takeLease(id: string, holder: string, now: number, until: number): Promise<Wait | undefined>;
  /** Gives the lease back and says when to look next. */
  endLook(id: string, holder: string, next: NextLook): Promise<void>;
  /** Forgets an answered token: the next one comes with the next state. */
  tokenAnswered(id: string, token: string, holder: string, nextLookAt: number): Promise<void>;
  beaten(id: string, token: string, at: number): Promise<void>;
  /** Ends a rest: somebody has changed the record. */
  lookAt(id: string, at: number): Promise<void>;
  /** Waits whose next look is at or before `until`, soonest first. */
  due(until: number): Promise<Wait[]>;
  /** Nothing is due for this run any more, unless another token than `token` is out. */
  endWait(id: string, token?: string): Promise<void>;

  /** Whether an RDS event's tick may look: drops ticks that come within `gapMs` of another. */
  claimTick(now: number, gapMs: number): Promise<boolean>;
  /**
   * Notes that ticks `everySeconds` apart are on their way for the time from `from` to `until`, unless they already are
   * from `from` to `needed`. Answers for which time they were; undefined when nothing has to be sent.
   */
  planTicks(
    everySeconds: number,
    wanted: { from: number; until: number; needed: number },
  ): Promise<{ from: number; until: number } | undefined>;
  /** The version of each run that its card shows, 0 before there is one; and whether the card stands in line. */
  cards(ids: string[]): Promise<Map<string, { version: number; isInLine: boolean }>>;
  /** The runs whose cards are first in the line of those that have something left to show. */
  cardsInLine(count: number): Promise<string[]>;
  /** Makes the stream deliver the run again, so that a card that is behind is driven again. */
  touch(id: string): Promise<void>;
}

/** Everything stands still since then: no run starts, and no gate opens. */
export interface Freeze {
  by: string;
  at: number;
  reason: string;
}

/** The global stop. Each change is one conditional write, and leaves an entry in its own audit trail. */
export interface Freezes {
  current(): Promise<Freeze | undefined>;
  /** False when everything is frozen already. */
  freeze(freeze: Freeze, from?: string): Promise<boolean>;
  /** False when nothing is frozen, or somebody else has frozen it since. */
  lift(freeze: Freeze, by: string, at: number, from?: string): Promise<boolean>;
  /** Oldest first. */
  audit(): Promise<AuditEvent[]>;
}

export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted' | 'unknown';

/** The state machine, whose executions carry a run id and nothing else. */
export interface Executions {
  /** Starting what was started is harmless. */
  start(name: string, runId: string): Promise<void>;
  status(name: string): Promise<ExecutionStatus>;
  /** False when the token is expired, used or unknown. */
  succeed(token: string): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
  beat(token: string): Promise<boolean>;
}

/** A wish that the watcher looks: never truth, always a hint. */
export type Tick =
  /** From the schedule: look, and send the rest of this minute. */
  | { kind: 'minute' }
  /** `depth`: how many ticks lie behind this one; at three it sends no further ones. */
  /** `every`: one of a row that is so many seconds apart; absent: RDS had news. */
  | { kind: 'look'; depth: number; every?: number | undefined }
  | { kind: 'run'; run: string; depth: number };

export interface Ticks {
  /** Delays in seconds, 0 to 900. */
  send(ticks: { tick: Tick; delaySeconds: number }[]): Promise<void>;
}

export interface InventoryEntry {
  name: string;
  kind: 'instance' | 'cluster';
  engine: string;
  version: string;
  class: string;
  status: string;
  environment: string | undefined;
  /** A copy-on-write clone can be made of it. */
  isClonable: boolean;
}

/**
 * Names for pickers, refreshed while somebody uses the bot; databases that are gone and can come back among them.
 * Never truth: the chosen database is read fresh.
 */
export interface Inventory {
  list(): Promise<InventoryEntry[]>;
  /** Says that somebody looks, so that the watcher keeps it fresh. */
  used(now: number): Promise<void>;
  /** Reads all databases again if somebody used the inventory lately and it is older than a few minutes. */
  refreshIfUsed(now: number): Promise<void>;
}
