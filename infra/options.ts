import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { closest } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import * as z from 'zod';
import { mistakeInCron } from './cron';

/** Lists are lists in cdk.json, and words with commas between them on the command line: `-c identifierPatterns='a-*,b-*'`. */
const listOf = (entry: z.ZodString | z.ZodEmail) =>
  z.preprocess(
    (given) =>
      typeof given === 'string'
        ? given
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : given,
    z.array(entry).transform((entries) => [...new Set(entries)]),
  );
const atLeastOne = (entries: readonly string[]) => entries.length > 0;

const Patterns = listOf(
  // RDS keeps names in lower case, and IAM compares ARNs letter by letter: a capital would match nothing.
  z.string().regex(/^[a-z0-9*?-]+$/, 'a database name in lower case, in which * and ? stand for anything'),
).refine(atLeastOne, 'at least one pattern; * stands for every database');

/** As IAM spells them in an ARN, a path before the name where there is one. */
const Roles = listOf(
  z.string().regex(/^[\w+=,.@/*?-]+$/, 'the name of an IAM role, in which * and ? stand for anything'),
).refine(atLeastOne, 'at least one role; * stands for every role');

/** An app with one of these is refused (Slack Help Center, “Use shortcuts and built-in slash commands in Slack”). */
const slackCommands =
  'active apps archive away call collapse dm dnd expand feed feedback help huddle invite join leave me msg mute open prefs remind remove rename search shortcuts shrug star status topic who'
    .split(' ')
    .map((name) => `/${name}`);

/** A number is one in cdk.json, and text on the command line. Nothing else becomes one: `true` and an empty text do not. */
const asNumber = (given: unknown) => (typeof given === 'string' && given.trim() !== '' ? Number(given) : given);

/** Objects and lists of them are themselves in cdk.json, and JSON on the command line. */
const orJson = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(read, schema);

function read(given: unknown): unknown {
  try {
    return typeof given === 'string' ? (JSON.parse(given) as unknown) : given;
  } catch {
    return given;
  }
}

/** Something that is asked for again and again, by nobody in particular: `aws` asks, and a rule has to allow that. */
export const ScheduledRun = z.strictObject({
  database: z.string().regex(/^[a-z](-?[a-z0-9]){0,62}$/, 'the name of a database, in lower case'),
  kind: z.enum(['instance', 'cluster']).default('instance'),
  /** EventBridge Scheduler: six fields, the last a year. */
  cron: z.string().superRefine((cron, told) => {
    const mistake = mistakeInCron(cron);
    if (mistake !== undefined) told.addIssue(mistake);
  }),
  timeZone: z
    .string()
    .refine((zone) => Intl.supportedValuesOf('timeZone').concat('UTC').includes(zone), 'an IANA time zone')
    .default('UTC'),
  source: z.enum(['newest', 'now']).default('newest'),
  /** In its place, or only a snapshot. */
  target: z.enum(['replace', 'none']).default('replace'),
  reason: z.string().min(1).max(200),
});
export type ScheduledRun = z.infer<typeof ScheduledRun>;

const copies = 'a whole number from 0 to 100';

/** What a deployment chooses: CDK context, in cdk.json or with `-c`. */
export const Options = z.object({
  /** The databases on which RDS writes are allowed at all, whatever policy.yml says. */
  identifierPatterns: Patterns.default(['*']),
  /** Names of the IAM roles that a copy may be given, as its original has them: for monitoring, S3 or a domain. */
  databaseRoles: Roles.default(['*']),
  /** The slash command, when several deployments share a workspace. */
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'a slash command such as /trapheus-staging')
    .refine(
      (command) => !slackCommands.includes(command),
      'a command that is not one of Slack’s own, which no app may have',
    )
    .default('/trapheus'),
  /** Tells deployments apart on the card, for example `staging`; absent: what the command says behind its first dash. */
  label: z.string().max(40).optional(),
  /** Where Slack calls: a Lambda function URL, or an HTTP API where an organisation forbids those. */
  endpoint: z.enum(['function-url', 'http-api']).default('function-url'),
  /** The name of the stack, of its state machine and of that one's log: several live side by side under their own. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,79}$/, 'a letter, then letters, digits and hyphens, 80 at most')
    .default('Trapheus'),
  /** Who is told by e-mail when an alarm rings. */
  alertEmails: listOf(z.email('an e-mail address')).default([]),
  /** How long the functions' logs are kept. */
  logRetentionDays: z
    .preprocess(
      asNumber,
      z.enum(RetentionDays, 'one of the periods that CloudWatch Logs offers, such as 30, 90, 180 or 365'),
    )
    .default(RetentionDays.SIX_MONTHS),
  /** Copies of Slack's function that are kept started, at a price; 0 for none. */
  provisionedConcurrency: z.preprocess(asNumber, z.int(copies).min(0, copies).max(100, copies)).default(0),
  /** The network in which the functions run; absent: none. It has to let them reach AWS and Slack. */
  vpc: orJson(
    z.strictObject({
      // Lambda: CreateFunction, VpcConfig. Subnets and security groups come together or not at all.
      subnetIds: z
        .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'an id such as subnet-0a1b2c3d'))
        .min(1)
        .max(16),
      securityGroupIds: z
        .array(z.string().regex(/^sg-[0-9a-f]+$/, 'an id such as sg-0a1b2c3d'))
        .min(1)
        .max(5),
    }),
  ).optional(),
  /** Who encrypts what is kept: AWS, a key that the stack makes, or the key of this ARN. */
  encryption: z
    .string()
    .regex(
      /^(aws-managed|own-key|arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/,
      'aws-managed, own-key, or the ARN of a KMS key',
    )
    .default('aws-managed'),
  /** Runs that start by the clock, through the same door as everybody’s. */
  schedules: orJson(z.array(ScheduledRun).max(50)).default([]),
  /** Where people read docs/runbook.md; alarms link there. */
  runbookUrl: z.string().min(1).max(200).default('docs/runbook.md'),
  /** On everything that the stack creates and that can be tagged. */
  tags: orJson(
    z
      .record(
        z
          .string()
          .regex(
            /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
            'a tag key; those that begin with aws: are AWS’s own',
          ),
        z
          .string()
          .regex(
            /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
            'a tag value: 256 letters, digits, spaces and _ . : / = + - @ at most',
          ),
      )
      .refine((tags) => Object.keys(tags).length <= 50, '50 tags at most, as AWS allows'),
  ).default({
    AppName: 'Trapheus',
    AppComponent: 'database-restore',
    AppFunction: 'chatops',
  }),
});
export type Options = z.infer<typeof Options>;

/** What tells deployments in one workspace apart, where nothing else says so: of `/trapheus-staging` it is “staging”. */
export function labelOf(command: string): string | undefined {
  const [, label] = /^\/[^-_]+[-_](.+)$/.exec(command) ?? [];
  return label;
}

/** @throws Error that names every mistaken option. */
export function optionsFrom(node: Node): Options {
  return parseOptions(node.getAllContext() as Readonly<Record<string, unknown>>);
}

/** Context is shared with the CDK, whose own keys are written like `@aws-cdk/…` or `aws:cdk:…`; and with these. */
const ofTheCdk = /[@:/]|^(cli-telemetry|acknowledged-issue-numbers)$/;

/**
 * The same from the context of cdk.json.
 * @throws Error that names every mistaken option, those that nobody knows too.
 */
export function parseOptions(context: Readonly<Record<string, unknown>>): Options {
  const known = Object.keys(Options.shape);
  const parsed = Options.safeParse(context, { error: plainly, reportInput: true });
  const unknown = Object.keys(context)
    .filter((key) => !ofTheCdk.test(key) && !known.includes(key))
    .map((key) => `  ${key}: there is no such setting; did you mean ${likest(key, known)}?`);
  const mistakes = (parsed.error?.issues ?? []).map(
    (issue) => `  ${issue.path.join('.')}: ${issue.message}${instead(issue.input)}`,
  );
  const contradictions = parsed.success ? outOfScope(parsed.data) : [];
  if (parsed.success && unknown.length + contradictions.length === 0) return parsed.data;
  throw new Error(`The CDK context has mistakes:\n${[...mistakes, ...contradictions, ...unknown].join('\n')}`);
}

/** A run that IAM would refuse, night after night. */
function outOfScope({ schedules, identifierPatterns }: Options): string[] {
  const isInScope = picomatch(identifierPatterns);
  return schedules.flatMap(({ database }, index) =>
    isInScope(database)
      ? []
      : [
          `  schedules.${index}.database: ${database} fits none of identifierPatterns (${identifierPatterns.join(', ')})`,
        ],
  );
}

function likest(key: string, known: readonly string[]): string {
  const word = key.replace(/[^a-z]/gi, '').toLowerCase();
  return known.find((name) => name.toLowerCase().includes(word)) ?? closest(key, known);
}

const instead = (input: unknown): string => (typeof input === 'string' && input !== '' ? `, not “${input}”` : '');

const words: Record<string, string> = {
  array: 'a list',
  object: 'an object; on the command line, as JSON',
  record: 'an object; on the command line, as JSON',
  string: 'text',
};

/** What the schema’s own words leave out, for people who do not know zod. */
export function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `has to be ${words[issue.expected] ?? `a ${issue.expected}`}`;
  if (issue.code === 'unrecognized_keys') return `there is no ${issue.keys.join(', ')} in it`;
  if (issue.code === 'invalid_value') return `has to be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return 'is empty';
  if (issue.code === 'too_big') return `${issue.maximum}${issue.origin === 'string' ? ' characters' : ''} at most`;
  return undefined;
}
