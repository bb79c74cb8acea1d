import { z } from 'zod';

/**
 * The part of the Amazon States Language that our machine uses. Whatever else a definition says is refused when it is
 * loaded, naming state and field, so that the sandbox never runs a machine differently from AWS without saying so.
 */
const name = z.string().min(1).max(80);
const next = name;
const plainPath = /^\$(\.[A-Za-z_][A-Za-z0-9_]*)+$/;

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string().min(1)).min(1),
  IntervalSeconds: z.int().min(1).max(99_999_999).default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
});

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.tuple([z.literal('States.ALL')]),
  ResultPath: z.literal('$.error'),
  Next: next,
});

const task = z.strictObject({
  Type: z.literal('Task'),
  Comment: z.string().optional(),
  Resource: z
    .string()
    .regex(/^arn:aws[a-z-]*:states:::lambda:invoke\.waitForTaskToken$/, 'must be lambda:invoke.waitForTaskToken'),
  Parameters: z.strictObject({ FunctionName: z.string().min(1), Payload: z.record(z.string(), z.string()) }),
  ResultPath: z.null(),
  HeartbeatSeconds: z.int().min(1).max(99_999_999).optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
  Next: next.optional(),
  End: z.literal(true).optional(),
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), Comment: z.string().optional() });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  CausePath: z.string().regex(plainPath, 'is not a plain path such as $.error.Cause').optional(),
});

const machine = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  StartAt: next,
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  States: z.record(name, z.discriminatedUnion('Type', [task, succeed, fail])),
});

export type Retrier = z.output<typeof retrier>;
export type TaskState = z.output<typeof task>;
export type State = TaskState | z.output<typeof succeed> | z.output<typeof fail>;
export type Definition = z.output<typeof machine>;

/** Paths into the context object (`$$.`) that a payload may use. */
export const contextPaths = [
  '$$.Task.Token',
  '$$.State.Name',
  '$$.State.EnteredTime',
  '$$.State.RetryCount',
  '$$.Execution.Id',
  '$$.Execution.Name',
  '$$.Execution.StartTime',
  '$$.StateMachine.Id',
] as const;
export type ContextPath = (typeof contextPaths)[number];

/**
 * Reads a definition, with `${Name}` replaced as CloudFormation's DefinitionSubstitutions does. Throws an Error that
 * lists every mistake with its state and field.
 */
export function loadDefinition(
  text: string,
  substitutions: Readonly<Record<string, string>> = {},
): { definition: Definition; text: string } {
  const filled = text.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (whole, key: string) => {
    const value = substitutions[key];
    if (value === undefined) throw new Error(`The state machine names ${whole}, and no substitution ${key} is given.`);
    return JSON.stringify(value).slice(1, -1);
  });
  const parsed = machine.safeParse(JSON.parse(filled));
  const mistakes = parsed.success ? findMistakes(parsed.data) : parsed.error.issues.flatMap(describe);
  if (mistakes.length > 0 || !parsed.success)
    throw new Error(`The state machine cannot run in the sandbox:\n${mistakes.map((line) => `- ${line}`).join('\n')}`);
  return { definition: parsed.data, text: filled };
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = (path: PropertyKey[]) => {
    const [first, state, ...field] = path.map(String);
    if (first === 'States' && state !== undefined) return `state "${state}", field ${field.join('.') || '(itself)'}`;
    return `field ${path.map(String).join('.')}`;
  };
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${at([...issue.path, key])}: not supported by the sandbox`);
  return [`${at(issue.path)}: ${issue.message}`];
}

/** What AWS checks when a machine is created, and what this engine needs to be able to end. */
function findMistakes(definition: Definition): string[] {
  const mistakes: string[] = [];
  const reachable = new Set<string>();
  const goesTo = (target: string, from: string) => {
    if (Object.hasOwn(definition.States, target)) reachable.add(target);
    else mistakes.push(`${from}: there is no state "${target}"`);
  };
  goesTo(definition.StartAt, 'field StartAt');
  for (const [id, state] of Object.entries(definition.States)) {
    if (state.Type === 'Fail' && state.Cause !== undefined && state.CausePath !== undefined)
      mistakes.push(`state "${id}", field CausePath: give either Cause or CausePath`);
    if (state.Type !== 'Task') continue;
    const say = (field: string, problem: string) => mistakes.push(`state "${id}", field ${field}: ${problem}`);
    if ((state.Next === undefined) === (state.End === undefined)) say('Next', 'give either Next or End');
    if (state.Next !== undefined) goesTo(state.Next, `state "${id}", field Next`);
    for (const [at, { Next }] of state.Catch.entries()) goesTo(Next, `state "${id}", field Catch.${at}.Next`);
    if (state.Catch.length > 1) say('Catch.1', 'is never reached, since States.ALL must come last');
    if ((state.HeartbeatSeconds ?? 0) >= (state.TimeoutSeconds ?? 99_999_999))
      say('HeartbeatSeconds', 'must be less than TimeoutSeconds');
    for (const [at, retry] of state.Retry.entries()) {
      const all = retry.ErrorEquals.includes('States.ALL');
      if (all && (retry.ErrorEquals.length > 1 || at < state.Retry.length - 1))
        say(`Retry.${at}.ErrorEquals`, 'States.ALL must stand alone and in the last retrier');
      if (retry.MaxDelaySeconds !== undefined && retry.MaxDelaySeconds <= retry.IntervalSeconds)
        say(`Retry.${at}.MaxDelaySeconds`, 'must be greater than IntervalSeconds');
    }
    for (const [key, value] of Object.entries(state.Parameters.Payload)) {
      const problem = payloadProblem(key, value);
      if (problem) say(`Parameters.Payload.${key}`, problem);
    }
    if (!Object.values(state.Parameters.Payload).includes('$$.Task.Token'))
      say('Parameters.Payload', 'must hand over $$.Task.Token, or the state could never end');
  }
  for (const id of Object.keys(definition.States))
    if (!reachable.has(id)) mistakes.push(`state "${id}", field (itself): no state leads here`);
  return mistakes;
}

function payloadProblem(key: string, value: string): string | undefined {
  if (!key.endsWith('.$')) return undefined;
  if (value.startsWith('$$'))
    return contextPaths.some((path) => path === value) ? undefined : `${value} is not a context path we support`;
  // `$` is the whole input.
  return value === '$' || plainPath.test(value) ? undefined : `${value} is not a plain path such as $.runId`;
}
