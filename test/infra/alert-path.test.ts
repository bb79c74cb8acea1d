import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { anyOf } from '../../infra/local/dynamodb/filter';
import { createSandbox, type Sandbox } from '../../infra/local/sandbox';
import type { ExecutionEnded } from '../../infra/local/stepfunctions';
import { TrapheusStack } from '../../infra/stack';
import { text } from './simulate';

const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ start: Date.UTC(2027, 0, 4, 9) });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(outdir, { recursive: true });
});

const context = { 'aws:cdk:bundling-stacks': [], alertEmails: 'oncall@example.com' };
const template = Template.fromStack(new TrapheusStack(new App({ outdir, context }), 'Trapheus'));
const of = (type: string) =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({ id, Properties }));
const [topic] = of('AWS::SNS::Topic');
const [rule] = of('AWS::Events::Rule').filter(({ Properties }) => JSON.stringify(Properties).includes('FAILED'));
interface Target {
  Arn: { Ref?: string };
  InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: unknown };
}
const targets = rule?.Properties.Targets as Target[];
const mailTarget = targets.find(({ Arn }) => Arn.Ref !== undefined && Arn.Ref === topic?.id);

/** Step Functions’ event, as the sandbox’s engine makes it (EventBridge: Step Functions Execution Status Change). */
const event = (status: ExecutionEnded['detail']['status']) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    stateMachineArn: text(rule?.Properties.EventPattern.detail.stateMachineArn[0]),
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:Trapheus:r7k3q9xz',
    name: 'r7k3q9xz',
    status,
  },
});
const pattern = { ...rule?.Properties.EventPattern };
pattern.detail = { ...pattern.detail, stateMachineArn: [text(pattern.detail.stateMachineArn[0])] };
const matches = anyOf([pattern]);

test('exactly the ends that nobody asked for are mailed', () => {
  for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const) expect(matches(event(status))).toBe(true);
  for (const status of ['RUNNING', 'SUCCEEDED'] as const) expect(matches(event(status))).toBe(false);
  const other = event('FAILED');
  other.detail.stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:Billing';
  expect(matches(other)).toBe(false);
});

test('the mail says which run it was and where to look, as the sandbox’s does', () => {
  const { InputPathsMap = {}, InputTemplate } = mailTarget?.InputTransformer ?? {};
  const told = event('FAILED').detail;
  const mail = Object.entries(InputPathsMap).reduce((filled, [name, path]) => {
    const field = /^\$\.detail\.(\w+)$/.exec(path)?.[1] as keyof typeof told;
    return filled.replaceAll(`<${name}>`, told[field]);
  }, text(InputTemplate));

  // A text has to be quoted, or EventBridge refuses the template (EventBridge: Input transformation).
  expect(JSON.parse(mail)).toBe(
    'Trapheus: the execution r7k3q9xz ended FAILED. ' +
      'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/' +
      'arn:aws:states:eu-west-1:123456789012:execution:Trapheus:r7k3q9xz What to do: docs/runbook.md#run-failed',
  );
});

test('the event goes to the topic itself, and every alarm does: no function and no queue stands in between', () => {
  expect(Object.keys(mailTarget ?? {}).sort()).toEqual(['Arn', 'Id', 'InputTransformer']);
  expect(mailTarget?.Arn).toEqual({ Ref: topic?.id });
  for (const { Properties } of of('AWS::CloudWatch::Alarm')) {
    expect(Properties.AlarmActions).toEqual([{ Ref: topic?.id }]);
    expect(Properties.ActionsEnabled ?? true).toBe(true);
  }
  const subscriptions = of('AWS::SNS::Subscription').map(({ Properties }) => Properties);
  expect(subscriptions).toEqual([{ Protocol: 'email', Endpoint: 'oncall@example.com', TopicArn: { Ref: topic?.id } }]);
});

test('what rings when Slack or a function of ours is down is not measured by them', () => {
  const measured = of('AWS::CloudWatch::Alarm').filter(({ Properties }) =>
    /#(run-failed|execution-ended-outside|cards-unwritten|end-unhandled|ticks-undelivered|watcher-silent)$/.test(
      Properties.AlarmDescription,
    ),
  );
  const namespaces = measured.flatMap(({ Properties }) => {
    const {
      Namespace,
      Metrics = [],
    }: { Namespace?: string; Metrics?: { MetricStat?: { Metric: { Namespace: string } } }[] } = Properties;
    return [Namespace, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric.Namespace)].filter((one) => one);
  });

  expect(measured).toHaveLength(6);
  expect(new Set(namespaces)).toEqual(new Set(['AWS/States', 'AWS/SQS', 'AWS/Lambda']));
});

test('the topic takes what EventBridge and the account’s own alarms publish, over TLS, and nothing else', () => {
  const [policy] = of('AWS::SNS::TopicPolicy');
  const statements: {
    Effect: string;
    Principal: unknown;
    Action: string;
    Condition?: Record<string, Record<string, unknown>>;
  }[] = policy?.Properties.PolicyDocument.Statement;

  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  expect(allowed.map(({ Principal }) => (Principal as { Service: string }).Service).sort()).toEqual([
    'cloudwatch.amazonaws.com',
    'events.amazonaws.com',
  ]);
  for (const { Action } of allowed) expect(Action).toBe('sns:Publish');
  const alarms = allowed.find(({ Principal }) => JSON.stringify(Principal).includes('cloudwatch'));
  expect(alarms?.Condition?.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
  expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
    expect.objectContaining({ Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ]);
});

test('the sandbox’s alarms ring where the deployed ones do', () => {
  const deployed = new Map(
    of('AWS::CloudWatch::Alarm').map(({ Properties }) => {
      const metrics = (Properties.Metrics ?? []) as { MetricStat?: { Period: number } }[];
      const seconds = Properties.Period ?? metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period;
      const entry = /#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1] ?? '';
      return [entry, { from: Properties.Threshold, minutes: seconds / 60, periods: Properties.EvaluationPeriods }];
    }),
  );

  expect(sandbox.alarms.watched.length).toBeGreaterThan(5);
  for (const { entry, from, periodMinutes } of sandbox.alarms.watched)
    expect([entry, deployed.get(entry)]).toEqual([entry, { from, minutes: periodMinutes, periods: 1 }]);
});
