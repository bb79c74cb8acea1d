import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
    this.topic = new Topic(this, 'Topic', { displayName: Stack.of(this).stackName, enforceSSL: true, ...keys.topic() });
    this.#admitAlarms();
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  /**
   * A policy of one's own replaces SNS's default, by which the account's own alarms may publish; without this each alarm
   * would ring unheard (SNS: "Allow Amazon CloudWatch alarms in any account to publish to your SNS topic").
   */
  #admitAlarms(): void {
    const { account, partition, region } = Stack.of(this);
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        },
      }),
    );
  }

  /** Call it last: it finds what is there by then. */
  connectEveryAlarmOf(stack: Stack): Alarm[] {
    const alarms = stack.node.findAll().filter((one) => one instanceof Alarm);
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.topic));
    return alarms;
  }
}
