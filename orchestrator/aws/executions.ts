import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Executions } from '../ports';
import { isNamed } from './refusal';

/** SendTaskFailure: the cause has at most 32,768 characters. */
const maxCause = 32_000;

const statuses: Record<string, ExecutionStatus> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};

export class StateMachine implements Executions {
  readonly #client: SFNClient;
  readonly #arn: string;

  constructor(client: SFNClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  async start(name: string, runId: string): Promise<void> {
    try {
      await this.#client.send(
        new StartExecutionCommand({ stateMachineArn: this.#arn, name, input: JSON.stringify({ runId }) }),
      );
    } catch (error) {
      // Started by somebody else, or by us before a crash: the name is the run's, so it is this very execution.
      if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
    }
  }

  async status(name: string): Promise<ExecutionStatus> {
    try {
      const { status } = await this.#client.send(
        new DescribeExecutionCommand({ executionArn: this.#executionArn(name) }),
      );
      return statuses[status ?? ''] ?? 'unknown';
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist')) return 'unknown';
      throw error;
    }
  }

  succeed(token: string): Promise<boolean> {
    return taken(this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' })));
  }

  fail(token: string, error: string, cause: string): Promise<boolean> {
    return taken(
      this.#client.send(new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, maxCause) })),
    );
  }

  beat(token: string): Promise<boolean> {
    return taken(this.#client.send(new SendTaskHeartbeatCommand({ taskToken: token })));
  }

  #executionArn(name: string): string {
    return `${this.#arn.replace(':stateMachine:', ':execution:')}:${name}`;
  }
}

/** A token that expired, was used or belongs to an ended execution is a fact, not an error. */
async function taken(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')) return false;
    throw error;
  }
}
