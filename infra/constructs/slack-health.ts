import { Duration } from 'aws-cdk-lib';
import { type IMetric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { slackTroubles } from '../slack-troubles';
import { ring } from './ring';

export interface SlackHealthProps {
  slackLog: LogGroup;
  notifierLog: LogGroup;
  namespace: string;
}

/** Lambda's own last line of each invocation: REPORT RequestId: <id> Duration: <ms> ms … */
const report = ['report', 'idLabel', 'id', 'durationLabel', 'duration', 'unit', '...'];

/** Slack's errors, counted from the lines of the two functions that talk to it: they carry no code for that. */
export class SlackHealth extends Construct {
  readonly errors: IMetric;
  /** How long Slack's function took for each answer: `AnswerMilliseconds`. */
  readonly answers: MetricFilter;

  constructor(scope: Construct, id: string, { slackLog, notifierLog, namespace }: SlackHealthProps) {
    super(scope, id);
    const logs = [slackLog, notifierLog];
    this.answers = new MetricFilter(this, 'Answers', {
      logGroup: slackLog,
      filterPattern: FilterPattern.spaceDelimited(...report)
        .whereString('report', '=', 'REPORT')
        .whereString('durationLabel', '=', 'Duration:'),
      metricNamespace: namespace,
      metricName: 'AnswerMilliseconds',
      metricValue: '$duration',
      unit: Unit.MILLISECONDS,
    });
    const filters = logs.map(
      (logGroup, index) =>
        new MetricFilter(this, `Errors${index}`, {
          logGroup,
          filterPattern: FilterPattern.any(
            ...slackTroubles.map((trouble) => FilterPattern.stringValue('$.message', '=', trouble)),
          ),
          metricNamespace: namespace,
          metricName: 'SlackErrors',
          metricValue: '1',
        }),
    );
    const [first] = filters;
    if (first === undefined) throw new Error('There are no logs to count in.');
    this.errors = first.metric({ statistic: Stats.SUM, period: Duration.minutes(15) });
    // One refusal may be one deleted channel.
    ring(this, 'Alarm', 'slack-unwell', { metric: this.errors, from: 5 });
  }
}
