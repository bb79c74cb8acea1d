import type { Reply, SignedRequest } from './outgoing';

/** One request to the app and what came of it, for the page's inspector. */
export interface RequestEntry {
  number: number;
  /** Virtual milliseconds since the epoch. */
  at: number;
  user: string | undefined;
  /** Such as `slash command /trapheus` or `block_actions approve`. */
  what: string;
  request: SignedRequest;
  answer?: { status: number; ms: number; body: string; failure?: string };
  /** Why Slack could not use the answer. */
  problem?: string;
}

const kept = 200;

export class RequestLog {
  #entries: RequestEntry[] = [];
  #count = 0;

  add(entry: Omit<RequestEntry, 'number'>): RequestEntry {
    this.#count += 1;
    const made = { number: this.#count, ...entry };
    this.#entries = [...this.#entries.slice(1 - kept), made];
    return made;
  }

  answered(entry: RequestEntry, reply: Reply): void {
    entry.answer = { status: reply.status, ms: reply.ms, body: reply.body };
    if (!reply.ok) {
      entry.answer.failure = reply.failure;
      entry.problem = reply.why;
    }
  }

  list(): RequestEntry[] {
    return this.#entries;
  }
}
