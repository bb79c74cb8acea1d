import { resolve } from 'node:path';
import { createSandbox, type Sandbox } from '../../infra/local/sandbox';
import type { CallRecord } from '../../infra/local/service';
import type { Message } from '../../infra/local/slack/messages';
import { createParts } from '../../orchestrator/aws/parts';
import { readConfig } from '../../orchestrator/config';
import { Door } from '../../orchestrator/door/door';
import type { Run } from '../../orchestrator/run';
import { MemoryEngine } from '../fast/memory-engine';
import { wiredFront } from '../fast/wires';
import type { Timeline } from './assumptions';
import { knobsFor, noon, requestFor, seedFleet } from './fleet-world';

/** How long people waited to see something, in seconds. */
export interface Seen {
  /** From the request until its card is in the channel. */
  card: number[];
  /** From the plan until the card can be approved. */
  asked: number[];
  /** From the decision until every button for it is gone. */
  decided: number[];
  /** From the end of a restore until its card says so. */
  ended: number[];
  /** From the end until the requester is told. */
  told: number[];
}

export interface Channel {
  seen: Seen;
  succeeded: number;
  /** The most restores that were under way at one moment. */
  atOnce: number;
  /** From the first end to the last, in minutes. */
  endMinutes: number;
  /** Calls that Slack refused for their number. */
  refused: number;
  posts: number;
  updates: number;
  /** The most of them in any 60 seconds. */
  updatesAMinute: number;
  /** The shortest time between two changes of one card, in seconds. */
  closestChanges: number;
  /** Cards that do not show their newest record when everything is over. */
  behind: number;
  calls: number;
}

/** Runs that are all in one channel: requested one after the other, approved by one person, restored, ended. */
export async function playChannel(options: { count: number; windowSeconds: number; timeline: Timeline }) {
  const { count, windowSeconds, timeline } = options;
  const sandbox = await createSandbox({
    start: noon,
    wall: () => noon,
    policyFile: resolve(__dirname, 'slack-policy.yml'),
    front: wiredFront,
    tableEngine: new MemoryEngine(),
    slackKnobs: { rateLimits: 'no-bursts', answerWithinMs: 600_000 },
    knobs: knobsFor({ count, timeline, windowSeconds, limited: false, events: true, toTheEnd: false }),
    seed: (rds) => seedFleet(rds, count),
  });
  try {
    const watched = new Watched(sandbox, count);
    const door = new Door(createParts(readConfig(sandbox.environment), sandbox.clock));
    for (let index = 0; index < count; index += 1)
      sandbox.clock.at(noon + 60_000 + (index * windowSeconds * 1000) / count, async () => {
        const answer = await door.request(requestFor(index));
        if (!answer.ok) throw new Error(answer.problem.message);
      });
    await sandbox.clock.runUntil(() => watched.isOver(), (windowSeconds + 12 * 3600) * 1000);
    return watched.result();
  } finally {
    await sandbox.close();
  }
}

/** How long after the last end everything has to be said. */
const calmMs = 10 * 60_000;

class Watched {
  readonly #sandbox: Sandbox;
  readonly #count: number;
  readonly #seen: Seen = { card: [], asked: [], decided: [], ended: [], told: [] };
  /** What happened and nobody has seen yet: when, by what and run. */
  readonly #waiting = new Map<string, number>();
  readonly #runs = new Map<string, Run>();
  readonly #changes = new Map<string, number[]>();
  /** By the ts of its card. */
  readonly #runOf = new Map<string, string>();
  readonly #updates: number[] = [];
  readonly #ends: number[] = [];
  #posts = 0;
  #refused = 0;
  #calls = 0;
  #atOnce = 0;
  #underWay = 0;

