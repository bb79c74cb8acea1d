import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sandbox } from '../sandbox';
import type { CallRecord } from '../service';

/** Changes of this long (wall time) go out together: at full speed thousands happen in a second. */
const gatherMs = 100;
const aliveMs = 15_000;
const keptCalls = 200;

export interface NumberedCall extends CallRecord {
  number: number;
}

/**
 * Tells pages what changed, as server-sent events without a name: `{"kind": "slack", channels, users}`,
 * `{"kind": "run", runs}`, `{"kind": "call", calls}`, `{"kind": "clock", now, speed, pace}`.
 */
export class Events {
  /** The newest calls of the simulated services, oldest first. */
  readonly calls: NumberedCall[] = [];
  readonly #sandbox: Sandbox;
  readonly #readers = new Set<ServerResponse>();
  #dirty = { channels: new Set<string>(), users: new Set<string>(), requests: 0, runs: new Set<string>(), calls: 0 };
  #toldPace = '';
  #count = 0;
  #isGathering = false;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    sandbox.slack.onChange((change) => {
      if ('message' in change) this.#dirty.channels.add(change.message.channel);
      else if ('user' in change) this.#dirty.users.add(change.user);
      else this.#dirty.requests += 1;
      this.#soon();
    });
    sandbox.onRun((run) => {
      this.#dirty.runs.add(run.id);
      this.#soon();
    });
    sandbox.onCall((call) => {
      this.#count += 1;
      this.#dirty.calls += 1;
      this.calls.push({ number: this.#count, ...call });
      if (this.calls.length > keptCalls) this.calls.shift();
      this.#soon();
    });
  }

  /** Answers with the stream, which ends when the reader leaves or the server closes. */
  read(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    response.write('retry: 1000\n\n');
    response.write(event(this.#clock()));
    const alive = setInterval(() => response.write(': alive\n\n'), aliveMs);
    alive.unref();
    this.#readers.add(response);
    request.once('close', () => {
      clearInterval(alive);
      this.#readers.delete(response);
    });
  }

  /** Somebody moved the clock or changed its speed. */
  clockMoved(): void {
    this.#toldPace = '';
    this.#soon();
  }

  #soon(): void {
    if (this.#readers.size === 0 || this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => this.#flush(), gatherMs).unref();
  }

  #flush(): void {
    this.#isGathering = false;
    const { channels, users, requests, runs, calls } = this.#dirty;
    this.#dirty = { channels: new Set(), users: new Set(), requests: 0, runs: new Set(), calls: 0 };
    const told: object[] = [];
    if (channels.size + users.size + requests > 0)
      told.push({ kind: 'slack', channels: [...channels], users: [...users], requests });
    if (runs.size > 0) told.push({ kind: 'run', runs: [...runs] });
    if (calls > 0) told.push({ kind: 'call', calls });
    const pace = `${this.#sandbox.speed()} ${this.#sandbox.pace()}`;
    if (pace !== this.#toldPace) told.push(this.#clock());
    this.#toldPace = pace;
    const text = told.map(event).join('');
    for (const reader of this.#readers) reader.write(text);
  }

  #clock(): object {
    const sandbox = this.#sandbox;
    return { kind: 'clock', now: sandbox.clock.now(), speed: sandbox.speed(), pace: sandbox.pace() };
  }
}

const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
