import type { Clock } from '../ports';

/** Over so long a time askings are counted. */
const windowMs = 10_000;
/** A refusal is everybody's for so long: whoever asks again at once takes the calls that one answer for all needs. */
const refusedMs = 3_000;

interface Asked {
  times: number[];
  kept: { value: Promise<unknown>; at: number; isRefused: boolean } | undefined;
}

/**
 * What many ask within seconds is asked once for all of them: RDS allows twelve calls a second per account and Region.
 * As long as few ask, each gets an answer of its own.
 */
export class SharedReads {
  readonly #clock: Clock;
  readonly #freshMs: number;
  readonly #asked = new Map<string, Asked>();

  constructor(clock: Clock, freshMs: number) {
    this.#clock = clock;
    this.#freshMs = freshMs;
  }

  /** Counts one asking; whether there were more than `few` of them in the last ten seconds. */
  isCrowded(what: string, few: number): boolean {
    const now = this.#clock.now();
    const asked = this.#asked.get(what) ?? { times: [], kept: undefined };
    this.#asked.set(what, asked);
    asked.times = [...asked.times.filter((at) => now - at < windowMs), now].slice(-few - 1);
    return asked.times.length > few;
  }

  /** The answer of the last few seconds if more than `few` have asked lately. */
  read<T>(what: string, few: number, ask: () => Promise<T>): Promise<T> {
    const isCrowded = this.isCrowded(what, few);
    const asked = this.#asked.get(what);
    const now = this.#clock.now();
    // The value was kept under the same key, by the same asking.
    const kept = isCrowded ? asked?.kept : undefined;
    if (kept && now - kept.at <= (kept.isRefused ? refusedMs : this.#freshMs)) return kept.value as Promise<T>;
    const value = ask();
    const answer = { value, at: now, isRefused: false };
    if (asked) asked.kept = answer;
    value.catch(() => {
      answer.isRefused = true;
    });
    return value;
  }
}
