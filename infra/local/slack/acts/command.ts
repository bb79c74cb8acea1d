import { ApiError } from '../api-error';
import { answerObject } from '../app-line';
import { respond } from '../respond';
import type { CommandInput } from './input';
import type { Perform } from './outcome';
import { channelFor } from './scene';

/** Slack: Slash commands. The answer's text or JSON is a message for the acting person, or for the channel. */
export const command: Perform<CommandInput> = async ({ store, line }, person, input) => {
  const channel = channelFor(store, input.channel, person);
  const url = store.responseUrl({ user: person.id, channel: channel.id });
  const exchange = await line.command(person, {
    channel_id: channel.id,
    channel_name: { im: 'directmessage', private: 'privategroup', public: channel.name }[channel.kind],
    command: input.command,
    text: input.text,
    response_url: url,
    trigger_id: store.triggers.make(person.id),
  });
  const fail = (code: string) => {
    const notice = `${input.command} failed with the error "${code}"`;
    store.whisper(channel.id, person.id, notice);
    return { exchange, notice };
  };
  const { reply, entry } = exchange;
  if (!reply.ok) return fail(reply.failure);
  if (reply.body === '') return { exchange };
  const payload = answerObject(reply) ?? { text: reply.body };
  const target = store.responseUrls.find(url.slice(url.lastIndexOf('/') + 1));
  try {
    // Slack: an answer to the channel shows the command as well.
    if (payload.response_type === 'in_channel')
      store.post({ channel: channel.id, user: person.id, text: `${input.command} ${input.text}`.trim() });
    if (typeof target !== 'string') respond(store, target, payload);
    return { exchange };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    entry.problem = [error.code, ...error.messages].join(' ');
    return fail(error.code);
  }
};
