import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Policy, parsePolicy } from '../../../orchestrator/policy';
import { users } from '../../local/slack/people';
import { Options, plainly } from '../../options';
import { readCdkJson } from '../cdk-json';
import { problem, type Question, type SetupStep, type Told, told } from '../step';

type Asked = 'stackName' | 'command' | 'label' | 'identifierPatterns' | 'databaseRoles' | 'alertEmails' | 'runbookUrl';
const questions: Record<Asked, string> = {
  stackName: 'Name of the stack',
  command: 'Slash command',
  label: 'A word on every card that tells deployments apart (empty: none)',
  identifierPatterns: 'Databases it may ever change, such as orders-*,*-staging',
  databaseRoles: 'IAM roles that copies may be given as their originals have them, such as rds-monitoring-role',
  alertEmails: 'Who is told by e-mail when something fails (addresses with commas, empty: nobody)',
  runbookUrl: 'Where people read docs/runbook.md, such as its address in your repository: alarms link there',
};

export const settings: SetupStep = {
  id: 'settings',
  title: 'Write the settings',
  asks: Object.keys(questions),
  preview: (now) => [
    `Ask for ${Object.keys(questions).join(', ')}, and write them into cdk.json (now: ${now.stackName}, ${now.command}, ${now.identifierPatterns.join(',')}).`,
    'Check policy.yml, and say so if it still names the people of the sandbox.',
  ],
  async run(desk) {
    const cdkJson = readCdkJson(desk.folder);
    if (!cdkJson.ok) return cdkJson;
    const now = desk.settings();
    if (!now.ok) return now;
    const answers: Record<string, unknown> = {};
    for (const [id, text] of Object.entries(questions)) {
      const answer = await desk.ask(questionOf(id as Asked, text, now.value));
      if (!answer.ok) return answer;
      answers[id] = valueOf(id as Asked, answer.value);
    }
    const context = { ...cdkJson.value.context, ...answers };
    writeFileSync(join(desk.folder, 'cdk.json'), `${JSON.stringify({ ...cdkJson.value, context }, null, 2)}\n`);
    desk.say('Written to cdk.json; the README lists what else can be set there.');

    const policy = readPolicy(join(desk.folder, 'policy.yml'));
    if (!policy.ok) return policy;
    const strangers = users.filter(({ id }) => JSON.stringify(policy.value).includes(id));
    if (strangers.length > 0)
      desk.say(
        `policy.yml still names people of the sandbox (${strangers.map(({ id }) => id).join(', ')}): put in your own before you go on, or nobody may do anything.`,
      );
    return told(undefined);
  },
};

function questionOf(id: Asked, text: string, now: Options): Question {
  const value = now[id];
  const fallback = Array.isArray(value) ? value.join(',') : (value ?? '');
  const check = (answer: string) => {
    const read = Options.safeParse({ [id]: valueOf(id, answer) }, { error: plainly });
    return read.success ? undefined : read.error.issues.map(({ message }) => `This takes ${message}.`).join(' ');
  };
  return { id, text, fallback, check };
}

/** As cdk.json holds it: lists are lists there, and what is empty is absent. */
function valueOf(id: Asked, answer: string): unknown {
  if (id === 'identifierPatterns' || id === 'databaseRoles' || id === 'alertEmails')
    return answer
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return answer === '' ? undefined : answer;
}

function readPolicy(file: string): Told<Policy> {
  try {
    return told(parsePolicy(readFileSync(file, 'utf8')));
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), 'Put that right in policy.yml.');
  }
}
