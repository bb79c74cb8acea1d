import { shortcuts } from '../buttons';
import { channelRefusal } from '../callers/channels';
import type { Shortcut } from '../listener';
import { permalink } from '../permalinks';
import { restoreForm } from '../views/restore-form';

/** The form from a message that says why: its link is the reason's beginning. */
export const messageShortcut: Shortcut = {
  kind: 'shortcut',
  id: shortcuts.fromMessage,
  async open({ inventory, clock }, { client, trigger, site, message }) {
    if (message === undefined) return undefined;
    const { channel, ts } = message;
    const elsewhere = await channelRefusal(client, channel);
    // Where no card could live, people may still choose another channel.
    const place = elsewhere === undefined ? { channel } : { channel: undefined, asksChannel: true };
    const view = restoreForm({ ...place, reason: `See ${permalink(site, channel, ts)}` });
    await Promise.all([client.views.open({ trigger_id: trigger, view }), inventory.used(clock.now())]);
    return undefined;
  },
};
