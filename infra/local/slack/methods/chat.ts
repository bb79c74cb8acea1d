import { ApiError } from '../api-error';
import { messagePayload } from '../message-payload';
import type { Message } from '../messages';
import type { Channel } from '../people';
import type { NewMessage, Store } from '../store';
import { blocksTextLimit, isEmpty, textLimit, textOf, validateMessage } from '../validate';
import { type Dict, dicts, isDict, string } from '../wire';
import { isTrue, type Method, required } from './method';

/** Slack: chat.update refuses a longer text (`msg_too_long`), where chat.postMessage takes more. */
const updateTextLimit = 4_000;

/** A channel by id, a public one by name, or a person: then the direct conversation. */
function target(store: Store, given: string): Channel {
  const person = store.person(given);
  if (person !== undefined) return store.direct(person);
  const name = given.replace(/^#/, '');
  const channel = store.channel(given) ?? store.channels.find((one) => one.kind === 'public' && one.name === name);
  const isHidden = channel?.kind !== 'public' && !channel?.members.includes(store.app.botUserId);
  if (channel === undefined || isHidden) throw new ApiError('channel_not_found');
  return channel;
}

function postable(store: Store, given: string): Channel {
  const channel = target(store, given);
  if (!channel.members.includes(store.app.botUserId)) throw new ApiError('not_in_channel');
  if (channel.isArchived) throw new ApiError('is_archived');
  return channel;
}

/** The parts of a message that its author chose, once Slack would take them. */
export function content(args: Dict): Pick<NewMessage, 'text' | 'blocks' | 'attachments' | 'metadata'> {
  const { text, blocks, attachments, metadata } = args;
  const given = {
    ...(text !== undefined && { text }),
    ...(blocks !== undefined && { blocks }),
    ...(attachments !== undefined && { attachments }),
    ...(metadata !== undefined && { metadata }),
  };
  if (blocks !== undefined && !Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  if (typeof text === 'string' && text.length > textLimit) throw new ApiError('msg_too_long');
  if (textOf(blocks) > blocksTextLimit) throw new ApiError('msg_blocks_too_long');
  const problems = validateMessage(given).filter(() => !isEmpty(given));
  const under = (pointer: string) => problems.filter((problem) => problem.pointer.startsWith(pointer));
  const codes = {
    '/blocks': 'invalid_blocks',
    '/attachments': 'invalid_attachments',
    '/metadata': 'invalid_metadata_format',
    '': 'invalid_arguments',
  };
  for (const [pointer, code] of Object.entries(codes)) {
    if (under(pointer).length > 0) throw ApiError.of(code, under(pointer));
  }
  return {
    text: string(text),
    blocks: blocks === undefined ? undefined : dicts(blocks),
    attachments: attachments === undefined ? undefined : dicts(attachments),
    metadata: isDict(metadata) ? metadata : undefined,
  };
}

function thread(store: Store, channel: Channel, args: Dict): string | undefined {
  const ts = string(args.thread_ts);
  if (!ts) return undefined;
  const parent = store.messages.find(channel.id, ts);
  if (parent === undefined || parent.ephemeral_to) throw new ApiError('invalid_thread_ts');
  return parent.thread_ts ?? parent.ts;
}

/** Slack: chat.update and chat.delete reach the app's own, visible messages only. */
function own(store: Store, args: Dict, refusal: string): Message {
  const channel = target(store, required(args, 'channel'));
  const message = store.messages.find(channel.id, required(args, 'ts'));
  if (message === undefined || message.ephemeral_to) throw new ApiError('message_not_found');
  if (message.user !== store.app.botUserId) throw new ApiError(refusal);
  return message;
}

const postMessage: Method = (args, store) => {
  const channel = postable(store, required(args, 'channel'));
  if (isEmpty(args)) throw new ApiError('no_text');
  const message = store.post({
    channel: channel.id,
    ...content(args),
    thread_ts: thread(store, channel, args),
    reply_broadcast: isTrue(args.reply_broadcast),
  });
  return { channel: channel.id, ts: message.ts, message: messagePayload(store, message) };
};

const update: Method = (args, store) => {
  const message = own(store, args, 'cant_update_message');
  if ((string(args.text)?.length ?? 0) > updateTextLimit) throw new ApiError('msg_too_long');
  const parts = content(args);
  const hasRest = parts.blocks === undefined && (message.attachments?.length ?? 0) > 0;
  if (parts.text === '' && !parts.blocks?.length && !parts.attachments?.length && !hasRest)
    throw new ApiError('no_text');
  store.edit(message, parts);
  return {
    channel: message.channel,
    ts: message.ts,
    text: message.text,
    message: messagePayload(store, message),
  };
};

const remove: Method = (args, store) => {
  const message = own(store, args, 'cant_delete_message');
  store.remove(message);
  return { channel: message.channel, ts: message.ts };
};

const postEphemeral: Method = (args, store) => {
  const channel = postable(store, required(args, 'channel'));
  const user = required(args, 'user');
  if (isEmpty(args)) throw new ApiError('no_text');
  if (!channel.members.includes(user)) throw new ApiError('user_not_in_channel');
  const message = store.post({
    channel: channel.id,
    ...content(args),
    thread_ts: thread(store, channel, args),
    ephemeral_to: user,
  });
  return { message_ts: message.ts };
};

const getPermalink: Method = (args, store) => {
  const channel = target(store, required(args, 'channel'));
  const message = store.messages.find(channel.id, required(args, 'message_ts'));
  if (message === undefined || message.ephemeral_to) throw new ApiError('message_not_found');
  return { channel: channel.id, permalink: store.permalink(message) };
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
