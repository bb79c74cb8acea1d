import type { WebClient } from '@slack/web-api';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { digest } from '../orchestrator/digest';
import { failure, type Log } from '../orchestrator/log';
import type { Clock, Runs } from '../orchestrator/ports';
import type { Run } from '../orchestrator/run';
import type { Card, Cards } from './cards';
import type { House } from './house';
import type { Message } from './views/blocks';
import { renderCard } from './views/card';
import { replies } from './views/thread';

export interface NotifierParts {
  runs: Pick<Runs, 'load'>;
  cards: Cards;
  slack: () => Promise<WebClient>;
  house: House;
  clock: Clock;
  log: Log;
}

/** `later`: Slack or a neighbour stood in the way; the same call again will do. */
export type Shown = 'shown' | 'later';

/** Long enough for a card and a few replies at Slack's slowest; after a crash the next one waits as long. */
const leaseMs = 60_000;

/** Slack errors after which trying again changes nothing (Slack: chat.postMessage, Errors). */
const closedDoors = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
  'cannot_reply_to_message',
  'no_permission',
];
/** Slack does not take the blocks; it would not take them later either. */
const badBlocks = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];
/** The message that we knew is not there any more, or not ours to change. */
const lostMessages = ['message_not_found', 'cant_update_message', 'thread_not_found', 'edit_window_closed'];

/** Brings a run's messages in Slack to what its newest record says. Doing it again changes nothing. */
export async function show(parts: NotifierParts, id: string, holder: string): Promise<Shown> {
  const { runs, cards, clock, log } = parts;
  const run = await runs.load(id);
  if (run === undefined) return 'shown';
  const now = clock.now();
  const card = await cards.claim(id, run.request.channel, holder, now, now + leaseMs);
  if (card === undefined) return 'later';
  // A record that was read before the lease was ours may be older than what is shown.
  const newest = (await runs.load(id)) ?? run;
  // A request from AWS for which no rule names a channel: nobody is shown anything.
  if (newest.request.channel === '') {
    await cards.shown(id, holder, newest.version);
    return 'shown';
  }
  try {
    await new Drive(parts, newest, card, holder).run();
    await cards.shown(id, holder, newest.version);
    return 'shown';
  } catch (error) {
    const why = closedDoor(error);
    if (why !== undefined) {
      log('warn', 'card-undeliverable', { run: id, channel: card.channel, why });
      await cards.save(id, holder, { undeliverable: why });
      await cards.shown(id, holder, newest.version);
      return 'shown';
    }
    await cards.release(id, holder);
    if (!isPassing(error)) throw error;
    log('warn', 'card-behind', { run: id, version: newest.version, ...failure(error) });
    return 'later';
  }
}

/** Writes one run's messages, and after each writes down that it did. */
class Drive {
  readonly #parts: NotifierParts;
  readonly #run: Run;
  readonly #card: Card;
  readonly #holder: string;

  constructor(parts: NotifierParts, run: Run, card: Card, holder: string) {
    this.#parts = parts;
    this.#run = run;
    this.#card = card;
    this.#holder = holder;
  }

  async run(): Promise<void> {
    const { cards, house } = this.#parts;
    const slack = await this.#parts.slack();
    const ts = await this.#root(slack, renderCard(this.#run, house));
    if (this.#card.undeliverable !== undefined)
      await cards.save(this.#run.id, this.#holder, { undeliverable: undefined });
    for (const { id, broadcast, ...message } of replies(this.#run, house)) {
      if (this.#card.replies.includes(id)) continue;
      const place = { channel: this.#card.channel, thread_ts: ts, ...quiet };
      await this.#say(message, (said) =>
        slack.chat.postMessage(broadcast ? { ...place, ...said, reply_broadcast: true } : { ...place, ...said }),
      );
      await cards.posted(this.#run.id, this.#holder, id);
    }
  }

  /** The root message as it should be; posted anew if somebody deleted it. Answers its `ts`. */
  async #root(slack: WebClient, message: Message): Promise<string> {
    const hash = digest(message);
    const { ts, channel } = this.#card;
    if (ts === undefined) return this.#post(slack, message, hash);
    if (this.#card.hash === hash) return ts;
    try {
      await this.#say(message, (said) => slack.chat.update({ channel, ts, ...said }));
    } catch (error) {
      if (!lostMessages.includes(platformError(error) ?? '')) throw error;
      return this.#post(slack, message, hash);
    }
    await this.#parts.cards.save(this.#run.id, this.#holder, { hash });
    return ts;
  }

  async #post(slack: WebClient, message: Message, hash: string): Promise<string> {
    const place = { channel: this.#card.channel, ...quiet };
    const { ts } = await this.#say(message, (said) => slack.chat.postMessage({ ...place, ...said }));
    if (ts === undefined) throw new Error('Slack took a message and named no ts for it');
    await this.#parts.cards.save(this.#run.id, this.#holder, { ts, hash });
    return ts;
  }

  /** Should Slack not like the blocks, the sentence alone is better than nothing. */
  async #say<T>(message: Message, call: (said: Message) => Promise<T>): Promise<T> {
    try {
      return await call(message);
    } catch (error) {
      if (!badBlocks.includes(platformError(error) ?? '')) throw error;
      this.#parts.log('error', 'blocks-refused', { run: this.#run.id, ...failure(error) });
      return call({ text: message.text, blocks: [] });
    }
  }
}

/** Names that look like links stay names. */
const quiet = { unfurl_links: false, unfurl_media: false };

function platformError(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

function closedDoor(error: unknown): string | undefined {
  const code = platformError(error);
  return code !== undefined && closedDoors.includes(code) ? code : undefined;
}

/** Slack's own words for “not now” come as errors of the method too. */
const passing = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

function isPassing(error: unknown): boolean {
  const isTransport =
    error instanceof WebAPIRateLimitedError || error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError;
  return isTransport || lostMessages.concat(passing).includes(platformError(error) ?? '');
}
