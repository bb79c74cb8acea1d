/** Slack: Handling user interaction, “within 3 seconds”. */
const slackWaitsMs = 3000;
/** What a call outside may take on a slow day. */
const callMs = 500;
/** Slack dates its requests in whole seconds: more than a cold start takes has not passed before this one was heard. */
const coldStartMs = 1200;

/**
 * How long Slack still waits for the answer to the request at hand. A function answers one at a time (AWS Lambda:
 * Understanding function scaling), so there is one to keep in mind; of several the newest.
 */
export class Hurry {
  readonly #wall: () => number;
  #sentAt: number | undefined;

  /** `wall`: milliseconds. */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** When Slack sent the request that `work` answers, by its own clock, and when it was heard; in milliseconds. */
  async of<T>({ sentAt, heardAt }: { sentAt: number; heardAt: number }, work: () => Promise<T>): Promise<T> {
    const own = Math.max(sentAt, heardAt - coldStartMs);
    this.#sentAt = own;
    try {
      return await work();
    } finally {
      if (this.#sentAt === own) this.#sentAt = undefined;
    }
  }

  /** Whether so many calls outside, one after another, can still be waited for. Always, where nobody waits. */
  hasTimeFor(calls: number): boolean {
    return this.#sentAt === undefined || this.#wall() + calls * callMs <= this.#sentAt + slackWaitsMs;
  }
}
