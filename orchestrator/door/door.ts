import type { AuditEvent } from '../audit-event';
import type { Freeze, Runs } from '../ports';
import type { Run } from '../run';
import { breakGlass, mayBreakGlass } from './break-glass';
import { decide, mayDecide } from './decide';
import { freezeAll, mayAdministrate, unfreezeAll } from './freeze';
import { extend, removeNow, retryRemoval } from './hold';
import type { DoorParts } from './parts';
import { release } from './release';
import { mayRequest, request, review } from './request';
import { startNow } from './start-now';
import { cancel, mayStop, undo } from './stop';

/** How many closed runs are looked through for a clone that is asked for by its own name. */
const lately = 50;

type Rest<F> = F extends (parts: DoorParts, ...rest: infer R) => unknown ? R : never;

/** Everything a person may ask of Trapheus. Every answer is a value; nothing is touched by a refusal. */
export class Door {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  mayRequest(...asked: Rest<typeof mayRequest>) {
    return mayRequest(this.#parts, ...asked);
  }

  request(...asked: Rest<typeof request>) {
    return request(this.#parts, ...asked);
  }

  review(...asked: Rest<typeof review>) {
    return review(this.#parts, ...asked);
  }

  startNow(...asked: Rest<typeof startNow>) {
    return startNow(this.#parts, ...asked);
  }

  mayDecide(...asked: Rest<typeof mayDecide>) {
    return mayDecide(this.#parts, ...asked);
  }

  decide(...asked: Rest<typeof decide>) {
    return decide(this.#parts, ...asked);
  }

  mayBreakGlass(...asked: Rest<typeof mayBreakGlass>) {
    return mayBreakGlass(this.#parts, ...asked);
  }

  breakGlass(...asked: Rest<typeof breakGlass>) {
    return breakGlass(this.#parts, ...asked);
  }

  mayAdministrate(...asked: Rest<typeof mayAdministrate>) {
    return mayAdministrate(this.#parts, ...asked);
  }

  freeze(...asked: Rest<typeof freezeAll>) {
    return freezeAll(this.#parts, ...asked);
  }

  unfreeze(...asked: Rest<typeof unfreezeAll>) {
    return unfreezeAll(this.#parts, ...asked);
  }

  mayStop(...asked: Rest<typeof mayStop>) {
    return mayStop(this.#parts, ...asked);
  }

  cancel(...asked: Rest<typeof cancel>) {
    return cancel(this.#parts, ...asked);
  }

  undo(...asked: Rest<typeof undo>) {
    return undo(this.#parts, ...asked);
  }

  extend(...asked: Rest<typeof extend>) {
    return extend(this.#parts, ...asked);
  }

  removeNow(...asked: Rest<typeof removeNow>) {
    return removeNow(this.#parts, ...asked);
  }

  retryRemoval(...asked: Rest<typeof retryRemoval>) {
    return retryRemoval(this.#parts, ...asked);
  }

  release(...asked: Rest<typeof release>) {
    return release(this.#parts, ...asked);
  }

  /** The administrators' stop, if there is one; what the calendar holds up is said by `heldUpNow`. */
  async frozen(): Promise<Freeze | undefined> {
    return this.#parts.freezes.current();
  }

  async find(id: string): Promise<Run | undefined> {
    return this.#parts.runs.load(id);
  }

  async open(): Promise<Run[]> {
    return this.#parts.runs.open();
  }

  /** Runs that have ended, those asked for last first. */
  async recent(limit = 10): Promise<Run[]> {
    return this.#parts.runs.recent(limit);
  }

  /** Ids of the runs that `open` and `recent` tell of; the list may be a moment old, and `all` says what is true of them. */
  async listed(...list: Parameters<Runs['listed']>): Promise<string[]> {
    return this.#parts.runs.listed(...list);
  }

  async all(ids: readonly string[]): Promise<Run[]> {
    return this.#parts.runs.all(ids);
  }

  /** Whom this run has refused, oldest first. */
  async refusals(id: string): Promise<AuditEvent[]> {
    return this.#parts.runs.refusals(id);
  }

  /** Newest first. A clone's run belongs to the history of its source: by its own name it is one of the latest, or none. */
  async ofDatabase(database: string, limit = 10): Promise<Run[]> {
    const { runs } = this.#parts;
    const name = database.toLowerCase();
    const known = await runs.ofDatabase(name, limit);
    if (known.length > 0) return known;
    const isClone = ({ request }: Run) => request.target.kind === 'new' && request.target.name === name;
    const others = (await Promise.all([runs.open(), runs.recent(lately)])).flat().filter(isClone);
    const unique = new Map(others.map((run) => [run.id, run]));
    return [...unique.values()].sort((one, other) => other.request.at - one.request.at).slice(0, limit);
  }
}
