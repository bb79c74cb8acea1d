import type { Clock } from '../../orchestrator/ports';
import { type Lane, type Pace, patienceMs, type Rank } from './pace';

/** After so much waiting an invocation waits no more: records behind it have waited as long. */
const togetherMs = 3_000;

export interface PatienceParts {
  pace: Pace;
  clock: Clock;
  /** Settles after so many milliseconds. */
  wait: (ms: number) => Promise<void>;
}

/** The time that one invocation has to wait for its turn to speak. */
export class Patience {
  readonly #parts: PatienceParts;
  #leftMs = togetherMs;

  constructor(parts: PatienceParts) {
    this.#parts = parts;
  }

  /** Waits until `at`; false, at once, when that is too long for this rank. */
  async until(at: number, rank: Rank): Promise<boolean> {
    const ms = Math.max(0, at - this.#parts.clock.now());
    if (ms > this.#patience(rank)) return false;
    await this.#spend(ms);
    return true;
  }

  /** Waits for a slot in each of the lanes; false when one of them has none soon enough. */
  async slot(lanes: readonly Lane[], rank: Rank): Promise<boolean> {
    const { pace, clock } = this.#parts;
    for (const lane of lanes) {
      const slot = { now: clock.now(), withinMs: this.#patience(rank), useBurst: rank === 'first' };
      const ms = await pace.take(lane, slot);
      if (ms === undefined) return false;
      await this.#spend(ms);
    }
    return true;
  }

  #patience(rank: Rank): number {
    return this.#leftMs > 0 ? patienceMs[rank] : 0;
  }

  async #spend(ms: number): Promise<void> {
    if (ms <= 0) return;
    this.#leftMs -= ms;
    await this.#parts.wait(ms);
  }
}
