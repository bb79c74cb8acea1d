import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import { conversation, type Mrkdwn, md } from './views/mrkdwn';

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

const direct = md`A restore is asked for in a channel, where the people who approve it can see it. Use the command in a channel that I am in.`;

const absent = (id: string): Mrkdwn =>
  md`I am not in this channel, so nobody would see the request. Invite me to ${conversation(id)} first, or ask in a channel that I am in.`;

function unfit(id: string, channel: z.infer<typeof Channel>): Mrkdwn | undefined {
  if (channel.is_im || channel.is_mpim) return direct;
  if (channel.is_archived) return md`${conversation(id)} is archived. Ask in another channel.`;
  if (channel.is_ext_shared)
    return md`${conversation(id)} is shared with another organisation, which would see the request. Ask in a channel of our own.`;
  if (channel.is_member === false) return absent(id);
  return undefined;
}