  constructor(sandbox: Sandbox, count: number) {
    this.#sandbox = sandbox;
    this.#count = count;
    sandbox.onCall((call) => this.#heard(call));
    sandbox.onRun((run) => this.#changed(run));
    sandbox.slack.onChange((change) => {
      if (change.kind === 'message' || change.kind === 'message_changed') this.#shown(change.message);
    });
  }

  isOver(): boolean {
    const last = this.#ends.at(-1);
    if (this.#ends.length < this.#count || last === undefined) return false;
    return this.#sandbox.clock.now() - last > calmMs;
  }

  result(): Channel {
    const runs = [...this.#sandbox.runs.values()];
    const gaps = [...this.#changes.values()].flatMap((times) =>
      times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000),
    );
    const inTheMinuteOf = (from: number) => this.#updates.filter((at) => at >= from && at < from + 60_000).length;
    return {
      seen: this.#seen,
      succeeded: runs.filter(({ status }) => status === 'succeeded').length,
      atOnce: this.#atOnce,
      endMinutes: (Math.max(...this.#ends) - Math.min(...this.#ends)) / 60_000,
      refused: this.#refused,
      posts: this.#posts,
      updates: this.#updates.length,
      updatesAMinute: Math.max(...this.#updates.map(inTheMinuteOf)),
      closestChanges: gaps.reduce((least, gap) => Math.min(least, gap), Number.POSITIVE_INFINITY),
      behind: runs.filter((run) => Number(this.#card(run.id)?.version ?? 0) < run.version).length + this.#waiting.size,
      calls: this.#calls,
    };
  }

  #card(run: string): { version: string } | undefined {
    const item = this.#sandbox.item(`card#${run}`) as { version?: { N: string } } | undefined;
    return item?.version && { version: item.version.N };
  }

  /** The record as it was written: from here on people wait to see it. */
  #changed(run: Run): void {
    const before = this.#runs.get(run.id);
    this.#runs.set(run.id, run);
    const now = this.#sandbox.clock.now();
    if (before === undefined) {
      this.#waiting.set(`card ${run.id}`, run.request.at);
      this.#underWay += 1;
      this.#atOnce = Math.max(this.#atOnce, this.#underWay);
    }
    if (run.status === 'waiting' && before?.status !== 'waiting') this.#waiting.set(`asked ${run.id}`, now);
    if (run.decisions.length > (before?.decisions.length ?? 0)) this.#waiting.set(`decided ${run.id}`, now);
    if (run.finishedAt !== undefined && before?.finishedAt === undefined) {
      this.#waiting.set(`ended ${run.id}`, run.finishedAt);
      this.#waiting.set(`told ${run.id}`, run.finishedAt);
      this.#ends.push(run.finishedAt);
      this.#underWay -= 1;
    }
  }

  #shown(message: Message): void {
    const [, run] = /\(run (r[2-9a-z]{7})\)/.exec(message.text) ?? [];
    if (message.thread_ts !== undefined) {
      const root = this.#runOf.get(message.thread_ts);
      if (root !== undefined && message.text.includes('is restored')) this.#see('told', root);
      return;
    }
    if (run === undefined) return;
    this.#runOf.set(message.ts, run);
    this.#see('card', run);
    const canApprove = JSON.stringify(message.blocks).includes('"action_id":"approve"');
    if (canApprove && this.#see('asked', run)) this.#approve(message);
    if (!canApprove) this.#see('decided', run);
    if (message.text.includes('succeeded')) this.#see('ended', run);
  }

  /** A signed click, as from the channel, a quarter of a minute later. */
  #approve({ channel, ts }: Message): void {
    this.#sandbox.clock.after(15_000, async () => {
      const { error } = await this.#sandbox.slack.act({ user: 'ben', channel, message_ts: ts, action_id: 'approve' });
      if (error !== undefined) throw new Error(error);
    });
  }

  #see(what: keyof Seen, run: string): boolean {
    const since = this.#waiting.get(`${what} ${run}`);
    if (since === undefined) return false;
    this.#waiting.delete(`${what} ${run}`);
    this.#seen[what].push((this.#sandbox.clock.now() - since) / 1000);
    return true;
  }

  #heard({ service, operation, at, body, status }: CallRecord): void {
    if (service !== 'slack') return;
    this.#calls += 1;
    if (status === 429) this.#refused += 1;
    if (operation === 'chat.postMessage') this.#posts += 1;
    if (operation !== 'chat.update') return;
    this.#updates.push(at);
    const ts = new URLSearchParams(body).get('ts') ?? '';
    this.#changes.set(ts, [...(this.#changes.get(ts) ?? []), at]);
  }
}
