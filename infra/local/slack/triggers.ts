import type { Ids } from './ids';

/** Slack: Handling user interaction. A trigger id lives three seconds and opens one view. */
export const triggerLifeMs = 3_000;
/** After this long a trigger is forgotten altogether. */
const rememberMs = 600_000;

interface Trigger {
  id: string;
  user: string;
  madeAt: number;
  exchanged: boolean;
}

export type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

/** Trigger ids, on wall time: Slack counts the seconds that a person really waits. */
export class Triggers {
  readonly #triggers = new Map<string, Trigger>();
  readonly #ids: Ids;
  readonly #wall: () => number;

  constructor(ids: Ids, wall: () => number) {
    this.#ids = ids;
    this.#wall = wall;
  }

  make(user: string): string {
    for (const old of this.#triggers.values()) {
      if (old.madeAt > this.#wall() - rememberMs) break;
      this.#triggers.delete(old.id);
    }
    const id = this.#ids.trigger();
    this.#triggers.set(id, { id, user, madeAt: this.#wall(), exchanged: false });
    return id;
  }

  /** The person whose interaction this was; does not use the trigger up. */
  check(id: string): { user: string } | { error: TriggerError } {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) return { error: 'invalid_trigger_id' };
    if (trigger.exchanged) return { error: 'exchanged_trigger_id' };
    if (this.#wall() - trigger.madeAt > triggerLifeMs) return { error: 'expired_trigger_id' };
    return { user: trigger.user };
  }

  exchange(id: string): void {
    const trigger = this.#triggers.get(id);
    if (trigger !== undefined) trigger.exchanged = true;
  }
}
