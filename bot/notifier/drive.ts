import type { WebClient } from '@slack/web-api';
import { digest } from '../../orchestrator/digest';
import { failure, type Log } from '../../orchestrator/log';
import type { Clock, Runs } from '../../orchestrator/ports';
import type { Run } from '../../orchestrator/run';
import type { Groups } from '../callers/groups';
import type { Card, Cards, Saved } from '../cards';
import type { House } from '../house';
import { areBlocksRefused, isMessageLost, retryAfterSeconds } from '../slack-errors';
import type { Message } from '../views/blocks';
import { renderCard } from '../views/card';
import { matterOf } from '../views/matter';
import { replies } from '../views/thread';
import { sayDirectly } from './directs';
import { type Lane, lanes, type Pace, type Rank, ranks } from './pace';
import type { Patience } from './patience';

export interface DriveParts {
  runs: Pick<Runs, 'load'>;
  cards: Cards;
  slack: () => Promise<WebClient>;
  pace: Pace;
  groups: Pick<Groups, 'members'>;
  house: House;
  clock: Clock;
  log: Log;
}

/** Nobody reads faster: a card changes at most this often. */
const changeEveryMs = 5_000;

/** Writes one run's messages, and after each writes down that it did. */
export class Drive {
  readonly #parts: DriveParts;
  readonly #patience: Patience;
  readonly #card: Card;
  readonly #holder: string;
  #run: Run;
  /** What was changed last and is not written down yet. */
  #changed: Partial<Saved> = {};
  /** The most urgent of what had to stay unsaid for now. */
  #unsaid: Rank | undefined;
  /** The most urgent message that found no slot. */
  #unposted: Rank | undefined;

  constructor(parts: DriveParts, patience: Patience, run: Run, card: Card, holder: string) {
    this.#parts = parts;
    this.#patience = patience;
    this.#run = run;
    this.#card = card;
    this.#holder = holder;
  }

