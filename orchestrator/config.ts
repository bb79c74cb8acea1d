import * as z from 'zod/mini';
import './english';

/** The environment's variables, named once for the stack that sets them and the functions that read them. */
export const variables = {
  tableName: 'TABLE_NAME',
  stateMachineArn: 'STATE_MACHINE_ARN',
  tickQueueUrl: 'TICK_QUEUE_URL',
  policyFile: 'POLICY_FILE',
} as const;

export type Environment = Record<string, string | undefined>;

const OrchestratorConfig = z.object({
  [variables.tableName]: z.string().check(z.minLength(1)),
  [variables.stateMachineArn]: z.string().check(z.regex(/^arn:[^:]+:states:[^:]+:\d+:stateMachine:.+$/)),
  [variables.tickQueueUrl]: z.url(),
  [variables.policyFile]: z.string().check(z.minLength(1)),
});

export interface OrchestratorConfig {
  tableName: string;
  stateMachineArn: string;
  tickQueueUrl: string;
  policyFile: string;
}

/** @throws Error that names every variable that is missing or wrong, all at once. */
export function readConfig(environment: Environment): OrchestratorConfig {
  const parsed = OrchestratorConfig.safeParse(environment);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not complete:\n${mistakes.join('\n')}`);
  }
  const { data } = parsed;
  return {
    tableName: data.TABLE_NAME,
    stateMachineArn: data.STATE_MACHINE_ARN,
    tickQueueUrl: data.TICK_QUEUE_URL,
    policyFile: data.POLICY_FILE,
  };
}
