import { messagePayload } from '../message-payload';
import type { MessageShortcutInput, ShortcutInput } from './input';
import { type Perform, wentWrong } from './outcome';
import { messageFor, NotPossible } from './scene';

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

/** Slack: message shortcuts payload. What only one person sees has no shortcuts. */
export const messageShortcut: Perform<MessageShortcutInput> = async ({ store, line }, person, input) => {
  const { message, channel } = messageFor(store, person, input);
  if (message.ephemeral_to !== undefined)
    throw new NotPossible('there are no shortcuts for a message that only you see');
  const exchange = await line.interaction(person, {
    type: 'message_action',
    callback_id: input.shortcut,
    trigger_id: store.triggers.make(person.id),
    action_ts: store.nextTs(),
    response_url: store.responseUrl({ user: person.id, channel: channel.id }),
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    message_ts: message.ts,
    message: messagePayload(store, message),
  });
  return { exchange, ...(!exchange.reply.ok && { notice: wentWrong }) };
};
