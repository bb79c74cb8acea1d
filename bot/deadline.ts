/** Slack waits three seconds; an answer has to come through the network too. */
const answerMs = 2400;
/** What a cold start takes at most before the first request is heard. */
const coldStartMs = 800;

/** How long the request at hand may still take: what would come right without us is not waited for beyond that. */
export class Deadline {
  readonly #wall: () => number;
  readonly #wait: (ms: number) => Promise<void>;
  #isFirst = true;
  #at = 0;

  /** `wall`: milliseconds; `wait`: settles after so many. */
  constructor(wall: () => number, wait: (ms: number) => Promise<void>) {
    this.#wall = wall;
    this.#wait = wait;
  }

  /** A request has come. */
  begin(): void {
    this.#at = this.#wall() + answerMs - (this.#isFirst ? coldStartMs : 0);
    this.#isFirst = false;
  }

  /** Settles when there is no more time. */
  async passed(): Promise<void> {
    await this.#wait(Math.max(0, this.#at - this.#wall()));
  }
}
