import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseOptions } from '../../infra/options';
import { runbook } from '../../infra/runbook';
import { TrapheusStack } from '../../infra/stack';
import { stateMachineText } from '../../infra/state-machine';
import { shownWritesOnly, table } from '../../infra/table';
import { pipeline } from '../../orchestrator/pipeline';
import { readScheduledInput } from '../../orchestrator/scheduled-input';
import { list, text } from './simulate';

/** A statement with its resources as plain text: `arn:aws:rds:eu-west-1:123456789012:db:*`, or a logical id. */
interface Statement {
  actions: string[];
  resources: string[];
  conditions: Record<string, Record<string, string | string[]>>;
}
interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** CDK's own check of the template against CloudFormation's schemas and rules, a failure where it would warn. */
const validates = '@aws-cdk/core:validateAgainstDefaultRules';

/** Synthesised without bundling: nothing here depends on what is in the functions. */
function synthesised(context: Record<string, unknown> = {}): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
  folders.push(outdir);
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [], [validates]: true, ...context } });
  const stack = new TrapheusStack(app, 'Trapheus');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return Template.fromStack(stack);
}

/** Without any check: cheaper. */
function bare(context: Record<string, unknown>, stackName = 'Trapheus'): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
  folders.push(outdir);
  return Template.fromStack(
    new TrapheusStack(new App({ outdir, context: { 'aws:cdk:bundling-stacks': [], ...context } }), stackName),
  );
}

/** Everything that a function's role may do, from its own policies and the shared ones. */
function may(template: Template, role: string): Statement[] {
  const all = Object.values(template.toJSON().Resources as Record<string, Resource>);
  const policies = all.filter(
    ({ Type, Properties }) =>
      ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(Type) &&
      list(Properties.Roles)
        .map(text)
        .some((id) => id.startsWith(`${role}Role`)),
  );
  return policies.flatMap(({ Properties }) =>
    list((Properties.PolicyDocument as { Statement: unknown }).Statement).map((raw) => {
      const { Action, Resource, Condition } = raw as Record<string, unknown>;
      return {
        actions: list(Action).map(text),
        resources: list(Resource).map(text),
        conditions: (Condition ?? {}) as Statement['conditions'],
      };
    }),
  );
}

const actionsOf = (statements: Statement[]) => statements.flatMap(({ actions }) => actions);
const allowing = (statements: Statement[], action: string) =>
  statements.filter(({ actions }) => actions.includes(action));
const resourcesOf = (statements: Statement[], action: string) =>
  allowing(statements, action).flatMap(({ resources }) => resources);
const isDescribe = (action: string) => /^rds:(Describe|List)/.test(action);

const template = synthesised();

const vpc = {
  subnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'],
  securityGroupIds: ['sg-0a1b2c3d'],
};
const schedules = [{ database: 'orders-staging', cron: '0 3 * * ? *', timeZone: 'Europe/Berlin', reason: 'nightly' }];
let made: Template | undefined;
/** A stack that chooses whatever can be chosen. */
const chosen = () => (made ??= synthesised({ vpc: JSON.stringify(vpc), encryption: 'own-key', schedules }));
const roles = ['Slack', 'Notifier', 'Worker', 'Watcher', 'Ended'] as const;

