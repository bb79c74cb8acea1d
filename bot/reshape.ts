import { WebAPIPlatformError } from '@slack/web-api';
import type { Click } from './listener';
import { channelOf, type Filled, type FormState, readForm, restoreForm } from './views/restore-form';

/** Shows the form anew after a choice, with what it needs now and with everything that is filled in already. */
export async function reshape({ body, client }: Click, keep: (state: FormState) => Partial<Filled>): Promise<void> {
  const { view } = body;
  if (view === undefined) return;
  const fresh = restoreForm({ channel: channelOf(view), ...keep(readForm(view.state.values)) });
  try {
    await client.views.update({ view_id: view.id, hash: view.hash, view: fresh });
  } catch (error) {
    // Somebody was faster: the form changed again, and that change is on its way to us too.
    const isOutdated = error instanceof WebAPIPlatformError && error.data.error === 'hash_conflict';
    if (!isOutdated) throw error;
  }
}

/** Everything that the form holds. */
export function filledOf(state: FormState): Omit<Filled, 'channel'> {
  const { database, snapshot, snapshotText, at, target, name, keepHours, keepsWrites, reason } = state;
  return { database, snapshot, snapshotText, at, target, name, keepHours, keepsWrites, reason };
}
