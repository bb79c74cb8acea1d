import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { optionsFrom } from '../options';
import { type AlarmId, describeAlarm } from '../runbook';

export interface Watch {
  /** What is measured, each with its statistic. */
  metric: IMetric;
  /** Rings at this value or above. Default 1. */
  from?: number;
  /** In how many periods one after the other. Default 1. */
  periods?: number;
  /** Rings below `from` instead, and when there is nothing to measure. */
  isSilenceBad?: boolean;
}

/** An alarm that says what it means and where the runbook goes on. */
export function ring(scope: Construct, id: string, entry: AlarmId, watch: Watch): Alarm {
  const { metric, from = 1, periods = 1, isSilenceBad = false } = watch;
  const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
  return new Alarm(scope, id, {
    alarmDescription: describeAlarm(entry, optionsFrom(scope.node).runbookUrl),
    metric,
    threshold: from,
    evaluationPeriods: periods,
    comparisonOperator: isSilenceBad ? LESS_THAN_THRESHOLD : GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: isSilenceBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
}

export const minute = { period: Duration.minutes(1) };
