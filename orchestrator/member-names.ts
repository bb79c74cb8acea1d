import { memberName } from './names';
import type { Database, Member } from './ports';
import { membersOf, type Settings } from './settings';

/** The three names of one member of the original, and of its counterpart in the copy. */
export interface MemberNames {
  /** Which the original's has before the swap, and the copy's after it. */
  own: string;
  aside: string;
  temporary: string;
}

/** Every name follows from the recorded settings and the two clusters' names: nothing has to be remembered. */
export function memberNames(settings: Settings, clusters: { aside: string; copy: string }): MemberNames[] {
  const { members } = settings;
  if (members === null || typeof members !== 'object' || Array.isArray(members)) return [];
  return Object.keys(members)
    .sort()
    .map((own, index) => ({
      own,
      aside: memberName(clusters.aside, index + 1),
      temporary: memberName(clusters.copy, index + 1),
    }));
}

/** Who should write in the end, by its own name. */
export function writerName(settings: Settings): string | undefined {
  return typeof settings.writer === 'string' ? settings.writer : undefined;
}

/** The next act that brings the members' names nearer to where they belong. */
export type MemberAct =
  | { kind: 'done' }
  | { kind: 'wait'; note: string }
  /** Nobody is served by these: all at once. */
  | { kind: 'clear'; moves: { member: string; to: string }[] }
  /** `interrupts`: it is the only member, so that nobody answers meanwhile. */
  | { kind: 'rename'; member: string; to: string; interrupts: boolean }
  | { kind: 'fail-over'; to: string };

export interface MemberPlan {
  /** The database that holds the name, and whose members get their own names. */
  holder: Database;
  /** The one that has lost it; undefined when it is gone. */
  other: Database | undefined;
  /** A holder's member on its way: the name it has and the name it gets. */
  arriving: { from: string; to: string }[];
  /** What the other's members move to, so that their names are free. */
  leaving: { from: string; to: string }[];
  writer: string | undefined;
}

/**
 * Readers first; the writer when another member, under its own name by then, has taken its place: so only a failover is
 * noticed, and not the restart that a rename is. Decided from what is, never from what was done last time.
 */
export function nextMemberAct({ holder, other, arriving, leaving, writer }: MemberPlan): MemberAct {
  const named = (database: Database | undefined, name: string) => database?.members.find((one) => one.name === name);
  const toClear = leaving.filter(({ from }) => {
    const member = named(other, from);
    return member !== undefined && member.renamingTo === undefined && member.readiness === 'ready';
  });
  if (toClear.length > 0) return { kind: 'clear', moves: toClear.map(({ from, to }) => ({ member: from, to })) };

  const pending = arriving.filter(({ from }) => named(holder, from) !== undefined);
  const busy = holder.members.find((one) => one.readiness !== 'ready' || one.renamingTo !== undefined);
  if (busy) return { kind: 'wait', note: `Waiting until ${busy.renamingTo ?? busy.name} answers` };
  const isMissing = arriving.find(({ from, to }) => !named(holder, from) && !named(holder, to));
  if (pending.length === 0)
    return isMissing ? { kind: 'wait', note: `Waiting until ${isMissing.to} is to be seen` } : { kind: 'done' };
  if (holder.readiness !== 'ready')
    return { kind: 'wait', note: `Waiting until ${holder.name} is available (${holder.status})` };

  const held = pending.find(({ to }) => named(other, to));
  if (held) return { kind: 'wait', note: `Waiting until ${held.to} is free` };
  const reader = pending.find(({ from }) => named(holder, from)?.isWriter === false);
  if (reader) return { kind: 'rename', member: reader.from, to: reader.to, interrupts: false };
  const [last] = pending;
  if (last === undefined) return { kind: 'done' };
  const stands = (one: Member) => !one.isWriter && one.readiness === 'ready';
  const heir = holder.members.find((one) => stands(one) && one.name === writer) ?? holder.members.find(stands);
  return heir
    ? { kind: 'fail-over', to: heir.name }
    : { kind: 'rename', member: last.from, to: last.to, interrupts: true };
}

/** The settings with another member as the writer, where there is one: it is made first, and stands in from the start. */
export function withStandIn(settings: Settings): Settings {
  const writer = writerName(settings);
  const heir = Object.keys(membersOf(settings)).find((own) => own !== writer);
  return writer === undefined || heir === undefined ? settings : { ...settings, writer: heir };
}

/**
 * Before a cluster takes a name, while nobody uses it: whom to make its writer, so that the later failover, which people
 * notice, leaves the right one in its place. Undefined when nothing needs to change.
 */
export function standIn(database: Database, finalWriter: string | undefined): string | undefined {
  const isRight = database.members.some((one) => one.isWriter && one.name === finalWriter);
  if (!isRight) return undefined;
  return database.members.find((one) => !one.isWriter && one.readiness === 'ready')?.name;
}
