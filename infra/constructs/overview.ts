import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  MathExpression,
  type Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Measure } from '../../orchestrator/measures';

export interface OverviewProps {
  namespace: string;
  machine: StateMachine;
  /** How long Slack waits, cold starts included. */
  latency: Metric;
  functions: readonly IFunction[];
  slackErrors: IMetric;
  answers: MetricFilter;
  alarms: IAlarm[];
  runbookUrl: string;
}

/** What operators want to see at once: alarms, runs, how long names are away, how fast Slack is answered. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, props: OverviewProps) {
    super(scope, id);
    const { namespace, machine, latency, functions, slackErrors, answers, alarms, runbookUrl } = props;
    /**
     * One line for every value of the last dimension: whatever steps and outcomes there are. A stack's name may have a
     * hyphen, and such a namespace is quoted (CloudWatch: search expression syntax).
     */
    const each = (name: Measure['name'], dimensions: string, statistic: string) =>
      new MathExpression({
        expression: `SEARCH('{"${namespace}",${dimensions}} MetricName="${name}"', '${statistic}', 300)`,
        period: Duration.minutes(5),
        label: '',
      });
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12, liveData: true });
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(7),
      widgets: [
        [new TextWidget({ markdown: `What an alarm means and what to do: ${runbookUrl}`, width: 24, height: 1 })],
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 })],
        [
          graph('Runs by outcome', each('RunsEnded', 'outcome,service', 'Sum')),
          graph('Seconds of steps, p90', each('StepSeconds', 'phase,service,step', 'p90')),
        ],
        [
          graph('Outage of a name, seconds', each('OutageSeconds', 'service', 'Maximum')),
          graph('A whole run, seconds', each('RunSeconds', 'service', 'Maximum')),
        ],
        [
          graph(
            'Answers to Slack, milliseconds (at most 3,000)',
            answers.metric({ statistic: 'p50', label: 'p50' }),
            answers.metric({ statistic: 'p99', label: 'p99' }),
            latency.with({ label: 'longest, with cold starts' }),
          ),
          graph('Errors of Slack', slackErrors),
        ],
        [
          graph('Executions', machine.metricStarted(), machine.metricSucceeded(), machine.metricFailed()),
          graph('Errors of functions', ...functions.map((one) => one.metricErrors({ label: one.node.path }))),
        ],
      ],
    });
  }
}
