import { AsyncLocalStorage } from 'node:async_hooks';

/** Slack: Handling user interaction, “within 3 seconds”. */
const slackWaitsMs = 3000;
/** What a call outside may take on a slow day. */
const callMs = 500;
/** Slack dates its requests in whole seconds: more than a cold start takes has not passed before this one was heard. */
const coldStartMs = 1200;

/** How long Slack still waits for the answer to the request at hand. */
export class Hurry {
  readonly #sentAt = new AsyncLocalStorage<number>();
  readonly #wall: () => number;

  /** `wall`: milliseconds. */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** When Slack sent the request that `work` answers, by its own clock, and when it was heard; in milliseconds. */
  of<T>({ sentAt, heardAt }: { sentAt: number; heardAt: number }, work: () => T): T {
    return this.#sentAt.run(Math.max(sentAt, heardAt - coldStartMs), work);
  }

  /** Whether so many calls outside, one after another, can still be waited for. Always, where nobody waits. */
  hasTimeFor(calls: number): boolean {
    const sentAt = this.#sentAt.getStore();
    return sentAt === undefined || this.#wall() + calls * callMs <= sentAt + slackWaitsMs;
  }
}
