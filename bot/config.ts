import * as z from 'zod/mini';
import { type Environment, variables as orchestratorVariables } from '../orchestrator/config';

/** The variables of both entries, named once for whoever sets them. */
export const variables = {
  ...orchestratorVariables,
  secretId: 'SECRET_ID',
  slackApiUrl: 'SLACK_API_URL',
  command: 'COMMAND',
  label: 'LABEL',
} as const;

const Required = z.string('is not set').check(z.minLength(1, 'is empty'));

const shared = {
  /** The DynamoDB table of runs, waits, locks and cards. */
  [variables.tableName]: Required,
  /** The secret that holds `botToken` and `signingSecret`. */
  [variables.secretId]: Required,
  /** Slack's Web API; ends with a slash. Absent: Slack itself. */
  [variables.slackApiUrl]: z.optional(z.url('is not a URL').check(z.endsWith('/', 'has to end with a slash'))),
  /** Slack: at most 32 characters, lower case. */
  [variables.command]: z._default(
    z.string().check(z.regex(/^\/[a-z0-9_-]{1,31}$/, 'is not a slash command such as /trapheus')),
    '/trapheus',
  ),
  /** Tells deployments apart on the card, for example `staging`. */
  [variables.label]: z.optional(z.string().check(z.maxLength(40, 'has more than 40 characters'))),
};

export const SlackEnvironment = z.object({
  ...shared,
  [variables.stateMachineArn]: Required,
  [variables.tickQueueUrl]: z.url('is not a URL'),
  /** The path of policy.yml. */
  [variables.policyFile]: Required,
});
export type SlackEnvironment = z.infer<typeof SlackEnvironment>;

export const NotifierEnvironment = z.object({ ...shared, [variables.stateMachineArn]: z.optional(Required) });
export type NotifierEnvironment = z.infer<typeof NotifierEnvironment>;

/**
 * Reads an entry's environment.
 * @throws Error that names every variable that is wrong; never its value.
 */
export function readEnvironment<T>(schema: z.ZodMiniType<T>, env: Environment): T {
  const read = schema.safeParse(env);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
  throw new Error(
    `The environment has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${mistakes.join('\n')}`,
  );
}
