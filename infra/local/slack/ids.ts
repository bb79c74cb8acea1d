import { createHash } from 'node:crypto';

/** Deterministic ids in Slack's forms: the same calls give the same ids on every run. */
export class Ids {
  readonly #counts = new Map<string, number>();
  #second = 0;
  #micros = 0;

  /** Such as `V3F9K2Q7A1B`: the prefix and ten letters and digits. */
  next(prefix: string): string {
    return `${prefix}${this.#hash(prefix).slice(0, 10).toUpperCase()}`;
  }

  /** A trigger id: numbers and 32 hex digits, as Slack's look. */
  trigger(): string {
    const hash = this.#hash('trigger');
    return `${10_000_000_000 + (this.#counts.get('trigger') ?? 0)}.${Number.parseInt(hash.slice(0, 8), 16)}.${hash.slice(0, 32)}`;
  }

  /** The opaque end of a response_url. */
  opaque(): string {
    return this.#hash('response').slice(0, 24);
  }

  /** A view's hash; a new one for every change. */
  viewHash(nowMs: number): string {
    return `${Math.floor(nowMs / 1000)}.${this.#hash('view hash').slice(0, 8)}`;
  }

  /**
   * A message's ts, unique in the workspace and in the order of the calls. Slack: the ts is the time of posting in
   * seconds, with six digits that make it unique.
   */
  ts(nowMs: number): string {
    const second = Math.max(Math.floor(nowMs / 1000), this.#second);
    this.#micros = second === this.#second ? this.#micros + 100 : 100;
    this.#second = second;
    if (this.#micros >= 1_000_000) {
      this.#second += 1;
      this.#micros = 100;
    }
    return `${this.#second}.${String(this.#micros).padStart(6, '0')}`;
  }

  #hash(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return createHash('sha256').update(`${kind}:${count}`).digest('hex');
  }
}
