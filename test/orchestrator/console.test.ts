import { executionAddress } from '../../orchestrator/console';

test.each([
  ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1'],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/states/home?region=us-gov-west-1',
  ],
])('an execution of the partition %s is on that partition’s console', (partition, region, home) => {
  const machine = `arn:${partition}:states:${region}:111122223333:stateMachine:Trapheus`;
  const execution = `arn:${partition}:states:${region}:111122223333:execution:Trapheus:r7k3q9xz-r1`;
  expect(executionAddress(machine, 'r7k3q9xz-r1')).toBe(`${home}#/v2/executions/details/${execution}`);
});

test('where the console is not known there is no link', () => {
  expect(executionAddress('arn:aws-iso:states:us-iso-east-1:111122223333:stateMachine:T', 'r1')).toBeUndefined();
});
