import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { StateMachine } from '../../../orchestrator/aws/executions';

const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:trapheus';
const sfn = mockClient(SFNClient);
const machine = new StateMachine(new SFNClient({ region: 'eu-central-1' }), arn);
const refusal = (name: string) =>
  new SFNServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
beforeEach(() => sfn.reset());

test('an execution carries the run’s id and nothing else', async () => {
  await machine.start('r2345678', 'r2345678');

  expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
    stateMachineArn: arn,
    name: 'r2345678',
    input: '{"runId":"r2345678"}',
  });
});

test('starting what was started is harmless; any other refusal is not', async () => {
  sfn
    .on(StartExecutionCommand)
    .rejectsOnce(refusal('ExecutionAlreadyExists'))
    .rejects(refusal('AccessDeniedException'));

  await expect(machine.start('r2345678', 'r2345678')).resolves.toBeUndefined();
  await expect(machine.start('r2345678', 'r2345678')).rejects.toThrow(
    expect.objectContaining({ name: 'AccessDeniedException' }),
  );
});

test.each([
  ['RUNNING', 'running'],
  ['PENDING_REDRIVE', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['FAILED', 'failed'],
  ['TIMED_OUT', 'timed-out'],
  ['ABORTED', 'aborted'],
] as const)('the service’s %s is our %s', async (theirs, ours) => {
  sfn.on(DescribeExecutionCommand).resolves({ status: theirs });

  expect(await machine.status('r2345678-r1')).toBe(ours);
  expect(sfn.commandCalls(DescribeExecutionCommand)[0]?.args[0].input.executionArn).toBe(
    `${arn.replace('stateMachine', 'execution')}:r2345678-r1`,
  );
});

test('an execution that never was is unknown', async () => {
  sfn.on(DescribeExecutionCommand).rejects(refusal('ExecutionDoesNotExist'));

  expect(await machine.status('r2345678')).toBe('unknown');
});

test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
  'a token that answers %s is dead, and that is a fact and no error',
  async (name) => {
    sfn.onAnyCommand().rejects(refusal(name));

    expect(await machine.succeed('token')).toBe(false);
    expect(await machine.fail('token', 'Trapheus.Stop', 'cancelled')).toBe(false);
    expect(await machine.beat('token')).toBe(false);
  },
);

test('a living token takes success, heartbeat and a failure whose cause fits', async () => {
  expect(await machine.succeed('token')).toBe(true);
  expect(await machine.beat('token')).toBe(true);
  expect(await machine.fail('token', 'Trapheus.Stop', 'x'.repeat(40_000))).toBe(true);

  expect(sfn.commandCalls(SendTaskSuccessCommand)).toHaveLength(1);
  expect(sfn.commandCalls(SendTaskHeartbeatCommand)).toHaveLength(1);
  // Step Functions: SendTaskFailure takes 32,768 characters of cause.
  expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input.cause?.length).toBeLessThanOrEqual(32_768);
});
