import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Tick } from '../../orchestrator/ports';
import { DeadLetters } from './dead-letters';
import type { Keys } from './keys';

/** RDS: "Amazon RDS event categories and event messages", as EventBridge delivers them. */
const databaseEvents: EventPattern = {
  source: ['aws.rds'],
  detailType: [
    'RDS DB Instance Event',
    'RDS DB Cluster Event',
    'RDS DB Snapshot Event',
    'RDS DB Cluster Snapshot Event',
  ],
};

/** What makes the watcher look: every minute, whenever RDS has news, and whenever somebody asks for it. */
export class Ticks extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { watcherSeconds, keys }: { watcherSeconds: number; keys: Keys }) {
    super(scope, id);
    const deadLetters = new DeadLetters(this, 'Dead', { entry: 'ticks-undelivered', keys });
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      ...keys.queue(),
      // Lambda: "Configure a queue for use with Lambda" asks for six times the function's time-out.
      visibilityTimeout: Duration.seconds(6 * watcherSeconds),
      // A tick is a hint: after a quarter of an hour, later ones have said the same.
      retentionPeriod: Duration.minutes(15),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 5 },
    });
    this.#send('Minute', { schedule: Schedule.rate(Duration.minutes(1)) }, { kind: 'minute' });
    // Never truth, always a hint; so its content does not matter. It descends from nothing and sends no further ticks
    // but those that a rename asks for.
    this.#send('DatabaseEvent', { eventPattern: databaseEvents }, { kind: 'look', depth: 1 });
  }

  /** The schedule targets the queue and not the function: the watcher meets one shape of event. */
  #send(id: string, on: { schedule: Schedule } | { eventPattern: EventPattern }, tick: Tick): void {
    new Rule(this, id, { ...on, targets: [new SqsQueue(this.queue, { message: RuleTargetInput.fromObject(tick) })] });
  }
}
