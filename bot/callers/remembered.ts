import type { Clock } from '../../orchestrator/ports';

const rememberMs = 5 * 60_000;
const rememberAtMost = 1000;

/** What Slack says about people or channels: believed for five minutes, and never asked twice at the same moment. */
export class Remembered<T> {
  readonly #known = new Map<string, { told: T; until: number }>();
  /**
   * About which Slack is being asked at this moment. Touched by those only who do ask: a map that every request adds to
   * and takes from is made anew each time, and the old ones keep all that they held alive for the garbage collector.
   */
  readonly #asked = new Map<string, Promise<T | undefined>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last that was heard, however long ago. */
  last(id: string): T | undefined {
    return this.#known.get(id)?.told;
  }

  /** `ask` answers undefined when Slack did not say: what was known a while ago is then better than nothing. */
  of(id: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined && known.until > this.#clock.now()) return Promise.resolve(known.told);
    const asked = this.#asked.get(id);
    if (asked !== undefined) return asked;
    const asking = this.#ask(id, ask).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asking);
    return asking;
  }

  async #ask(id: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const told = await ask();
    if (told === undefined) return this.last(id);
    if (this.#known.size >= rememberAtMost) this.#known.clear();
    this.#known.set(id, { told, until: this.#clock.now() + rememberMs });
    return told;
  }
}
