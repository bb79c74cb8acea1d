import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { givenToNpm } from './npm-flags';
import { answers } from './setup/answers';
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

const usage = `npm run setup [-- [step …] [--dry-run] [--yes] [--set name=value …]]

  step        ${steps.map(({ id }) => id).join(', ')}; all of them where none is named
  --dry-run   say what each step would do; needs neither AWS nor Slack
  --yes       take every default without asking
  --set       answer a question by its name, for example --set stackName=Trapheus`;

async function main(): Promise<number> {
  const read = readArguments();
  if (typeof read === 'string') {
    console.error(`${read}\n\n${usage}`);
    return 1;
  }
  const folder = resolve(__dirname, '..');
  const person = answers({ given: read.given, isYes: read.isYes, env: process.env });
  const desk: Desk = {
    say: (line) => console.log(line),
    ask: (question) => person.ask(question),
    run: (command, ...rest) => runIn(folder, command, rest),
    cloud: new AwsCloud(),
    slackApiUrl: process.env.SLACK_API_URL ?? 'https://slack.com/api/',
    folder,
    settings: () => settingsOf(folder),
    wall: Date.now,
  };
  const isDone = await walk(read.chosen, desk, read.isDry).finally(() => person.close());
  return isDone ? 0 : 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'The guided set-up of Trapheus in your AWS account and Slack workspace.';
    const unknown = positionals.filter((id) => !steps.some((step) => step.id === id));
    if (unknown.length > 0) return `There is no step ${unknown.join(', ')}.`;
    const chosen = positionals.length === 0 ? steps : steps.filter(({ id }) => positionals.includes(id));
    const bad = values.set.filter((text) => !/^[a-zA-Z-]+=/.test(text));
    if (bad.length > 0) return `--set takes name=value, not ${bad.join(', ')}.`;
    const given = new Map(
      values.set.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
    );
    const isDry = values['dry-run'] || givenToNpm(process.env, 'dry-run');
    return { chosen, given, isDry, isYes: values.yes || givenToNpm(process.env, 'yes') };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
  void main().then((code) => {
    process.exitCode = code;
  });
