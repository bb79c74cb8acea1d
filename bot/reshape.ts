import { WebAPIPlatformError } from '@slack/web-api';
import type { Caller, Click, Parts } from './listener';
import {
  type Filled,
  type FormState,
  placeOf,
  readForm,
  restoreForm,
  timeSource,
  windowWords,
} from './views/restore-form';

/** Shows the form anew after a choice, with what it needs now and with everything that is filled in already. */
export async function reshape(parts: Parts, click: Click, keep: (state: FormState) => Partial<Filled>): Promise<void> {
  const { view } = click.body;
  if (view === undefined) return;
  const filled = keep(readForm(view.state.values));
  const fresh = restoreForm({ ...placeOf(view), ...filled, ...(await windowOf(parts, click, filled)) });
  try {
    await click.client.views.update({ view_id: view.id, hash: view.hash, view: fresh });
  } catch (error) {
    // Somebody was faster: the form changed again, and that change is on its way to us too.
    const isOutdated = error instanceof WebAPIPlatformError && error.data.error === 'hash_conflict';
    if (!isOutdated) throw error;
  }
}

/** Everything that the form holds. */
export function filledOf(state: FormState): Omit<Filled, 'channel'> {
  const { database, snapshot, snapshotText, at, target, name, keepHours, keepsWrites, reason, start, startAt } = state;
  return { database, snapshot, snapshotText, at, target, name, keepHours, keepsWrites, reason, start, startAt };
}

/** Between which moments the point in time may lie, for a form that asks for one. */
export async function windowOf(
  { databases }: Pick<Parts, 'databases'>,
  { zone }: Pick<Caller, 'zone'>,
  { database, snapshot }: Partial<Filled>,
): Promise<Pick<Filled, 'window'>> {
  if (snapshot !== timeSource || database === undefined) return {};
  const there = await databases.find(database);
  // A name that nobody has is said under its own field.
  return there === undefined ? {} : { window: windowWords(await databases.restorable(there), zone) };
}
