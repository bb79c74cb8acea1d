import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { section } from './views/blocks';
import type { Mrkdwn } from './views/mrkdwn';

/** Says something where a command was typed, if the bot is there: what was done is done whether or not people are told. */
export async function tell(client: WebClient, channel: string, text: Mrkdwn): Promise<void> {
  try {
    await client.chat.postMessage({ channel, text, blocks: [section(text)], unfurl_links: false });
  } catch (error) {
    // Asked for in a channel that the bot is not in, or in which too much is said just now.
    const isRefused = error instanceof WebAPIPlatformError || error instanceof WebAPIRateLimitedError;
    if (!isRefused) throw error;
  }
}
