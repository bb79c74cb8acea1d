import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { botToken, createSandbox, type Sandbox } from '../../infra/local/sandbox';
import { givenToNpm } from '../../infra/npm-flags';
import { steps } from '../../infra/setup';
import { answers } from '../../infra/setup/answers';
import { settingsOf } from '../../infra/setup/cdk-json';
import { AwsCloud } from '../../infra/setup/cloud';
import { type Desk, problem, told } from '../../infra/setup/step';
import { walk } from '../../infra/setup/walk';

const sts = mockClient(STSClient);
const cloudFormation = mockClient(CloudFormationClient);
const signingSecret = '0123456789abcdef0123456789abcdef';
const folder = mkdtempSync(join(tmpdir(), 'trapheus-setup-'));
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await createSandbox({ start: Date.UTC(2027, 0, 4, 9) });
  writeFileSync(join(folder, 'cdk.json'), '{"app":"npx tsx infra/app.ts","context":{"cli-telemetry":false}}');
  writeFileSync(join(folder, 'policy.yml'), readFileSync('policy.yml'));
  sts.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/ana' });
  cloudFormation.reset();
  cloudFormation.on(DescribeStacksCommand, { StackName: 'CDKToolkit' }).resolves(stack({ BootstrapVersion: '21' }));
});
afterEach(() => sandbox.close());
afterAll(() => rmSync(folder, { recursive: true }));

function stack(outputs: Record<string, string>) {
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  return { Stacks: [{ StackName: '', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const, Outputs }] };
}

/** What the stack of this name tells once it is deployed: the sandbox's own parts. */
function deployedAs(StackName: string) {
  const outputs = {
    SlackUrl: sandbox.requestUrl,
    SlackSecretId: 'trapheus/slack',
    StateMachineArn: sandbox.stateMachineArn,
    TableName: sandbox.tableName,
  };
  cloudFormation.on(DescribeStacksCommand, { StackName }).resolves(stack(outputs));
}

function desk(given: Record<string, string>, env: Record<string, string> = {}) {
  const said: string[] = [];
  const ran: string[] = [];
  const person = answers({ given: new Map(Object.entries(given)), isYes: true, env, input: new PassThrough() });
  const at: Desk = {
    say: (line) => said.push(line),
    ask: (question) => person.ask(question),
    isYes: true,
    run: async (...words) => {
      ran.push(words.join(' '));
      if (words.includes('deploy')) deployedAs(words.at(-1) ?? '');
      return 0;
    },
    cloud: new AwsCloud(),
    slackApiUrl: sandbox.slackApiUrl,
    folder,
    settings: () => settingsOf(folder),
    wall: Date.now,
  };
  return { at, said, ran, text: () => said.join('\n') };
}

const chosen = (...ids: string[]) => steps.filter(({ id }) => ids.includes(id));
const secretsOfAna = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret };

