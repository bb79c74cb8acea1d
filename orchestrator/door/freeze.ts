import { type Refused, refused } from '../errors';
import { countsAs, mention } from '../policy';
import type { Freeze } from '../ports';
import type { Run } from '../run';
import { freezeValues } from '../standstill';
import { type Acting, identities } from './acting';
import { type DoorParts, hasTimeFor } from './parts';

/** Whether this person may freeze and unfreeze. */
export async function mayAdministrate(parts: DoorParts, input: Omit<Acting, 'run'>): Promise<{ ok: true } | Refused> {
  return notAdministrator(parts, input) ?? { ok: true };
}

/** Stops everything: no run starts, and no gate opens, until somebody unfreezes. */
export async function freezeAll(
  parts: DoorParts,
  input: Omit<Acting, 'run'> & { reason: string },
): Promise<{ ok: true; freeze: Freeze } | Refused> {
  const { freezes, clock } = parts;
  const refusal = notAdministrator(parts, input);
  if (refusal) return refusal;
  const reason = input.reason.trim();
  if (reason === '') return refused('freeze-reason-missing');
  const freeze = { by: input.by, at: clock.now(), reason };
  if (await freezes.freeze(freeze, input.from)) return { ok: true, freeze };
  const current = await freezes.current();
  return current ? refused('already-frozen', freezeValues(current)) : refused('not-frozen');
}

/** Lets everything go on. `woken`: settles when the gates that it kept shut are asked to look again. */
export async function unfreezeAll(
  parts: DoorParts,
  input: Omit<Acting, 'run'>,
): Promise<{ ok: true; freeze: Freeze; woken: Promise<unknown> } | Refused> {
  const { freezes, runs, clock } = parts;
  const refusal = notAdministrator(parts, input);
  if (refusal) return refusal;
  const freeze = await freezes.current();
  if (freeze === undefined) return refused('not-frozen');
  // Beside each other: people wait, and a gate that is reached in between looks again by itself.
  const [isLifted, open] = await Promise.all([freezes.lift(freeze, input.by, clock.now(), input.from), runs.open()]);
  if (!isLifted) return refused('not-frozen');
  const waiting = open.filter((run) => run.status === 'waiting' && run.stop === undefined);
  return { ok: true, freeze, woken: wake(parts, waiting) };
}

async function wake(parts: DoorParts, waiting: readonly Run[]): Promise<void> {
  const { runs, ticks, clock } = parts;
  await Promise.all(waiting.map((run) => runs.lookAt(run.id, clock.now())));
  if (hasTimeFor(parts, 1)) await ticks.send([{ tick: { kind: 'look', depth: 0 }, delaySeconds: 0 }]);
}

function notAdministrator(parts: DoorParts, input: Omit<Acting, 'run'>): Refused | undefined {
  const { administrators } = parts.policy;
  if (countsAs({ by: administrators }, identities(input)).length > 0) return undefined;
  const unread = (input.groups?.unknown ?? []).filter((id) => administrators.includes(id));
  if (unread.length > 0) return refused('groups-unknown', { groups: mention(unread) });
  return refused('not-an-administrator', { allowed: mention(administrators) });
}