describe('what is deployed', () => {
  test('the state machine is the exact text that the sandbox loads', () => {
    const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));

    expect(machines.map((machine) => machine.Properties.DefinitionString)).toEqual([stateMachineText(pipeline)]);
  });

  test('the state machine’s log never holds a token', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('the table is the one that the sandbox creates, and outlives the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        KeySchema: table.KeySchema,
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
        AttributeDefinitions: Match.arrayWith([...table.AttributeDefinitions]),
        BillingMode: table.BillingMode,
        StreamSpecification: { StreamViewType: table.StreamSpecification.StreamViewType },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  test('the functions end before their lease does', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const shape = functions.map(({ Properties }) => [Properties.Runtime, Properties.Architectures, Properties.Timeout]);

    expect(shape.filter(([, , timeout]) => timeout === 10)).toHaveLength(1);
    expect(shape.filter(([, , timeout]) => timeout === 25)).toHaveLength(4);
    for (const [runtime, architectures] of shape) expect([runtime, architectures]).toEqual(['nodejs24.x', ['arm64']]);
  });

  test('the functions are told where everything is', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const told = functions.map(({ Properties }) => Object.keys(Properties.Environment.Variables).sort().join(' '));

    const all = 'NODE_OPTIONS POWERTOOLS_METRICS_NAMESPACE POWERTOOLS_SERVICE_NAME STATE_MACHINE_ARN TABLE_NAME';
    const words = (text: string) => text.split(' ').sort().join(' ');
    const work = words(`${all} POLICY_FILE TICK_QUEUE_URL`);
    expect(told.sort()).toEqual(
      [words(`${work} COMMAND SECRET_ID`), words(`${all} COMMAND SECRET_ID`), work, work, work].sort(),
    );
  });

  test('only writes of runs reach the notifier, five times at most, and what fails is kept', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(shownWritesOnly) }] },
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      MaximumBatchingWindowInSeconds: Match.absent(),
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('two watchers at most take ticks', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('the minute and the news of RDS become ticks', () => {
    const target = (input: object) => [Match.objectLike({ Input: JSON.stringify(input) })];

    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: target({ kind: 'minute' }),
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.rds'] },
      Targets: target({ kind: 'look', depth: 1 }),
    });
  });

  test('an execution that ended from outside reaches us', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] } },
    });
  });

  test('Slack may call the function through its URL, and in no other way', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
      Principal: '*',
    });
  });

  test('one setting puts an HTTP API in the place of the function URL', () => {
    const other = synthesised({ endpoint: 'http-api' });

    other.resourceCountIs('AWS::Lambda::Url', 0);
    other.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /slack/events' });
  });

  test('every alarm says what it means and where the runbook goes on', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const linked = alarms.map(({ Properties }) => /runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1]);

    expect(new Set(linked)).toEqual(new Set(Object.keys(runbook).filter((id) => id !== 'schedule-failed')));
  });

  test('every figure that operators ask for is one of CloudWatch’s, and on the dashboard', () => {
    const dashboard = text(
      Object.values(template.findResources('AWS::CloudWatch::Dashboard'))[0]?.Properties.DashboardBody,
    );
    for (const figure of [
      'RunsEnded',
      'StepSeconds',
      'OutageSeconds',
      'RunSeconds',
      'AnswerMilliseconds',
      'SlackErrors',
    ])
      expect([figure, dashboard.includes(figure)]).toEqual([figure, true]);
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      // Lambda: the report line of an invocation.
      FilterPattern: '[report = "REPORT", idLabel, id, durationLabel = "Duration:", duration, unit, ...]',
      MetricTransformations: [
        Match.objectLike({ MetricName: 'AnswerMilliseconds', MetricValue: '$duration', Unit: 'Milliseconds' }),
      ],
    });
  });

  test('a stack’s name may have a hyphen: searches for its figures quote it', () => {
    // CloudWatch: search expression syntax. Names with other characters than letters and digits stand in double quotes.
    const searches = [
      ...JSON.stringify(bare({}, 'Trapheus-One').findResources('AWS::CloudWatch::Dashboard')).matchAll(
        /SEARCH\('\{([^,]+),/g,
      ),
    ];

    expect(searches.map(([, namespace]) => namespace?.replaceAll('\\', ''))).toEqual(Array(4).fill('"Trapheus-One"'));
  });

  test.each([
    ['function-url', 'UrlRequestLatency', 'AWS/Lambda'],
    ['http-api', 'Latency', 'AWS/ApiGateway'],
  ])('how long Slack waits is measured where it calls: %s', (endpoint, MetricName, Namespace) => {
    const stack = bare({ endpoint, provisionedConcurrency: 1 });

    const alarms = Object.values(stack.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
      String(Properties.AlarmDescription).endsWith('#answers-slow'),
    );
    expect(alarms.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ MetricName, Namespace, Threshold: 2500, Statistic: 'Maximum' }),
    ]);
    // One dimension: the function or the API. With an alias, Lambda tells it of the whole function as well.
    const dimensions = alarms[0]?.Properties.Dimensions as { Name: string }[];
    expect(dimensions.map(({ Name }) => Name)).toEqual([endpoint === 'http-api' ? 'ApiId' : 'FunctionName']);
    const dashboard = text(
      Object.values(stack.findResources('AWS::CloudWatch::Dashboard'))[0]?.Properties.DashboardBody,
    );
    expect(dashboard).toContain(`"${Namespace}","${MetricName}"`);
  });

  test('a run that needs help rings whichever function says so', () => {
    const [alarm] = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
      String(Properties.AlarmDescription).endsWith('#run-needs-help'),
    );

    const told = JSON.stringify(alarm?.Properties.Metrics);
    for (const service of ['worker', 'watcher', 'ended']) expect(told).toContain(`"Value":"${service}"`);
  });

  test('the README counts the alarms and their metrics as they are', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const metrics = alarms.flatMap(({ Properties }) =>
      ((Properties.Metrics ?? [{ MetricStat: {} }]) as { MetricStat?: object }[]).filter((one) => one.MetricStat),
    );

    expect(readFileSync('README.md', 'utf8')).toContain(
      `${alarms.length} alarms on ${metrics.length} metrics ${(metrics.length / 10).toFixed(2)}`,
    );
  });

  test('a failed run is told by e-mail by its name, whatever becomes of Slack and of our functions', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.states'] },
      Targets: Match.arrayWith([
        Match.objectLike({
          Arn: { Ref: Object.keys(template.findResources('AWS::SNS::Topic'))[0] },
          InputTransformer: {
            InputPathsMap: Match.objectLike({ 'detail-name': '$.detail.name' }),
            InputTemplate: Match.anyValue(),
          },
        }),
      ]),
    });
  });

  test('every alarm rings by e-mail, without Slack or a function of ours in between', () => {
    const alerted = synthesised({ alertEmails: 'oncall@example.com, dba@example.com' });
    const [topic] = Object.keys(alerted.findResources('AWS::SNS::Topic'));
    const alarms = Object.values(alerted.findResources('AWS::CloudWatch::Alarm'));

    expect(alarms.length).toBeGreaterThanOrEqual(4);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: topic }]);
    for (const Endpoint of ['oncall@example.com', 'dba@example.com'])
      alerted.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint });
  });

  test('a setting keeps copies of Slack’s function started, and the URL is theirs', () => {
    const started = synthesised({ provisionedConcurrency: '2' });

    started.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    // The address is the same with and without: nobody has to tell Slack.
    const urls = [started, template].map((stack) => stack.findResources('AWS::Lambda::Url'));
    expect(urls[0]).toEqual(urls[1]);
    started.hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'live' });
  });

  test('logs are kept as long as is asked for', () => {
    const kept = Object.values(
      synthesised({ logRetentionDays: 30, endpoint: 'http-api' }).findResources('AWS::Logs::LogGroup'),
    );

    expect(kept.filter(({ Properties }) => Properties.RetentionInDays !== 30)).toEqual([]);
  });

  test('in a network of your own, the functions are in it and their code may not change it', () => {
    const functions = Object.values(chosen().findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions)
      expect(Properties.VpcConfig).toEqual({ SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds });
    expect(Object.values(template.findResources('AWS::Lambda::Function'))[0]?.Properties.VpcConfig).toBeUndefined();
  });

  test('a key of one’s own encrypts whatever is kept, made here or given', () => {
    const own = chosen();
    const given = synthesised({
      encryption: 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f',
    });

    const [key] = Object.keys(own.findResources('AWS::KMS::Key'));
    const arn = { 'Fn::GetAtt': [key, 'Arn'] };
    own.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
    own.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
    own.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
    own.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    own.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: arn } });
    // Whoever puts something where it is encrypted may have it encrypted; without that it would be lost without a word.
    for (const role of [...roles, 'Schedules'])
      if (actionsOf(may(own, role)).some((action) => /^(sqs:SendMessage|dynamodb:PutItem)$/.test(action)))
        expect([role, actionsOf(may(own, role)).includes('kms:GenerateDataKey')]).toEqual([role, true]);
    given.resourceCountIs('AWS::KMS::Key', 0);
    given.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: {
        KMSMasterKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f',
      },
    });
  });

  test('a schedule starts the machine with a wish, in a time zone, and what it could not start is kept', () => {
    const scheduled = chosen();

    const [schedule] = Object.values(scheduled.findResources('AWS::Scheduler::Schedule'));
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      Target: { DeadLetterConfig: { Arn: expect.anything() } },
    });
    expect(readScheduledInput(JSON.parse(schedule?.Properties.Target.Input))).toEqual({
      database: 'orders-staging',
      kind: 'instance',
      source: { kind: 'newest' },
      target: { kind: 'replace' },
      reason: 'nightly',
    });
  });

  test('two stacks live in one account and Region: no name is in both', () => {
    const names = (stackName: string) => {
      const { Resources } = bare({}, stackName).toJSON();
      return Object.values(Resources as Record<string, Resource>).flatMap(({ Type, Properties = {} }) =>
        Object.entries(Properties)
          // An alias has its name within its function.
          .filter(() => Type !== 'AWS::Lambda::Alias')
          .filter(([key, value]) => /^(\w*Name)$/.test(key) && typeof value === 'string')
          .filter(([key]) => !/^(AttributeName|MetricName|DisplayName|PolicyName)$/.test(key))
          .map(([key, value]) => `${key} ${String(value)}`),
      );
    };

    const first = names('Trapheus-One');
    expect(first.length).toBeGreaterThan(0);
    expect(names('Trapheus-Two').filter((name) => first.includes(name))).toEqual([]);
  });

  test('mistakes in the newer settings are named as well', () => {
    const wrong = {
      vpc: { subnetIds: ['net-1'], securityGroupIds: [] },
      encryption: 'none',
      schedules: [{ database: 'Orders', cron: 'daily', timeZone: 'Mars/Olympus', reason: '' }],
      tags: '{',
    };

    expect(() => synthesised(wrong)).toThrow(
      /vpc\.subnetIds\.0[^]*vpc\.securityGroupIds[^]*encryption: aws-managed[^]*schedules\.0\.database[^]*cron[^]*timeZone[^]*reason[^]*tags: has to be an object/,
    );
  });

  test('mistakes of every setting are named at once', () => {
    const wrong = { alertEmails: 'somebody', logRetentionDays: 31, provisionedConcurrency: -1, stackName: '1st' };

    expect(() => synthesised(wrong)).toThrow(
      /stackName: [^]*alertEmails[^]*logRetentionDays: one of[^]*provisionedConcurrency: /,
    );
  });

  test('a setting that nobody knows is named, with the one that was meant', () => {
    expect(() =>
      synthesised({ alertEmail: 'oncall@example.com', identifierPatterns: 'Orders-*', tags: { 'aws:x': '' } }),
    ).toThrow(
      /identifierPatterns\.0: a database name in lower case[^]*tags\.aws:x[^]*alertEmail: there is no such setting; did you mean alertEmails\?/,
    );
  });

  test('tags are on whatever can be tagged, and can be others', () => {
    const { AppName, AppComponent, AppFunction, ...others } = parseOptions({}).tags;
    expect([AppName, AppComponent, AppFunction, others]).toEqual(['Trapheus', 'database-restore', 'chatops', {}]);
    expect(parseOptions({ tags: '{"team":"data"}' }).tags).toEqual({ team: 'data' });
  });

  test('mistaken options are all named', () => {
    expect(() => synthesised({ command: 'trapheus', endpoint: 'carrier-pigeon' })).toThrow(
      /command: a slash command[^]*endpoint: /,
    );
  });
});

