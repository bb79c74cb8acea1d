import { Duration, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ScheduledInput } from '../../orchestrator/scheduled-input';
import type { ScheduledRun } from '../options';
import { DeadLetters } from './dead-letters';
import type { Keys } from './keys';

/** Runs that start by the clock. Each goes through the door: policy.yml has to allow `aws` to ask, and who approves. */
export class Schedules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { runs, machine, keys }: { runs: readonly ScheduledRun[]; machine: IStateMachine; keys: Keys },
  ) {
    super(scope, id);
    if (runs.length === 0) return;
    const { queue } = new DeadLetters(this, 'Dead', { entry: 'schedule-failed', keys });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }));
    // What cannot be started is put into the queue with this role too (EventBridge Scheduler: Configuring a DLQ).
    for (const statement of keys.use()) role.addToPolicy(statement);
    runs.forEach(({ cron, timeZone, ...wish }, index) => {
      const input: ScheduledInput = { schedule: wish };
      new Schedule(this, `Run${index}`, {
        description: `${wish.target === 'none' ? 'Snapshot of' : 'Restore of'} ${wish.database}: ${wish.reason}`,
        schedule: ScheduleExpression.expression(`cron(${cron})`, TimeZone.of(timeZone)),
        target: new StepFunctionsStartExecution(machine, {
          role,
          input: ScheduleTargetInput.fromObject(input),
          deadLetterQueue: queue,
          retryAttempts: 5,
          maxEventAge: Duration.hours(1),
        }),
      });
    });
  }
}
