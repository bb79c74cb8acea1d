import type { Node } from 'constructs';
import { z } from 'zod';

/** `-c identifierPatterns='orders-*,*-staging'` on the command line, or a list in cdk.json. */
const Patterns = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
  .pipe(z.array(z.string().regex(/^[a-zA-Z0-9*?-]+$/, 'a database name, in which * and ? stand for anything')).min(1));

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
});
export type Options = z.infer<typeof Options>;

/** @throws Error that names every mistaken option. */
export function optionsFrom(node: Node): Options {
  const given = Object.keys(Options.shape).map((key) => [key, node.tryGetContext(key) as unknown]);
  const parsed = Options.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The CDK context has mistakes:\n${mistakes.join('\n')}`);
}