describe('the walls', () => {
  test('Slack’s function sees databases, and changes none', () => {
    const rds = actionsOf(may(template, 'Slack')).filter((action) => action.startsWith('rds:'));

    expect(rds.length).toBeGreaterThan(0);
    expect(rds.filter((action) => !isDescribe(action))).toEqual([]);
  });

  test('Slack’s function starts executions of one machine, and has no other right in Step Functions', () => {
    const statements = may(template, 'Slack');

    expect(actionsOf(statements).filter((action) => action.startsWith('states:'))).toEqual(['states:StartExecution']);
    expect(resourcesOf(statements, 'states:StartExecution')).toEqual([
      'arn:aws:states:eu-west-1:123456789012:stateMachine:Trapheus',
    ]);
  });

  test('Slack’s function cannot read a token, nor be told one, nor test one', () => {
    const statements = may(template, 'Slack');
    const keys = (statement: Statement) =>
      statement.conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
    const onWaits = statements.filter((statement) => keys(statement).includes('wait#*'));

    expect(allowing(statements, 'dynamodb:GetItem').flatMap(keys)).not.toContain('wait#*');
    expect(allowing(statements, 'dynamodb:Scan')).toEqual([]);
    expect(resourcesOf(statements, 'dynamodb:Query').map((arn) => arn.split('/').at(-1))).toEqual(['open', 'database']);
    expect(actionsOf(onWaits)).toEqual(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    for (const { conditions } of onWaits) {
      expect(conditions.StringEqualsIfExists).toEqual({ 'dynamodb:ReturnValues': 'NONE' });
      expect(conditions['ForAllValues:StringEquals']?.['dynamodb:Attributes']).not.toContain('token');
    }
  });

  test('every read or write of the table is bound to kinds of items', () => {
    for (const role of roles)
      for (const { actions, conditions } of may(template, role))
        if (actions.some((action) => /^dynamodb:(Get|BatchGet|Put|Update|Delete)Item$/.test(action)))
          expect(conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']).toEqual(
            expect.arrayContaining([expect.stringMatching(/^[a-z]+[#*]/)]),
          );
  });

  test('only Slack’s function and the notifier may read the Slack secret', () => {
    const readers = roles.filter((role) =>
      actionsOf(may(template, role)).some((action) => action.startsWith('secretsmanager:')),
    );

    expect(readers).toEqual(['Slack', 'Notifier']);
  });

  test('only the worker and the watcher answer tokens', () => {
    const answering = roles.filter((role) =>
      actionsOf(may(template, role)).some((action) => action.startsWith('states:SendTask')),
    );

    expect(answering).toEqual(['Worker', 'Watcher']);
  });

  test('the notifier has no right in RDS, and whoever closes a run may only look', () => {
    const rds = (role: string) => actionsOf(may(template, role)).filter((action) => action.startsWith('rds:'));

    expect(rds('Notifier')).toEqual([]);
    expect(rds('Ended').filter((action) => !isDescribe(action))).toEqual([]);
  });

  test.each(['Worker', 'Watcher'])('the %s deletes, tags and creates only under names that a run gave', (role) => {
    const statements = may(template, role);
    const ownForm = /:(db|snapshot|cluster|cluster-snapshot):\*-(trapheus|old)-r\?{7}$/;

    for (const action of ['rds:DeleteDBInstance', 'rds:DeleteDBCluster', 'rds:AddTagsToResource'])
      for (const arn of resourcesOf(statements, action)) expect(arn).toMatch(ownForm);
    for (const action of ['rds:DeleteDBSnapshot', 'rds:DeleteDBClusterSnapshot'])
      for (const arn of resourcesOf(statements, action)) expect(arn).toMatch(ownForm);
    const restored = resourcesOf(statements, 'rds:RestoreDBInstanceFromDBSnapshot').filter((arn) =>
      /:(db|cluster):/.test(arn),
    );
    const snapshots = resourcesOf(statements, 'rds:CreateDBSnapshot').filter((arn) => arn.includes('snapshot:'));
    for (const arn of [...restored, ...snapshots]) expect(arn).toMatch(ownForm);
    expect(restored.length * snapshots.length).toBeGreaterThan(0);
    expect(actionsOf(statements).filter((action) => /^rds:.*\*/.test(action))).toEqual([]);
  });

  test('a tag is taken off only if it is ours', () => {
    const [statement, ...others] = allowing(may(template, 'Worker'), 'rds:RemoveTagsFromResource');

    expect(others).toEqual([]);
    expect(statement?.conditions).toEqual({
      'ForAllValues:StringLike': { 'aws:TagKeys': ['trapheus:*'] },
      Null: { 'aws:TagKeys': 'false' },
    });
  });

  test('roles are passed to RDS and to nobody else, and only those that the settings name', () => {
    const passing = (stack: Template) => allowing(may(stack, 'Worker'), 'iam:PassRole');
    const some = passing(bare({ databaseRoles: 'rds-monitoring-role, service-role/orders-*' }));

    for (const [statement, ...others] of [passing(template), some]) {
      expect(others).toEqual([]);
      expect(statement?.conditions).toEqual({
        StringEquals: { 'iam:PassedToService': ['rds.amazonaws.com', 'monitoring.rds.amazonaws.com'] },
      });
    }
    expect(some[0]?.resources).toEqual([
      'arn:aws:iam::123456789012:role/rds-monitoring-role',
      'arn:aws:iam::123456789012:role/service-role/orders-*',
    ]);
    expect(() => parseOptions({ databaseRoles: ['arn:aws:iam::123456789012:role/x'] })).toThrow(
      /databaseRoles\.0: the name of an IAM role/,
    );
  });

  test('the configured names bound every change of a database, and fit into its policies', () => {
    const patterns = ['orders-*', 'billing-*', 'search-*', 'reports-*', 'customers-*'];

    const narrow = synthesised({ identifierPatterns: patterns.join(',') });

    const changed = resourcesOf(may(narrow, 'Watcher'), 'rds:ModifyDBInstance').filter((arn) => arn.includes(':db:'));
    expect(changed.map((arn) => arn.split(':').at(-1))).toEqual([...patterns, '*-trapheus-r???????', '*-old-r???????']);
    expect(sizes(narrow).length).toBeGreaterThan(0);
    expect(sizes(narrow).filter((size) => size >= 6144)).toEqual([]);
  });

  test('many names take more policies, as many as IAM holds; more are refused with a word that says what to do', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `team-${index}-*`);

    const wide = bare({ identifierPatterns: many(25) });
    expect(sizes(wide).length).toBeGreaterThan(2);
    expect(sizes(wide).length).toBeLessThanOrEqual(10);
    expect(sizes(wide).filter((size) => size >= 6144)).toEqual([]);
    expect(() => bare({ identifierPatterns: many(60) })).toThrow(
      /identifierPatterns[^]*more names than an IAM policy holds/,
    );
  });

  test('a right is given on every resource only where its action has no resource type', () => {
    // Service Authorization Reference: the column of resource types is empty for these. Lambda asks for the EC2 ones so
    // (Giving Lambda functions access to resources in an Amazon VPC), log deliveries are CloudWatch Logs’ own.
    const none =
      /^(xray:(Put(TraceSegments|TelemetryRecords)|GetSampling(Rules|Targets))|dynamodb:ListStreams|rds:DescribeAccountAttributes|ec2:(Describe(AccountAttributes|AvailabilityZones|InternetGateways|NetworkInterfaces|SecurityGroups|Subnets|Vpcs)|(Create|Delete)NetworkInterface|(Una|A)ssignPrivateIpAddresses)|logs:(\w+LogDeliver(y|ies)|(Put|Describe)ResourcePolic(y|ies)|DescribeLogGroups))$/;
    const anywhere = ['Slack', 'Notifier', 'Worker', 'Watcher', 'Ended', 'Pipeline', 'Schedules'].flatMap((role) =>
      actionsOf(may(chosen(), role).filter(({ resources }) => resources.includes('*'))),
    );

    expect(anywhere.length).toBeGreaterThan(10);
    expect([...new Set(anywhere)].filter((action) => !none.test(action))).toEqual([]);
  });
});

/** Characters of each managed policy, as IAM counts them: white space left out. */
function sizes(stack: Template): number[] {
  return Object.values(stack.findResources('AWS::IAM::ManagedPolicy')).map(
    ({ Properties }) =>
      text(JSON.stringify(Properties.PolicyDocument, (_, value) => (isJoin(value) ? text(value) : value))).length,
  );
}

function isJoin(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Fn::Join' in value;
}
