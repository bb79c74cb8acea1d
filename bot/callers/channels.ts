import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import { failure, type Log } from '../../orchestrator/log';
import type { Clock } from '../../orchestrator/ports';
import { conversation, type Mrkdwn, md } from '../views/mrkdwn';
import { Remembered } from './remembered';

const Channel = z.object({
  is_member: z.optional(z.boolean()),
  is_im: z.optional(z.boolean()),
  is_mpim: z.optional(z.boolean()),
  is_archived: z.optional(z.boolean()),
  is_ext_shared: z.optional(z.boolean()),
});

/**
 * Why a run's card could not live in this channel; undefined when it can. Slack hides private channels from bots that
 * are not in them (conversations.info: channel_not_found).
 * @throws what Slack's client throws when Slack does not answer.
 */
export async function channelRefusal(client: WebClient, id: string): Promise<Mrkdwn | undefined> {
  const isDirect = id.startsWith('D');
  if (isDirect) return direct;
  try {
    const { channel } = await client.conversations.info({ channel: id });
    return unfit(id, Channel.parse(channel));
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? error.data.error : undefined;
    if (code === 'channel_not_found') return absent(id);
    // Without the scope nobody can know: the request goes on, and a card that cannot be posted starts nothing.
    if (code === 'missing_scope') return undefined;
    throw error;
  }
}

/** Channels that another organisation reads along in: nothing is answered, shown or decided there. */
export class SharedChannels {
  readonly #areShared: Remembered<boolean>;
  readonly #log: Log;

  constructor(clock: Clock, log: Log) {
    this.#areShared = new Remembered(clock);
    this.#log = log;
  }

  /** Why nothing is done in this channel; undefined when something may be. A request asks Slack again, and strictly. */
  async refusal(client: WebClient, id: string): Promise<Mrkdwn | undefined> {
    const isShared = await this.#areShared.of(id, () => this.#ask(client, id));
    return isShared ? shared(id) : undefined;
  }

  async #ask(client: WebClient, id: string): Promise<boolean | undefined> {
    try {
      const { channel } = await client.conversations.info({ channel: id });
      return Channel.parse(channel).is_ext_shared ?? false;
    } catch (error) {
      // A channel that I cannot see is one in which no card of mine can be.
      if (!(error instanceof WebAPIPlatformError)) this.#log('warn', 'channel-unknown', failure(error));
      return undefined;
    }
  }
}

const shared = (id: string): Mrkdwn =>
  md`${conversation(id)} is shared with another organisation, which would see what is asked and answered. Do it in a channel of our own.`;

const direct = md`A restore is asked for in a channel, where the people who approve it can see it. Use the command in a channel that I am in.`;

const absent = (id: string): Mrkdwn =>
  md`I am not in this channel, so nobody would see the request. Invite me to ${conversation(id)} first, or ask in a channel that I am in.`;

function unfit(id: string, channel: z.infer<typeof Channel>): Mrkdwn | undefined {
  if (channel.is_im || channel.is_mpim) return direct;
  if (channel.is_archived) return md`${conversation(id)} is archived. Ask in another channel.`;
  if (channel.is_ext_shared) return shared(id);
  if (channel.is_member === false) return absent(id);
  return undefined;
}
