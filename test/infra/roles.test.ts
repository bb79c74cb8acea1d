import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TrapheusStack } from '../../infra/stack';
import { allows, type Call, type Resources } from './simulate';

const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const schedules = [{ database: 'orders-staging', cron: '0 3 * * ? *', reason: 'nightly' }];
const context = {
  'aws:cdk:bundling-stacks': [],
  identifierPatterns: ['orders-*'],
  databaseRoles: ['monitoring'],
  schedules,
};
const template = Template.fromStack(new TrapheusStack(new App({ outdir, context }), 'Trapheus'));
const resources = template.toJSON().Resources as Resources;
const idOf = (type: string, start: string) =>
  Object.keys(template.findResources(type)).find((id) => id.startsWith(start)) ?? `no ${start}`;

const table = idOf('AWS::DynamoDB::Table', 'Records');
const secret = idOf('AWS::SecretsManager::Secret', 'SlackSecret');
const queue = idOf('AWS::SQS::Queue', 'TicksQueue');
const workerFunction = idOf('AWS::Lambda::Function', 'Worker');
const slackFunction = idOf('AWS::Lambda::Function', 'Slack');
const rds = (kind: string, name: string) => `arn:aws:rds:eu-west-1:123456789012:${kind}:${name}`;
const machine = (name: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;
const role = 'arn:aws:iam::123456789012:role/monitoring';

const item = (operation: string, key: string, more: Record<string, string | string[]> = {}): Call => ({
  action: `dynamodb:${operation}`,
  resource: table,
  context: { 'dynamodb:LeadingKeys': [key], ...more },
});
const call = (action: string, resource: string, more?: Record<string, string | string[]>): Call => ({
  action,
  resource,
  ...(more && { context: more }),
});

const copy = 'orders-staging-trapheus-r7k3q9xz';
const aside = 'orders-staging-old-r7k3q9xz';
const readSecret = call('secretsmanager:GetSecretValue', secret);
const answer = call('states:SendTaskSuccess', machine('Trapheus'));
const start = call('states:StartExecution', machine('Trapheus'));
const rename = call('rds:ModifyDBInstance', rds('db', 'orders-staging'));
const remove = call('rds:DeleteDBInstance', rds('db', 'orders-staging'));
const pass = (service: string, arn = role) => call('iam:PassRole', arn, { 'iam:PassedToService': service });
const grant = (isForRds: boolean) =>
  call('kms:CreateGrant', 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d', {
    'kms:ViaService': 'rds.eu-west-1.amazonaws.com',
    'kms:GrantIsForAWSResource': String(isForRds),
  });

interface Wall {
  role: string;
  can: [string, Call][];
  cannot: [string, Call][];
}

const deeds: Wall['can'] = [
  ['rename a database in scope', rename],
  ['delete a set-aside original', call('rds:DeleteDBInstance', rds('db', aside))],
  ['tag a copy', call('rds:AddTagsToResource', rds('db', copy))],
  ['restore under a name of its own', call('rds:RestoreDBInstanceFromDBSnapshot', rds('db', copy))],
  [
    'restore what another account shares',
    call('rds:RestoreDBInstanceFromDBSnapshot', 'arn:aws:rds:eu-west-1:210987654321:snapshot:partner'),
  ],
  ['copy it', call('rds:CopyDBSnapshot', 'arn:aws:rds:eu-west-1:210987654321:snapshot:partner')],
  [
    'take its own tag off',
    call('rds:RemoveTagsFromResource', rds('db', 'orders-staging'), { 'aws:TagKeys': ['trapheus:run'] }),
  ],
  ['pass a role to RDS', pass('rds.amazonaws.com')],
  ['let RDS use a key', grant(true)],
  ['list every database', call('rds:DescribeDBInstances', rds('db', '*'))],
  ['answer a token', answer],
  ['read a token', item('GetItem', 'wait#r7k3q9xz')],
];
const misdeeds: Wall['cannot'] = [
  ['delete a database that people use', remove],
  ['rename a database out of scope', call('rds:ModifyDBInstance', rds('db', 'billing-prod'))],
  ['restore over a name that is not its own', call('rds:RestoreDBInstanceFromDBSnapshot', rds('db', 'orders-staging'))],
  ['delete a snapshot that people took', call('rds:DeleteDBSnapshot', rds('snapshot', 'orders-staging-release'))],
  ['tag a database that people use', call('rds:AddTagsToResource', rds('db', 'orders-staging'))],
  [
    'take off a tag of people',
    call('rds:RemoveTagsFromResource', rds('db', 'orders-staging'), { 'aws:TagKeys': ['owner'] }),
  ],
  ['take off a tag that it does not name', call('rds:RemoveTagsFromResource', rds('db', 'orders-staging'))],
  ['pass a role to another service', pass('lambda.amazonaws.com')],
  ['read the bot token', readSecret],
  ['answer a token of another machine', call('states:SendTaskSuccess', machine('Billing'))],
  ['stop an execution', call('states:StopExecution', machine('Trapheus'))],
  ['pass a role that the settings do not name', pass('rds.amazonaws.com', role.replace('monitoring', 'administrator'))],
  ['use a key for itself', grant(false)],
];

