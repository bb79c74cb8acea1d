import type { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Keys } from './keys';

/**
 * Where every alarm of the stack rings: by e-mail, without Slack and without a function of ours in between. Each
 * address confirms its subscription once (SNS: "Email subscription setup").
 */
export class Alerts extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails, keys }: { emails: readonly string[]; keys: Keys }) {
    super(scope, id);
    // Not encrypted with a key of AWS's own: CloudWatch could not publish to it (SNS: "Key management").
    this.topic = new Topic(this, 'Topic', { displayName: 'Trapheus', enforceSSL: true, ...keys.topic() });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Call it last: it finds what is there by then. */
  connectEveryAlarmOf(stack: Stack): Alarm[] {
    const alarms = stack.node.findAll().filter((one) => one instanceof Alarm);
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.topic));
    return alarms;
  }
}
