import { createContext, useContext, useSyncExternalStore } from 'react';
import { fetchInfo, fetchScenarios, fetchState, postAct, SandboxError } from './client';
import { share } from './share';
import type { ActAnswer, Info, Scenario, State } from './wire';

export interface Snapshot {
  info: Info;
  scenarios: Scenario[];
  state: State;
  /** False while the sandbox cannot be reached. */
  isLive: boolean;
}

/** However fast events come, the page asks no more often than this, and rests four times as long as an answer took. */
const leastRestMs = 120;
/** Virtual time moves without an event as well. */
const heartbeatMs = 1_000;

const lazyMs = 400;
const isOnlyCalls = (data: unknown): boolean => typeof data === 'string' && data.startsWith('{"kind":"call"');

/** What the page knows of the sandbox: always the newest state, and nothing of those before. */
export class Store {
  #snapshot: Snapshot | undefined;
  readonly #listeners = new Set<() => void>();
  #isAsking = false;
  #isStale = false;
  #waiting: (() => void)[] = [];

  start(): () => void {
    const events = new EventSource('/sandbox/events');
    const look = () => void this.refresh();
    let lazy: ReturnType<typeof setTimeout> | undefined;
    const lazily = () => {
      lazy ??= setTimeout(() => {
        lazy = undefined;
        look();
      }, lazyMs);
    };
    events.onopen = look;
    events.onmessage = (event) => {
      // Calls of the simulated services come by the dozen, and seldom change what is seen.
      if (isOnlyCalls(event.data)) lazily();
      else look();
    };
    events.onerror = () => this.#set({ isLive: false });
    const heartbeat = setInterval(() => {
      if (document.visibilityState === 'visible') look();
    }, heartbeatMs);
    look();
    return () => {
      events.close();
      clearInterval(heartbeat);
      clearTimeout(lazy);
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read = (): Snapshot | undefined => this.#snapshot;

  /** Settles when a state has been read that was asked for after this call. */
  refresh(): Promise<void> {
    const settled = new Promise<void>((done) => this.#waiting.push(done));
    this.#isStale = true;
    void this.#ask();
    return settled;
  }

  /** Acts as a person; trouble on the way to the sandbox comes back as an `error` like every other. */
  async act(act: Record<string, unknown>): Promise<ActAnswer> {
    try {
      const answer = await postAct(act);
      if (!('options' in act)) await this.refresh();
      return answer;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return { status: 0, ms: 0, error: error.message };
    }
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#isStale) {
      this.#isStale = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      const askedAt = performance.now();
      try {
        const state = await fetchState();
        const known = this.#snapshot;
        const info = known?.info ?? (await fetchInfo());
        const scenarios = known?.scenarios ?? (await fetchScenarios());
        this.#set({ info, scenarios, state: share(known?.state, state), isLive: true });
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        this.#set({ isLive: false });
      }
      for (const done of waiting) done();
      const restMs = Math.max(leastRestMs, 4 * (performance.now() - askedAt));
      await new Promise((done) => setTimeout(done, restMs));
    }
    this.#isAsking = false;
  }

  #set(change: Snapshot | { isLive: false }): void {
    const next = 'state' in change ? change : this.#snapshot && { ...this.#snapshot, ...change };
    if (next === undefined || isEqual(next, this.#snapshot)) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}

const isEqual = (a: Snapshot, b: Snapshot | undefined): boolean => a.state === b?.state && a.isLive === b.isLive;

export const store = new Store();

export const useSnapshot = (): Snapshot | undefined => useSyncExternalStore(store.subscribe, store.read);

const SandboxContext = createContext<Snapshot | undefined>(undefined);
export const SandboxProvider = SandboxContext.Provider;

/** For everything below the provider, where the sandbox has answered at least once. */
export function useSandbox(): Snapshot {
  const snapshot = useContext(SandboxContext);
  if (snapshot === undefined) throw new Error('useSandbox stands outside its provider');
  return snapshot;
}