  /**
   * The version that everything shown now says, how urgent the rest is (undefined when all is said), and what is still to
   * be written down of the last change.
   */
  async run(): Promise<{ version: number; unsaid: Rank | undefined; last: Partial<Saved> }> {
    const slack = await this.#parts.slack();
    const ts = await this.#root(slack);
    if (ts !== undefined) await this.#thread(slack, ts);
    await this.#privately(slack);
    return { version: this.#run.version, unsaid: this.#unsaid, last: this.#changed };
  }

  async #thread(slack: WebClient, ts: string): Promise<void> {
    const { cards, house } = this.#parts;
    for (const { id, broadcast, rank = 'later', ...message } of replies(this.#run, house)) {
      if (this.#card.replies.includes(id)) continue;
      const place = { channel: this.#card.channel, thread_ts: ts, ...quiet };
      const isSaid = await this.#post(rank, message, (said) =>
        slack.chat.postMessage(broadcast ? { ...place, ...said, reply_broadcast: true } : { ...place, ...said }),
      );
      if (isSaid) await cards.posted(this.#run.id, this.#holder, id);
    }
  }

  async #privately(slack: WebClient): Promise<void> {
    const { cards, house, groups } = this.#parts;
    await sayDirectly({
      run: this.#run,
      house,
      sent: this.#card.directs ?? {},
      members: (group) => groups.members(slack, group),
      post: (person, message) =>
        this.#post('soon', message, (said) => slack.chat.postMessage({ channel: person, ...said, ...quiet }), person),
      edit: async (place, message) => {
        if (!(await this.#patience.slot([lanes.update], 'first'))) return this.#later('first', undefined);
        const edit = (said: Message) => slack.chat.update({ ...place, ...said });
        return this.#say(lanes.update, { message, rank: 'first' }, edit);
      },
      keep: (directs) => cards.save(this.#run.id, this.#holder, { directs }),
      later: () => this.#later('soon', undefined),
    });
  }

  /** The root message as it should be; posted anew if somebody deleted it. Answers its `ts` once there is one. */
  async #root(slack: WebClient): Promise<string | undefined> {
    const { ts, channel, hash, shownAt } = this.#card;
    if (ts === undefined) return this.#begin(slack);
    let wanted = this.#wanted();
    if (wanted.hash === hash) return ts;
    if (!(await this.#patience.until((shownAt ?? 0) + changeEveryMs, wanted.rank))) return this.#later(wanted.rank, ts);
    if (!(await this.#patience.slot([lanes.update], wanted.rank))) return this.#later(wanted.rank, ts);
    // Waiting takes its time, and the record may have moved on.
    this.#run = (await this.#parts.runs.load(this.#run.id)) ?? this.#run;
    wanted = this.#wanted();
    try {
      const isSaid = await this.#say(lanes.update, wanted, (said) => slack.chat.update({ channel, ts, ...said }));
      // Written with the lease that is given back, or before anything else is said: a change twice changes nothing.
      if (isSaid) this.#changed = this.#shown(wanted);
      return ts;
    } catch (error) {
      if (!isMessageLost(error)) throw error;
      return this.#begin(slack);
    }
  }

  async #begin(slack: WebClient): Promise<string | undefined> {
    const wanted = this.#wanted();
    const place = { channel: this.#card.channel, ...quiet };
    const rank = wanted.isEnd ? 'first' : 'soon';
    const posted = await this.#post(rank, wanted.message, (said) => slack.chat.postMessage({ ...place, ...said }));
    if (posted === undefined) return undefined;
    if (posted.ts === undefined) throw new Error('Slack took a message and named no ts for it');
    await this.#parts.cards.save(this.#run.id, this.#holder, { ...this.#shown(wanted), ts: posted.ts });
    return posted.ts;
  }

  #wanted() {
    const message = renderCard(this.#run, this.#parts.house);
    const { matter, isEnd } = matterOf(this.#run);
    const rank: Rank = matter === this.#card.matter ? 'later' : 'first';
    return { message, hash: digest(message), matter, isEnd, rank };
  }

  #shown({ hash, matter }: { hash: string; matter: string }): Partial<Saved> {
    return { hash, matter, shownAt: this.#parts.clock.now() };
  }

  async #writeDown(): Promise<void> {
    const changed = this.#changed;
    if (Object.keys(changed).length === 0) return;
    await this.#parts.cards.save(this.#run.id, this.#holder, changed);
    this.#changed = {};
  }

  async #post<T>(
    rank: Rank,
    message: Message,
    call: (said: Message) => Promise<T>,
    channel = this.#card.channel,
  ): Promise<T | undefined> {
    // What matters less than something that found no slot finds none either.
    const isVain = this.#unposted !== undefined && !isBefore(rank, this.#unposted);
    const mayPost = !isVain && (await this.#patience.slot([lanes.postIn(channel), lanes.post], rank));
    const posted = mayPost ? await this.#say(lanes.post, { message, rank }, call) : this.#later(rank, undefined);
    if (posted === undefined && !isVain) this.#unposted = rank;
    return posted;
  }

  #later<T>(rank: Rank, otherwise: T): T {
    if (this.#unsaid === undefined || isBefore(rank, this.#unsaid)) this.#unsaid = rank;
    return otherwise;
  }

  /** Should Slack not like the blocks, the sentence alone is better than nothing. Undefined: Slack wants a rest. */
  async #say<T>(
    lane: Lane,
    { message, rank }: { message: Message; rank: Rank },
    call: (said: Message) => Promise<T>,
  ): Promise<T | undefined> {
    const { pace, clock, log } = this.#parts;
    await this.#writeDown();
    try {
      return await call(message);
    } catch (error) {
      if (areBlocksRefused(error)) {
        log('error', 'blocks-refused', { run: this.#run.id, ...failure(error) });
        return call({ text: message.text, blocks: [] });
      }
      const seconds = retryAfterSeconds(error);
      if (seconds === undefined) throw error;
      log('warn', 'slack-limits-us', { run: this.#run.id, lane: lane.id, seconds });
      await pace.pause(lane, clock.now() + seconds * 1000);
      return this.#later(rank, undefined);
    }
  }
}

const isBefore = (one: Rank, other: Rank): boolean => ranks.indexOf(one) < ranks.indexOf(other);

/** Names that look like links stay names. */
const quiet = { unfurl_links: false, unfurl_media: false };
