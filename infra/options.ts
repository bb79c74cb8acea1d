import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import * as z from 'zod';

/** `-c identifierPatterns='orders-*,*-staging'` on the command line, or a list in cdk.json. */
const Patterns = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
  .pipe(z.array(z.string().regex(/^[a-zA-Z0-9*?-]+$/, 'a database name, in which * and ? stand for anything')).min(1));

/** Lists are lists in cdk.json, and words with commas between them on the command line. */
const list = (text: string) => text.split(',').map((part) => part.trim());

/** What a deployment chooses: CDK context, in cdk.json or with `-c`. */
export const Options = z.object({
  /** The databases on which RDS writes are allowed at all, whatever policy.yml says. */
  identifierPatterns: Patterns.default(['*']),
  /** The slash command, when several deployments share a workspace. */
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'a slash command such as /trapheus-staging')
    .default('/trapheus'),
  /** Tells deployments apart on the card, for example `staging`. */
  label: z.string().max(40).optional(),
  /** Where Slack calls: a Lambda function URL, or an HTTP API where an organisation forbids those. */
  endpoint: z.enum(['function-url', 'http-api']).default('function-url'),
  /** The name of the stack, of its state machine and of that one's log: several live side by side under their own. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,79}$/, 'a letter, then letters, digits and hyphens, 80 at most')
    .default('Trapheus'),
  /** Who is told by e-mail when an alarm rings. */
  alertEmails: z
    .union([z.array(z.string()), z.string().transform(list)])
    .pipe(z.array(z.email('an e-mail address')))
    .default([]),
  /** How long the functions' logs are kept. */
  logRetentionDays: z.coerce
    .number('a number of days')
    .pipe(z.enum(RetentionDays, 'one of the periods that CloudWatch Logs offers, such as 30, 90, 180 or 365'))
    .default(RetentionDays.SIX_MONTHS),
  /** Copies of Slack's function that are kept started, at a price; 0 for none. */
  provisionedConcurrency: z.coerce.number('a number').int('a whole number').min(0).max(100).default(0),
  /** On everything that the stack creates and that can be tagged. */
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .default({ AppName: 'Trapheus', AppComponent: 'database-restore', AppFunction: 'chatops' }),
});
export type Options = z.infer<typeof Options>;

/** @throws Error that names every mistaken option. */
export function optionsFrom(node: Node): Options {
  return parseOptions(Object.fromEntries(Object.keys(Options.shape).map((key) => [key, node.tryGetContext(key)])));
}

/**
 * The same from the context of cdk.json.
 * @throws Error that names every mistaken option.
 */
export function parseOptions(context: Readonly<Record<string, unknown>>): Options {
  const parsed = Options.safeParse(context);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The CDK context has mistakes:\n${mistakes.join('\n')}`);
}
