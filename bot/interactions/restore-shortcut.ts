import { shortcuts } from '../buttons';
import type { Shortcut } from '../listener';
import { restoreForm } from '../views/restore-form';

/** The form from anywhere in Slack; a global shortcut knows no channel, so the form asks for one. */
export const restoreShortcut: Shortcut = {
  kind: 'shortcut',
  id: shortcuts.restore,
  async open({ inventory, clock }, { client, trigger }) {
    const view = restoreForm({ channel: undefined, asksChannel: true });
    await Promise.all([client.views.open({ trigger_id: trigger, view }), inventory.used(clock.now())]);
    return undefined;
  },
};
