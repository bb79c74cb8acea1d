import type { VirtualClock } from '../clock';
import type { Knobs } from './knobs';

/** The token bucket of one account and Region, on virtual time. */
export class Rate {
  accepted = 0;
  throttled = 0;
  readonly #clock: VirtualClock;
  readonly #knobs: Knobs;
  #tokens: number | undefined;
  #filledAt = 0;

  constructor(clock: VirtualClock, knobs: Knobs) {
    this.#clock = clock;
    this.#knobs = knobs;
  }

  /** Whether this call may pass. */
  pass(): boolean {
    const { rate } = this.#knobs;
    const passes = rate === undefined || this.#spend(rate);
    if (passes) this.accepted += 1;
    else this.throttled += 1;
    return passes;
  }

  #spend(rate: NonNullable<Knobs['rate']>): boolean {
    const now = this.#clock.now();
    const gained = ((now - this.#filledAt) / 1000) * rate.perSecond;
    this.#tokens = this.#tokens === undefined ? rate.burst : Math.min(rate.burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