describe('npm run setup', () => {
  test('from nothing to a bot that has said hello and passed its self-test', async () => {
    const given = {
      stackName: 'Restores',
      command: '/restores',
      identifierPatterns: 'orders-*, *-dev',
      alertEmails: 'oncall@example.com',
      runbookUrl: 'https://example.com/runbook',
      channel: 'C0DBOPS001',
    };
    const { at, ran, text } = desk(given, secretsOfAna);

    expect(await walk(steps, at, false)).toBe(true);

    expect(JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'))).toEqual({
      app: 'npx tsx infra/app.ts',
      context: {
        'cli-telemetry': false,
        stackName: 'Restores',
        command: '/restores',
        identifierPatterns: ['orders-*', '*-dev'],
        databaseRoles: ['*'],
        alertEmails: ['oncall@example.com'],
        runbookUrl: 'https://example.com/runbook',
      },
    });
    expect(ran).toEqual(['cdk deploy --no-notices --no-version-reporting --require-approval never Restores']);
    expect(text()).toContain('AWS writes to oncall@example.com: nobody hears an alarm before');
    expect(text()).toContain(`url: ${sandbox.requestUrl}`);
    expect(text()).toContain('policy.yml still names people of the sandbox (U0ANA00001');
    expect(text()).toContain('Stored for @trapheus in Trapheus Sandbox.');
    const [hello] = sandbox.slack.state().channels.find(({ name }) => name === 'db-ops')?.messages ?? [];
    expect(hello?.text).toContain('`/restores help`');
    expect(text()).toMatch(/ok {6}signature: forged requests are refused, signed ones answered/);
    expect(text()).toMatch(/ok {6}databases: \d+ of \d+ in scope/);
    expect(text()).not.toMatch(new RegExp(`${botToken}|${signingSecret}`));
  });

  test('whoever is there is asked by the CDK before it gives rights', async () => {
    const { at, ran } = desk({});
    expect(await walk(chosen('deploy'), { ...at, isYes: false }, false)).toBe(true);
    expect(ran).toEqual(['cdk deploy --no-notices --no-version-reporting Trapheus']);
  });

  test('each step can be repeated: the second time there is nothing to store', async () => {
    deployedAs('Trapheus');
    const first = desk({}, secretsOfAna);
    expect(await walk(chosen('secrets'), first.at, false)).toBe(true);
    const second = desk({}, secretsOfAna);
    expect(await walk(chosen('secrets'), second.at, false)).toBe(true);
    expect(second.text()).toContain('The secret holds these already.');
  });

  test('a dry run says what each step would do, and asks nobody', async () => {
    const { at, text } = desk({});
    const silent = () => Promise.reject(new Error('a dry run calls nobody'));
    expect(
      await walk(steps, { ...at, cloud: new Proxy(at.cloud, { get: () => silent }), ask: silent, run: silent }, true),
    ).toBe(true);
    expect(text()).toMatchSnapshot();
  });

  test('a dry run that npm kept for itself is one all the same', () => {
    expect(givenToNpm({ npm_config_dry_run: 'true' }, 'dry-run')).toBe(true);
    expect(givenToNpm({ npm_config_dry_run: '' }, 'dry-run')).toBe(false);
    expect(givenToNpm({}, 'yes')).toBe(false);
  });

  test('without credentials it says how to sign in, and with which words to go on', async () => {
    sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
    const { at, text } = desk({});
    expect(await walk(steps, at, false)).toBe(false);
    expect(text()).toContain('aws sso login');
    expect(text()).toContain('npm run setup -- account settings deploy app secrets hello self-test');
  });

  test('a Region that is not bootstrapped is, when that is wanted', async () => {
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
      .rejects(Object.assign(new Error('Stack with id CDKToolkit does not exist'), { name: 'ValidationError' }));
    const willing = desk({});
    expect(await walk(chosen('account'), willing.at, false)).toBe(true);
    expect(willing.ran).toEqual(['cdk bootstrap aws://111122223333/eu-central-1']);
    const unwilling = desk({ bootstrap: 'no' });
    expect(await walk(chosen('account'), unwilling.at, false)).toBe(false);
    expect(unwilling.ran).toEqual([]);
    expect(unwilling.text()).toContain('npx cdk bootstrap aws://111122223333/eu-central-1');
  });

  test('a setting that the stack would refuse is refused at once, and nothing is written', async () => {
    const before = readFileSync(join(folder, 'cdk.json'), 'utf8');
    const { at, text } = desk({ command: 'trapheus' });
    expect(await walk(chosen('settings'), at, false)).toBe(false);
    expect(text()).toContain('a slash command such as /trapheus-staging');
    expect(readFileSync(join(folder, 'cdk.json'), 'utf8')).toBe(before);
  });

  test.each([
    ['a user token', { ...secretsOfAna, SLACK_BOT_TOKEN: 'xoxp-1' }, 'A bot token begins with xoxb-.'],
    ['a token of nobody', { ...secretsOfAna, SLACK_BOT_TOKEN: 'xoxb-1' }, 'Slack refused: invalid_auth.'],
    ['a half signing secret', { ...secretsOfAna, SLACK_SIGNING_SECRET: '0123' }, '32 digits'],
    ['nothing at all', {}, 'Give it by the variable SLACK_BOT_TOKEN.'],
  ])('%s is not stored', async (_, env, words) => {
    deployedAs('Trapheus');
    const { at, text } = desk({}, env);
    expect(await walk(chosen('secrets'), at, false)).toBe(false);
    expect(text()).toContain(words);
    const stored = await at.cloud.readSecret('trapheus/slack');
    expect(stored).toEqual(told(expect.stringContaining(botToken)));
    expect(stored).toEqual(told(expect.not.stringContaining(signingSecret)));
  });

  test('a channel without the bot, and a stack that is not there, say what to do', async () => {
    const lonely = desk({}, secretsOfAna);
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'Trapheus' })
      .rejects(Object.assign(new Error('Stack with id Trapheus does not exist'), { name: 'ValidationError' }));
    expect(await walk(chosen('secrets'), lonely.at, false)).toBe(false);
    expect(lonely.text()).toContain('Deploy it: npm run setup -- deploy');

    deployedAs('Trapheus');
    const outside = desk({ channel: 'C0RANDOM01' });
    expect(await walk(chosen('hello'), outside.at, false)).toBe(false);
    expect(outside.text()).toContain('Invite the bot there');
  });

  test('the self-test tells which part fails', async () => {
    deployedAs('Trapheus');
    const { at, text } = desk({});
    const { cloud } = at;
    jest.spyOn(cloud, 'tableStatus').mockResolvedValue(told('UPDATING'));
    jest
      .spyOn(cloud, 'databaseNames')
      .mockResolvedValue(problem('AWS refused: rds:DescribeDBInstances', 'Use credentials that may do this.'));
    expect(await walk(chosen('self-test'), at, false)).toBe(false);
    expect(text()).toContain('FAILED  table: The table is UPDATING.');
    expect(text()).toContain('FAILED  databases: AWS refused');
    expect(text()).toContain('ok      state machine: ACTIVE');
    expect(text()).toContain('table and databases did not pass.');
  });
});

describe('a question in the terminal', () => {
  test('a secret is not shown while it is typed, and what is wrong is asked again', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const typed = ['xoxp-wrong\r', 'xoxb-right\r'];
    let screen = '';
    output.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      if (chunk.toString().includes('Bot token: ')) queueMicrotask(() => input.write(typed.shift()));
    });
    const person = answers({ given: new Map(), isYes: false, env: {}, input, output });
    const asked = person.ask({
      id: 'bot-token',
      text: 'Bot token',
      secret: 'SLACK_BOT_TOKEN',
      check: (answer) => (answer.startsWith('xoxb-') ? undefined : 'A bot token begins with xoxb-.'),
    });
    expect(await asked).toEqual(told('xoxb-right'));
    person.close();

    expect(screen.match(/Bot token: /g)).toHaveLength(2);
    expect(screen).toContain('A bot token begins with xoxb-.');
    expect(screen).not.toMatch(/wrong|right/);
  });

  test('an empty answer takes what stands in brackets', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const person = answers({ given: new Map(), isYes: false, env: {}, input, output: new PassThrough() });
    const asked = person.ask({ id: 'stackName', text: 'Name of the stack', fallback: 'Trapheus' });
    input.write('\r');
    expect(await asked).toEqual(told('Trapheus'));
    person.close();
  });
});
