import { WebAPIPlatformError } from '@slack/web-api';
import type { Button } from '../listener';
import { channelOf, fields, readForm, restoreForm } from '../views/restore-form';

/** Another database was chosen in the form: the snapshot field begins anew. */
export const databaseChosen: Button = {
  kind: 'button',
  id: fields.database,
  async press(_, { body, client }) {
    const { view } = body;
    if (view === undefined) return { ok: true };
    const { database, reason } = readForm(view.state.values);
    const fresh = restoreForm({ channel: channelOf(view), database, reason });
    try {
      await client.views.update({ view_id: view.id, hash: view.hash, view: fresh });
    } catch (error) {
      // Somebody was faster: the form changed again, and that change is on its way to us too.
      const isOutdated = error instanceof WebAPIPlatformError && error.data.error === 'hash_conflict';
      if (!isOutdated) throw error;
    }
    return { ok: true };
  },
};
