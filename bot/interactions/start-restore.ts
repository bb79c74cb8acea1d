import { buttons } from '../buttons';
import type { Button } from '../listener';
import { restoreForm } from '../views/restore-form';

/** Opens the form from the Home tab, which has no channel: the form asks for one. */
export const startRestore: Button = {
  kind: 'button',
  id: buttons.startRestore,
  async press({ inventory, clock }, { client, trigger }) {
    const view = restoreForm({ channel: undefined, asksChannel: true });
    await Promise.all([client.views.open({ trigger_id: trigger, view }), inventory.used(clock.now())]);
    return { ok: true };
  },
};
