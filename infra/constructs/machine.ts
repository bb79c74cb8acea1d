import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { accept } from '../accepted-findings';
import type { Keys } from './keys';
import { minute, ring } from './ring';

/**
 * The machine's ARN before it exists. The worker has to know the machine and the machine the worker; a name of its own,
 * the stack's, which is unique in an account and Region, keeps that from being a circle.
 */
export function machineArn(stack: Stack): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: stack.stackName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The ARNs of all executions of the machine. */
export function executionArns(stack: Stack): string {
  return stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stack.stackName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

export interface MachineProps {
  definition: string;
  worker: IFunction;
  keys: Keys;
  logRetentionDays: RetentionDays;
}

/** The deployed pipeline: its exact text, and the right to call the worker. */
export class Machine extends Construct {
  readonly machine: StateMachine;
  readonly role: Role;

  constructor(scope: Construct, id: string, { definition, worker, keys, logRetentionDays }: MachineProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.functionArn] }));

    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: Stack.of(this).stackName,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: { WorkerFunction: worker.functionArn },
      role: this.role,
      tracingEnabled: true,
      logs: {
        // This prefix keeps the account's log resource policy from growing past its limit (Step Functions: "Logging").
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}`,
          retention: logRetentionDays,
          ...keys.kept(),
          // Its name is fixed: kept, it would be in the way of the next deployment.
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // The data of an execution includes its task tokens.
        includeExecutionData: false,
      },
    });

    accept(this.role, 'X-Ray and the delivery of logs know no resources.', 'IAM5[Resource::*]');

    ring(this, 'Failed', 'run-failed', { metric: this.machine.metricFailed(minute) });
    const outside = { timedOut: this.machine.metricTimedOut(minute), aborted: this.machine.metricAborted(minute) };
    ring(this, 'EndedOutside', 'execution-ended-outside', {
      metric: new MathExpression({ expression: 'timedOut + aborted', usingMetrics: outside, ...minute }),
    });
  }
}