const walls: Wall[] = [
  {
    role: 'Slack',
    can: [
      ['start the machine', start],
      ['see databases', call('rds:DescribeDBInstances', rds('db', 'orders-staging'))],
      ['write a run', item('PutItem', 'run#r7k3q9xz')],
      ['say when to look next', item('UpdateItem', 'wait#r7k3q9xz', { 'dynamodb:Attributes': ['pk', 'nextLookAt'] })],
      ['ask for a look', call('sqs:SendMessage', queue)],
      ['remember whose Home tab is open', item('UpdateItem', 'home#U0BEN00001')],
      ['read the signing secret', readSecret],
    ],
    cannot: [
      ['answer a token', answer],
      ['fail a token', call('states:SendTaskFailure', machine('Trapheus'))],
      ['start another machine', call('states:StartExecution', machine('Billing'))],
      ['stop an execution', call('states:StopExecution', machine('Trapheus'))],
      ['read a token', item('GetItem', 'wait#r7k3q9xz')],
      [
        'be told a token',
        item('UpdateItem', 'wait#r7k3q9xz', { 'dynamodb:Attributes': ['pk'], 'dynamodb:ReturnValues': 'ALL_OLD' }),
      ],
      ['change a token', item('UpdateItem', 'wait#r7k3q9xz', { 'dynamodb:Attributes': ['pk', 'token'] })],
      ['find tokens by the index', call('dynamodb:Query', `${table}/index/due`)],
      ['read the whole table', call('dynamodb:Scan', table)],
      ['write a card', item('PutItem', 'card#r7k3q9xz')],
      ['rename a database', rename],
      ['delete a database', remove],
      ['delete a copy', call('rds:DeleteDBInstance', rds('db', copy))],
      ['pass a role', pass('rds.amazonaws.com')],
      ['change the secret', call('secretsmanager:PutSecretValue', secret)],
      ['take ticks away', call('sqs:ReceiveMessage', queue)],
    ],
  },
  { role: 'Worker', can: deeds, cannot: misdeeds },
  { role: 'Watcher', can: deeds, cannot: misdeeds },
  {
    role: 'Notifier',
    can: [
      ['read a run', item('GetItem', 'run#r7k3q9xz')],
      ['write a card', item('UpdateItem', 'card#r7k3q9xz')],
      ['find the open Home tabs, and what they show', call('dynamodb:Query', `${table}/index/open`)],
      ['write down what one says', item('UpdateItem', 'home#U0BEN00001')],
      ['see whether everything is frozen', item('GetItem', 'freeze')],
      ['read the bot token', readSecret],
    ],
    cannot: [
      ['change a run', item('UpdateItem', 'run#r7k3q9xz')],
      ['freeze or unfreeze', item('PutItem', 'freeze')],
      ['find task tokens by the index', call('dynamodb:Query', `${table}/index/due`)],
      ['read a task token', item('GetItem', 'wait#r7k3q9xz')],
      ['see databases', call('rds:DescribeDBInstances', rds('db', 'orders-staging'))],
      ['delete a copy', call('rds:DeleteDBInstance', rds('db', copy))],
      ['start the machine', start],
      ['answer a token', answer],
    ],
  },
  {
    role: 'Ended',
    can: [
      ['start a recovery', start],
      ['close a run', item('UpdateItem', 'run#r7k3q9xz')],
    ],
    cannot: [
      ['answer a token', answer],
      ['rename a database', rename],
      ['delete a copy', call('rds:DeleteDBInstance', rds('db', copy))],
      ['read the bot token', readSecret],
    ],
  },
  {
    role: 'Pipeline',
    can: [['call the worker', call('lambda:InvokeFunction', workerFunction)]],
    cannot: [
      ['call another function', call('lambda:InvokeFunction', slackFunction)],
      ['rename a database', rename],
      ['start an execution', start],
      ['read a run', item('GetItem', 'run#r7k3q9xz')],
      ['read the bot token', readSecret],
    ],
  },
  {
    role: 'Schedules',
    can: [['start the machine', call('states:StartExecution', idOf('AWS::StepFunctions::StateMachine', 'Pipeline'))]],
    cannot: [
      ['start another machine', call('states:StartExecution', machine('Billing'))],
      ['answer a token', answer],
      ['call a function', call('lambda:InvokeFunction', workerFunction)],
      ['rename a database', rename],
    ],
  },
];

