import * as slack from '../../bot/slack.lambda';
import type { Heard } from '../../infra/local/service';
import { MemoryEngine } from '../fast/memory-engine';
import { WiredFront, wiredFront } from '../fast/wires';
import { Drive, type DriveOptions, sunday } from './drive';
import { quick } from './quick';

/** What one call of the app to anybody outside takes. */
export const callMs = 300;
/** What it takes until a fresh function hears its first request. */
export const coldStartMs = 1200;

/** Turns of the event loop after which nobody has anything to do but wait for an answer. */
const quietTurns = 12;

/** How long Slack waited for one answer, and for what the app asked meanwhile: calls at the same moment stand together. */
export interface Waited {
  what: string;
  ms: number;
  calls: string[][];
}

/** Time that passes only while every call under way waits: calls beside each other cost the time of one. */
export class CallTime {
  #now = 0;
  #isRunning = false;
  readonly #waiting: { until: number; go: () => void }[] = [];
  #calls: string[][] = [];
  #isCounting = false;

  now = (): number => this.#now;

  /** From the moment Slack sends until the app has answered. */
  async measure<T>(work: () => Promise<T>): Promise<{ value: T; ms: number; calls: string[][] }> {
    const start = this.#now;
    this.#calls = [];
    this.#isCounting = true;
    try {
      this.#now += coldStartMs;
      const value = await work();
      return { value, ms: this.#now - start, calls: this.#calls };
    } finally {
      this.#isCounting = false;
    }
  }

  async pass(what: string): Promise<void> {
    if (!this.#isCounting) return;
    const until = this.#now + callMs;
    const same = this.#waiting.some((one) => one.until === until) ? this.#calls.at(-1) : undefined;
    if (same) same.push(what);
    else this.#calls.push([what]);
    await this.#until(until);
  }

  /** Lets so much time pass. */
  async wait(ms: number): Promise<void> {
    await this.#until(this.#now + ms);
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
export async function slowDrive(
  options: DriveOptions = {},
): Promise<{ drive: Drive; onWaited: (tell: (one: Waited) => void) => void }> {
  const time = new CallTime();
  const listeners: ((one: Waited) => void)[] = [];
  class SlowFront extends WiredFront {
    protected override async hear(...call: Parameters<WiredFront['hear']>): Promise<Heard> {
      const [protocol, request] = call;
      await time.pass(`${protocol.service} ${protocol.operation({ ...request, hops: 0 })}`);
      return super.hear(...call);
    }
  }
  const wall = () => sunday + time.now();
  const front: DriveOptions['front'] = (parts) => {
    wiredFront(parts);
    return new SlowFront(parts);
  };
  const { tableEngine = new MemoryEngine() } = quick;
  const drive = await Drive.start({ ...quick, tableEngine, wall, front, ...options });
  const { lambda, environment, clock } = drive.sandbox;
  const log = (): void => undefined;
  lambda.deploy('trapheus-slack', {
    timeoutSeconds: 10,
    handler: async (event, context) => {
      const { value, ms, calls } = await time.measure(() =>
        slack.create(environment, clock, wall, log, (ms) => time.wait(ms))(event, context),
      );
      for (const tell of listeners) tell({ what: whatIs(event), ms, calls });
      return value;
    },
  });
  return { drive, onWaited: (tell) => void listeners.push(tell) };
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
