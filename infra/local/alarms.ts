import { type AlarmId, describeAlarm } from '../runbook';
import type { VirtualClock } from './clock';
import { every } from './schedule';

/** What the alert topic has sent to everybody who subscribed to it by e-mail. */
export interface Mail {
  /** Virtual milliseconds since the epoch. */
  at: number;
  text: string;
}

/** An SNS topic, seen from its e-mail subscriptions: neither Slack nor a function stands in between. */
export class AlertTopic {
  readonly sent: Mail[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  publish(text: string): void {
    this.sent.push({ at: this.#clock.now(), text });
  }
}

/** One metric, counted as CloudWatch does: how much of it there was in the period that ends now. */
export class Counter {
  readonly #clock: VirtualClock;
  readonly #times: number[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  add(): void {
    this.#times.push(this.#clock.now());
  }

  within(minutes: number): number {
    const from = this.#clock.now() - minutes * 60_000;
    while ((this.#times[0] ?? Number.POSITIVE_INFINITY) <= from) this.#times.shift();
    return this.#times.length;
  }
}

/** One alarm of the deployment: rings at `from` or above in one period. A test holds these against the template. */
export interface Watched {
  entry: AlarmId;
  from: number;
  periodMinutes: number;
  /** What the metric says of the period that ends now. */
  read: (periodMinutes: number) => number;
}

export interface AlarmsOptions {
  clock: VirtualClock;
  topic: AlertTopic;
  runbookUrl: string;
  watched: readonly Watched[];
}

/** CloudWatch's alarms, evaluated once a minute; each rings when it goes from OK to ALARM. */
export class Alarms {
  readonly watched: readonly Watched[];
  readonly #topic: AlertTopic;
  readonly #runbookUrl: string;
  readonly #ringing = new Set<AlarmId>();
  readonly #schedule: { stop(): void };

  constructor({ clock, topic, runbookUrl, watched }: AlarmsOptions) {
    this.#runbookUrl = runbookUrl;
    this.watched = watched;
    this.#topic = topic;
    this.#schedule = every(clock, 60_000, () => this.#evaluate());
  }

  /** Those that are in the state ALARM. */
  ringing(): AlarmId[] {
    return [...this.#ringing];
  }

  stop(): void {
    this.#schedule.stop();
  }

  #evaluate(): void {
    for (const { entry, from, periodMinutes, read } of this.watched) {
      if (read(periodMinutes) < from) this.#ringing.delete(entry);
      else if (!this.#ringing.has(entry)) {
        this.#ringing.add(entry);
        this.#topic.publish(`ALARM: ${describeAlarm(entry, this.#runbookUrl)}`);
      }
    }
  }
}
