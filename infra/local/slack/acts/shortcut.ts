import type { ShortcutInput } from './input';
import { type Perform, wentWrong } from './outcome';

/** Slack: shortcuts payload. A global shortcut has no channel. */
export const shortcut: Perform<ShortcutInput> = async ({ store, line }, person, input) => {
  const exchange = await line.interaction(person, {
    type: 'shortcut',
    callback_id: input.shortcut,
    trigger_id: store.triggers.make(person.id),
    action_ts: store.nextTs(),
  });
  return { exchange, ...(!exchange.reply.ok && { notice: wentWrong }) };
};
