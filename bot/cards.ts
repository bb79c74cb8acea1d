import type { SentDirects } from './notifier/directs';

/** What Slack shows of a run. */
export interface Card {
  run: string;
  channel: string;
  /** Slack's id of the message; absent before it is posted. */
  ts?: string | undefined;
  /** A digest of what was shown last. */
  hash?: string | undefined;
  /** A digest of what matters most in it: when that changes, the change comes before others. */
  matter?: string | undefined;
  /** When it was last posted or changed, in milliseconds since the epoch. */
  shownAt?: number | undefined;
  /** The version of the run that everything shown says; 0 before there is a card. */
  version: number;
  /** Ids of the thread replies that were posted. */
  replies: string[];
  /** What was said in private, and how it reads now. */
  directs?: SentDirects | undefined;
  /** Why Slack takes no message for this run: nobody is to try again before something changes. */
  undeliverable?: string | undefined;
  /** Its place in the line of cards that wait for their turn, lowest first; absent when it shows everything. */
  place?: number | undefined;
}

export type Saved = Pick<Card, 'ts' | 'hash' | 'matter' | 'shownAt' | 'undeliverable' | 'directs'>;

/** Cards, one item each. Whoever writes one holds its lease, so that no message is posted twice. */
export interface Cards {
  /** The right to write the card until `until`; undefined while another holder has it. */
  claim(run: string, channel: string, holder: string, now: number, until: number): Promise<Card | undefined>;
  /**
   * Writes what changed.
   * @throws when the lease was lost to another holder.
   */
  save(run: string, holder: string, changes: Partial<Saved>): Promise<void>;
  /** @throws when the lease was lost to another holder. */
  posted(run: string, holder: string, reply: string): Promise<void>;
  /** Everything is shown as of this version: gives the lease back, and the place in the line. `last`: as `save`. */
  shown(run: string, holder: string, version: number, last?: Partial<Saved>): Promise<void>;
  /** Something is left to show: gives the lease back and stands in line. `last`: as `save`. */
  queue(run: string, holder: string, place: number, last?: Partial<Saved>): Promise<void>;
  /** Gives the lease back with nothing more to say. */
  release(run: string, holder: string): Promise<void>;
}

/** Where a run's messages are, for those who only point at them. */
export interface ShownCards {
  find(run: string): Promise<Pick<Card, 'channel' | 'ts'> | undefined>;
}
