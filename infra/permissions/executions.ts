import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { executionArns, machineArn } from '../constructs/machine';

export function startExecutions(stack: Stack): PolicyStatement {
  return new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn(stack)] });
}

export function describeExecutions(stack: Stack): PolicyStatement {
  return new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executionArns(stack)] });
}

/** Step Functions names the machine, not the token, as the resource of these. */
export function answerTokens(stack: Stack): PolicyStatement {
  return new PolicyStatement({
    actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
    resources: [machineArn(stack)],
  });
}
