import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept } from '../accepted-findings';
import { type AlarmId, queueOutput } from '../runbook';
import type { Keys } from './keys';
import { minute, ring } from './ring';

/** Where events go that nobody could handle: kept two weeks, and one is enough to ring. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { entry, keys }: { entry: AlarmId; keys: Keys }) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', { enforceSSL: true, retentionPeriod: Duration.days(14), ...keys.queue() });
    accept(this.queue, 'It is the last place itself.', 'SQS3');
    new CfnOutput(Stack.of(this), queueOutput(entry), { value: this.queue.queueUrl });
    ring(this, 'Alarm', entry, { metric: this.queue.metricApproximateNumberOfMessagesVisible(minute) });
  }
}