/** Every operation of the other services that the adapters of the functions call, by the commands they import. */
const adapters = readdirSync('orchestrator/aws').map((file) => readFileSync(join('orchestrator/aws', file), 'utf8'));
const operations = (client: string) =>
  adapters.flatMap((text) =>
    [...text.matchAll(new RegExp(`import \\{([^}]*)\\} from '@aws-sdk/client-${client}'`, 'g'))].flatMap(
      ([, names = '']) => [...names.matchAll(/\b([A-Z]\w+)Command\b(?!Input|Output)/g)].map(([, name]) => name ?? ''),
    ),
  );

test('the worker may make every call of Step Functions and SQS that its adapters make, on this stack’s own only', () => {
  const execution = 'arn:aws:states:eu-west-1:123456789012:execution:Trapheus:r7k3q9xz';
  const calls = operations('sfn').map((operation) =>
    call(`states:${operation}`, operation === 'DescribeExecution' ? execution : machine('Trapheus')),
  );
  expect(calls.length).toBeGreaterThan(3);
  for (const wanted of calls) expect([wanted, allows(resources, 'Worker', wanted)]).toEqual([wanted, true]);
  for (const { action, resource } of calls) {
    const foreign = call(action, resource.replace('Trapheus', 'Billing'));
    expect([foreign, allows(resources, 'Worker', foreign)]).toEqual([foreign, false]);
  }
  // A batch is authorised as its messages are (SQS: Actions, resources, and condition keys).
  expect(new Set(operations('sqs'))).toEqual(new Set(['SendMessageBatch']));
  expect(allows(resources, 'Worker', call('sqs:SendMessage', queue))).toBe(true);
});

test('nobody but the worker and the watcher may change anything in RDS, whatever its name', () => {
  const changes = operations('rds').filter((operation) => !operation.startsWith('Describe'));
  expect(changes.length).toBeGreaterThan(10);
  for (const operation of changes)
    for (const other of ['Slack', 'Notifier', 'Ended'])
      for (const kind of ['db', 'cluster', 'snapshot', 'cluster-snapshot', 'cluster-endpoint'])
        expect([operation, other, allows(resources, other, call(`rds:${operation}`, rds(kind, copy)))]).toEqual([
          operation,
          other,
          false,
        ]);
});

describe.each(walls)('the role of $role', ({ role: name, can, cannot }) => {
  test.each(can)('can %s', (_, wanted) => expect(allows(resources, name, wanted)).toBe(true));
  test.each(cannot)('cannot %s', (_, wanted) => expect(allows(resources, name, wanted)).toBe(false));
});

test('every role of the stack is one of these', () => {
  const stackRoles = Object.keys(template.findResources('AWS::IAM::Role'));
  expect(stackRoles.filter((id) => !walls.some(({ role: name }) => id.startsWith(`${name}Role`)))).toEqual([]);
});

test('nothing secret is in the template', () => {
  const whole = JSON.stringify(template.toJSON());

  expect(whole.match(/xox[abp]-[\w-]+|xapp-[\w-]+|AKIA[0-9A-Z]{16}|-----BEGIN[^-]*/g)).toBeNull();
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  for (const { Properties } of functions)
    expect(
      Object.keys(Properties.Environment.Variables).filter((key) => /TOKEN|PASSWORD|SIGNING|KEY/.test(key)),
    ).toEqual([]);
});
