import { AsyncLocalStorage } from 'node:async_hooks';
import * as slack from '../../bot/slack.lambda';
import type { Heard } from '../../infra/local/service';
import { MemoryEngine } from '../fast/memory-engine';
import { WiredFront, wiredFront } from '../fast/wires';
import { Drive, type DriveOptions, sunday } from './drive';
import { quick } from './quick';

/** What one call of the app to anybody outside takes. */
const callMs = 300;
/** What it takes until a fresh function hears its first request. */
const coldStartMs = 1200;

/** Turns of the event loop after which nobody has anything to do but wait for an answer. */
const quietTurns = 12;

/** What asks and changes nothing, by how its name begins. */
const onlyAsks = /^\S+ (Get|BatchGet|Describe|Query|auth\.test|users\.info|conversations\.info|usergroups\.)/;

/** How long Slack waited for one answer, and for what the app asked meanwhile: calls at the same moment stand together. */
export interface Waited {
  what: string;
  ms: number;
  calls: string[][];
  /** Changes that were begun and not waited for: once it has answered, Lambda stops a function where it stands. */
  left: string[];
  status: number;
}

/** One call of the function, from the moment at which Slack sends. */
class Invocation {
  readonly calls: string[][] = [];
  readonly left: string[] = [];
  isOver = false;
}

/** Time that passes only while every call under way waits: calls beside each other cost the time of one. */
class CallTime {
  #now = 0;
  #isRunning = false;
  readonly #waiting: { until: number; go: () => void }[] = [];
  readonly #invocations = new AsyncLocalStorage<Invocation>();

  now = (): number => this.#now;

  /** From the moment Slack sends until the app has answered; what is left then stands still for ever. */
  async measure<T extends { statusCode: number }>(what: string, work: () => Promise<T>) {
    const start = this.#now;
    const invocation = new Invocation();
    this.#now += coldStartMs;
    const value = await this.#invocations.run(invocation, work);
    invocation.isOver = true;
    const { calls, left } = invocation;
    return { value, waited: { what, ms: this.#now - start, calls, left, status: value.statusCode } };
  }

  /** One call outside, as `heard` by whoever answers; the app's own time is none. */
  async call<T>(what: string, heard: () => Promise<T>): Promise<T> {
    const invocation = this.#invocations.getStore();
    if (invocation === undefined) return heard();
    const until = this.#now + callMs;
    const beside = this.#waiting.some((one) => one.until === until) ? invocation.calls.at(-1) : undefined;
    if (beside) beside.push(what);
    else invocation.calls.push([what]);
    await this.#until(until);
    if (invocation.isOver) {
      if (!onlyAsks.test(what)) invocation.left.push(what);
      return new Promise<never>(() => undefined);
    }
    return this.#invocations.exit(heard);
  }

  async #until(until: number): Promise<void> {
    const passed = new Promise<void>((go) => this.#waiting.push({ until, go }));
    if (!this.#isRunning) void this.#run();
    await passed;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      for (let turn = 0; turn < quietTurns; turn += 1) await new Promise((next) => setImmediate(next));
      this.#now = Math.min(...this.#waiting.map(({ until }) => until));
      const due = this.#waiting.filter(({ until }) => until <= this.#now);
      for (const one of due) {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        one.go();
      }
    }
    this.#isRunning = false;
  }
}

/** The sandbox in which every request to the app meets a function that has just started, behind slow calls. */
export async function slowDrive(tell: (one: Waited) => void, options: DriveOptions = {}): Promise<Drive> {
  const time = new CallTime();
  class SlowFront extends WiredFront {
    protected override hear(...call: Parameters<WiredFront['hear']>): Promise<Heard> {
      const [protocol, request] = call;
      const what = `${protocol.service} ${protocol.operation({ ...request, hops: 0 })}`;
      return time.call(what, () => super.hear(...call));
    }
  }
  const wall = () => sunday + time.now();
  const front: DriveOptions['front'] = (parts) => {
    wiredFront(parts);
    return new SlowFront(parts);
  };
  const drive = await Drive.start({ ...quick, tableEngine: new MemoryEngine(), wall, front, ...options });
  const { lambda, environment, clock } = drive.sandbox;
  lambda.deploy('trapheus-slack', {
    timeoutSeconds: 10,
    handler: async (event, context) => {
      const fresh = () => slack.create(environment, clock, wall, () => undefined)(event, context);
      const { value, waited } = await time.measure(whatIs(event), fresh);
      tell(waited);
      return value;
    },
  });
  return drive;
}

type Dict = Record<string, unknown>;

/** Which of the app's listeners a request is for. */
function whatIs(event: unknown): string {
  const { body, isBase64Encoded } = event as { body: string; isBase64Encoded?: boolean };
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const form = text.startsWith('{') ? undefined : new URLSearchParams(text);
  if (form?.has('command')) return `command ${(form.get('text') ?? '').split(' ')[0]}`;
  const payload = JSON.parse(form?.get('payload') ?? text) as Dict & {
    event?: Dict;
    view?: Dict;
    actions?: { action_id: string }[];
  };
  switch (payload.type) {
    case 'block_actions':
      return `button ${payload.actions?.[0]?.action_id}`;
    case 'block_suggestion':
      return `options ${String(payload.action_id)}`;
    case 'view_submission':
      return `form ${String(payload.view?.callback_id)}`;
    case 'event_callback':
      return `home ${String(payload.event?.type)}`;
    default:
      return `shortcut ${String(payload.callback_id)}`;
  }
}
