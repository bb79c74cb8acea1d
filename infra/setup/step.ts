import type { Options } from '../options';
import type { Cloud } from './cloud';

/** What came of something that can fail for a reason people can put right. */
export type Told<T> = { ok: true; value: T } | Problem;
export interface Problem {
  ok: false;
  says: string;
  /** What to do about it. */
  hint: string;
}

export const told = <T>(value: T): Told<T> => ({ ok: true, value });
export const problem = (says: string, hint: string): Problem => ({ ok: false, says, hint });

export interface Question {
  /** Names the answer on the command line, `--set <id>=…`. */
  id: string;
  text: string;
  /** Taken when nothing is typed. */
  fallback?: string | undefined;
  /** The environment variable that answers it, for what does not belong on a command line. Not echoed either. */
  secret?: string;
  /** What is wrong with an answer; undefined: nothing. */
  check?: (answer: string) => string | undefined;
}

/** Where a step works: a person who answers, a folder, an account, a workspace. */
export interface Desk {
  say(line: string): void;
  ask(question: Question): Promise<Told<string>>;
  /** Whether every default is taken, and nobody may be there to be asked. */
  readonly isYes: boolean;
  /** Runs a command of this project in the folder, its output in sight. Answers its exit code. */
  run(command: string, ...args: string[]): Promise<number>;
  readonly cloud: Cloud;
  /** Slack's Web API; ends with a slash. */
  readonly slackApiUrl: string;
  /** Where cdk.json and policy.yml are. */
  readonly folder: string;
  /** The settings of cdk.json. */
  settings(): Told<Options>;
  /** Wall time in milliseconds: requests are signed with it. */
  wall(): number;
}

/** One step of the set-up. Each can be repeated: it looks at what is there, and changes only what is not as it should be. */
export interface SetupStep {
  id: string;
  title: string;
  /** The ids of its questions that `--set` may answer: of all but secrets. */
  asks?: readonly string[];
  /** What it would do, said without AWS and without Slack. */
  preview(settings: Options): string[];
  run(desk: Desk): Promise<Told<undefined>>;
}

/** The outputs of the deployed stack, which later steps need. */
export interface Outputs {
  SlackUrl: string;
  SlackSecretId: string;
  StateMachineArn: string;
  TableName: string;
}
const outputNames = ['SlackUrl', 'SlackSecretId', 'StateMachineArn', 'TableName'] as const satisfies (keyof Outputs)[];

export async function deployed(desk: Desk): Promise<Told<Outputs>> {
  const settings = desk.settings();
  if (!settings.ok) return settings;
  const { stackName } = settings.value;
  const found = await desk.cloud.outputs(stackName);
  if (!found.ok) return found;
  if (found.value === undefined)
    return problem(`There is no stack ${stackName} in this account and Region.`, 'Deploy it: npm run setup -- deploy');
  const missing = outputNames.filter((name) => found.value?.[name] === undefined);
  if (missing.length > 0)
    return problem(
      `The stack ${stackName} does not tell its ${missing.join(' and ')}.`,
      'It is of an earlier version. Deploy it again: npm run setup -- deploy',
    );
  const value = Object.fromEntries(outputNames.map((name) => [name, found.value?.[name] ?? '']));
  return told(value as Record<keyof Outputs, string>);
}
