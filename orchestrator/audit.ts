import type { AuditEvent } from './audit-event';
import { digest } from './digest';
import type { Run } from './run';

/** An entry before it is sealed into a trail. */
export type UnsealedEvent = Omit<AuditEvent, 'seal'>;

/** A trail with these entries at its end. Each seal covers its entry and the seal before; the first begins at `root`. */
export function sealed(root: string, trail: readonly AuditEvent[], events: readonly UnsealedEvent[]): AuditEvent[] {
  const all = [...trail];
  for (const event of events) all.push({ ...event, seal: sealOf(all.at(-1)?.seal ?? digest(root), event) });
  return all;
}

/** An entry as it lies in a table to which others have rights: anything may have been done to it. */
export type FoundEntry = Record<string, unknown>;

/** The places, counted from 1, at which a trail does not follow from what is before: something there was changed. */
export function brokenSeals(root: string, trail: readonly FoundEntry[]): number[] {
  return trail.flatMap(({ seal, ...event }, index) => {
    const before = index === 0 ? digest(root) : trail[index - 1]?.seal;
    return before !== undefined && seal === sealOf(before, event) ? [] : [index + 1];
  });
}

const sealOf = (before: unknown, event: FoundEntry | UnsealedEvent): string => digest({ before, event });

/**
 * What the record says was done and its trail does not tell of. A chain of which the end was cut off is still a chain, so
 * the seals alone do not show it. Plans are left out: the record keeps the newest only.
 */
export function untold(run: Run, trail: readonly FoundEntry[]): UnsealedEvent[] {
  const told = new Set(trail.map(deed));
  return changes(undefined, run).filter(
    (event) => event.what !== 'planned' && event.what !== 'plan-changed' && !told.has(deed(event)),
  );
}

const deed = ({ what, at, by, step }: FoundEntry | UnsealedEvent): string => JSON.stringify([what, at, by, step]);

/**
 * The record with everything in its trail in which it differs from the one before: whoever changes a run cannot forget
 * the audit, and the entry is written in the same write as the change.
 */
export function withAudit(before: Run | undefined, after: Run): Run {
  const events = changes(before, after).sort((one, other) => one.at - other.at);
  return events.length === 0 ? after : { ...after, audit: sealed(after.id, before?.audit ?? [], events) };
}

function changes(before: Run | undefined, after: Run): UnsealedEvent[] {
  return [
    ...(before === undefined ? [requested(after)] : []),
    ...planned(before, after),
    ...decided(before, after),
    ...steps(before, after),
    ...kept(before, after),
    ...ended(before, after),
  ];
}

function requested({ request }: Run): UnsealedEvent {
  const { at, requester, channel, askedIn, reason, database, source, target } = request;
  const detail = JSON.stringify({ database, source, target, reason });
  return { at, what: 'requested', by: requester.id, from: askedIn ?? channel, detail };
}

function planned(before: Run | undefined, after: Run): UnsealedEvent[] {
  if (after.planHash === undefined || after.planHash === before?.planHash) return [];
  const resource = after.plan?.target.resourceId;
  const common = { planHash: after.planHash, ...(resource !== undefined && { before: resource }) };
  const moved = after.planMoved;
  if (before?.planHash === undefined || moved === undefined)
    return [{ at: after.plan?.madeAt ?? after.request.at, what: 'planned', ...common }];
  return [{ at: moved.at, what: 'plan-changed', detail: moved.differences.join(', '), ...common }];
}

function decided(before: Run | undefined, after: Run): UnsealedEvent[] {
  const decisions = after.decisions.slice(before?.decisions.length ?? 0).map((one): UnsealedEvent => {
    const { at, by, as, from, planHash, decision, gate, reason } = one;
    const what = decision === 'deny' ? 'denied' : gate === 'go-ahead' ? 'swap-now' : 'approved';
    return { at, what, by, planHash, ...given({ as, from, step: gate, detail: reason }) };
  });
  const glass = (after.glass ?? []).slice(before?.glass?.length ?? 0).map((one): UnsealedEvent => {
    const { at, by, as, from, gate, planHash, reason, voided } = one;
    const detail = voided === undefined ? reason : `${reason} (run ${voided} gave way)`;
    return { at, what: 'glass-broken', by, step: gate, detail, ...given({ as, from, planHash }) };
  });
  const { reminded } = after;
  const isReminded = reminded !== undefined && reminded.at !== before?.reminded?.at;
  const reminder: UnsealedEvent[] = isReminded
    ? [{ at: reminded.at, what: 'reminded', step: reminded.gate, detail: `reminder ${reminded.count}` }]
    : [];
  const { startedNow } = after;
  const isEarly = startedNow !== undefined && before?.startedNow === undefined;
  const early: UnsealedEvent[] = isEarly ? [{ at: startedNow.at, what: 'started-early', by: startedNow.by }] : [];
  return [...decisions, ...glass, ...early, ...reminder];
}

function steps(before: Run | undefined, after: Run): UnsealedEvent[] {
  return Object.entries(after.steps).flatMap(([step, record]): UnsealedEvent[] => {
    const was = before?.steps[step];
    const { doneAt, undoneAt, note, undoNote } = record;
    const isDone = doneAt !== undefined && was?.doneAt !== doneAt;
    const isUndone = undoneAt !== undefined && was?.undoneAt !== undoneAt;
    return [
      ...(isDone ? [{ at: doneAt, what: 'step-done' as const, step, ...given({ detail: note }), ...ends(after) }] : []),
      ...(isUndone
        ? [{ at: undoneAt, what: 'step-undone' as const, step, ...given({ detail: undoNote }), ...ends(after) }]
        : []),
    ];
  });
}

function kept(before: Run | undefined, after: Run): UnsealedEvent[] {
  const { extended, released, until } = after.hold ?? {};
  const isExtended = extended !== undefined && extended.at !== before?.hold?.extended?.at;
  const isReleased = released !== undefined && released.at !== before?.hold?.released?.at;
  const detail = `until ${new Date(until ?? 0).toISOString()}`;
  return [
    ...(isExtended ? [{ at: extended.at, what: 'kept-longer' as const, by: extended.by, detail }] : []),
    ...(isReleased ? [{ at: released.at, what: 'released' as const, by: released.by, ...ends(after) }] : []),
  ];
}

function ended(before: Run | undefined, after: Run): UnsealedEvent[] {
  const { stop, help, finishedAt, closedAt } = after;
  const events: UnsealedEvent[] = [];
  if (stop && before?.stop?.at !== stop.at)
    events.push({
      at: stop.at,
      what: 'stopped',
      detail: stop.problem.message,
      step: stop.kind,
      ...given({ by: stop.by }),
    });
  if (help && before?.help?.at !== help.at)
    events.push({ at: help.at, what: 'needs-help', step: help.step, detail: help.problem.message, ...ends(after) });
  if (help?.released && before?.help?.released === undefined)
    events.push({ at: help.released.at, what: 'lock-released', by: help.released.by });
  if (finishedAt !== undefined && before?.finishedAt === undefined)
    events.push({ at: finishedAt, what: 'finished', ...given({ planHash: after.planHash }), ...ends(after) });
  if (closedAt !== undefined && before?.closedAt !== closedAt)
    events.push({ at: closedAt, what: 'closed', detail: after.status, ...ends(after) });
  return events;
}

/** Who had the name before, and what was made to have it: resource ids stay the same through renames. */
function ends({ facts }: Run): Pick<UnsealedEvent, 'before' | 'after'> {
  return given({ before: facts.original?.resourceId, after: facts.copy?.resourceId });
}

/** Without what is not there: an entry is sealed as it is stored. */
function given<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
