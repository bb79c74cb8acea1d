/** Whose Home tab it is, and what only the function that answers him can find out about him. */
export interface HomeOwner {
  person: string;
  /** The user groups of policy.yml that he is in. */
  groups: string[];
  /** What he may do, a line of mrkdwn for each rule; absent when that was not known yet as he opened it. */
  rights?: string[] | undefined;
  /** The workspace's address, which permalinks begin with. */
  site: string;
}

/** What a tab said when it was published last. */
export interface HomeShown {
  /** What it says of each run that waits for him, is his, or stands in one of its lists, in short. */
  runs: Record<string, string>;
  /** Whoever was asked for before stands in a list no more, since the list is full; 0 while it is not. */
  since: { open: number; past: number };
  freeze: string;
  publishedAt: number;
}

/** Without what it said: somebody is opening it at this moment. */
export type OpenHome = HomeOwner & { [Field in keyof HomeShown]?: HomeShown[Field] | undefined };

/** A tab that was opened longer ago than this is not kept up to date: opening it again shows what is true. */
export const homeOpenMs = 24 * 3_600_000;
/** What others do is brought up to date on a tab this often at most. */
export const listsEveryMs = 10_000;
/** Longer than rendering and publishing one takes; after a crash the next one waits as long. */
export const homeLeaseMs = 10_000;

/**
 * The Home tabs that people have open, one item each. Whoever publishes one says so before he reads what it will show:
 * whoever is told of a later change then waits for him, and what is published last is never older than the change.
 */
export interface Homes {
  /**
   * Somebody opened his tab: remembers him, and takes the lease from whoever has it. The second time, with what was
   * published, gives it back.
   */
  opened(owner: HomeOwner, holder: string, now: number, shown?: HomeShown): Promise<void>;
  /** The right to publish until `until`; false while another holder has it. */
  claim(person: string, holder: string, now: number, until: number): Promise<boolean>;
  /** Gives the lease back, with what the tab says now. */
  done(person: string, holder: string, shown: HomeShown): Promise<void>;
  /** He may not use Trapheus any more. */
  forget(person: string): Promise<void>;
  /** Tabs that were opened after `since`. */
  open(since: number): Promise<OpenHome[]>;
}
