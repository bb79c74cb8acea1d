/**
 * One of Slack's limits, as a bucket: a call every `everyMs` for ever, and `burst` at once after a rest. Every function
 * that talks to Slack is a process of its own, so the buckets are items of the table and not of anybody's memory.
 */
export interface Lane {
  id: string;
  everyMs: number;
  burst: number;
}

/** Slack: Rate limits. All numbers leave a little, since a call arrives later than it was sent. */
export const lanes = {
  /** chat.update is Tier 3, 50 a minute in the whole workspace: 8 at once and 41 a minute are 49. */
  update: { id: 'chat.update', everyMs: 1_430, burst: 8 },
  /** One message a second in each channel. */
  postIn: (channel: string): Lane => ({ id: `chat.postMessage#${channel}`, everyMs: 1_000, burst: 1 }),
  /** Several hundred messages a minute in the whole workspace. */
  post: { id: 'chat.postMessage', everyMs: 250, burst: 20 },
  /** views.publish is Tier 4, 100 a minute: 30 at once and 60 a minute leave some to those who open a tab. */
  home: { id: 'views.publish', everyMs: 1_000, burst: 30 },
  /** Of these, for what only others do. */
  homeLists: { id: 'views.publish#lists', everyMs: 2_000, burst: 10 },
} as const;

/**
 * How much it matters that people see something now. `first`: what they decide on, that it is decided, and the end.
 * `soon`: that their request was heard. `later`: how it goes, with what is left.
 * `spare`: how it goes for others, on a tab that somebody may have left open, behind everything else.
 */
export const ranks = ['first', 'soon', 'later', 'spare'] as const;
export type Rank = (typeof ranks)[number];

/** How long a function may wait for its slot before the card has to stand in line: its neighbours wait behind it. */
export const patienceMs: { [R in Rank]: number } = { first: 5_000, soon: 2_000, later: 1_000, spare: 0 };

/** The buckets, shared by all functions. */
export interface Pace {
  /**
   * Takes the next free slot if it begins within `withinMs`, and answers how long to wait for it in milliseconds.
   * Undefined: it begins later, and nothing was taken. Without `useBurst` a slot is free only once the bucket is full
   * again, so that a burst stays for whoever comes first.
   */
  take(lane: Lane, slot: { now: number; withinMs: number; useBurst: boolean }): Promise<number | undefined>;
  /** Slack has said when to come back: nobody uses the lane before. */
  pause(lane: Lane, until: number): Promise<void>;
}
