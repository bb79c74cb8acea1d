import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { answers } from './setup/answers';
import { readArguments, usageOf } from './setup/arguments';
import { settingsOf } from './setup/cdk-json';
import { AwsCloud } from './setup/cloud';
import type { Desk, SetupStep } from './setup/step';
import { account } from './setup/steps/account';
import { app } from './setup/steps/app';
import { deploy } from './setup/steps/deploy';
import { hello } from './setup/steps/hello';
import { secrets } from './setup/steps/secrets';
import { selfTest } from './setup/steps/self-test';
import { settings } from './setup/steps/settings';
import { walk } from './setup/walk';

/** In their order; each by its id: `npm run setup -- secrets self-test`. */
export const steps: readonly SetupStep[] = [account, settings, deploy, app, secrets, hello, selfTest];

async function main(): Promise<number> {
  const read = readArguments(process.argv.slice(2), steps, process.env);
  if (!read.ok) {
    console.error(`${read.says}\n${read.hint}`);
    return 1;
  }
  if (read.value === 'help') {
    console.log(`The guided set-up of Trapheus in your AWS account and Slack workspace.\n\n${usageOf(steps)}`);
    return 0;
  }
  const { chosen, given, isYes, isDry } = read.value;
  const folder = resolve(__dirname, '..');
  const person = answers({ given, isYes, env: process.env });
  const desk: Desk = {
    say: (line) => console.log(line),
    ask: (question) => person.ask(question),
    isYes,
    run: (command, ...rest) => runIn(folder, command, rest),
    cloud: new AwsCloud(),
    slackApiUrl: process.env.SLACK_API_URL ?? 'https://slack.com/api/',
    folder,
    settings: () => settingsOf(folder),
    wall: Date.now,
  };
  const isDone = await walk(chosen, desk, isDry).finally(() => person.close());
  return isDone ? 0 : 1;
}

/** A command of the packages that are installed here. */
function runIn(folder: string, command: string, rest: string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(join(folder, 'node_modules', '.bin', command), rest, { cwd: folder, stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(String(error));
      done(1);
    });
    child.once('exit', (code) => done(code ?? 1));
  });
}

if (require.main === module)
  void main()
    .catch((error: unknown) => {
      console.error(
        `${error instanceof Error ? error.message : String(error)}\nEach step can be repeated: npm run setup -- <step>`,
      );
      return 1;
    })
    .then((code) => {
      process.exitCode = code;
    });
