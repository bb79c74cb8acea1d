import { readFileSync } from 'node:fs';
import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { variables as botVariables } from '../bot/config';
import { variables } from '../orchestrator/config';
import { pipeline } from '../orchestrator/pipeline';
import { parsePolicy } from '../orchestrator/policy';
import { accept } from './accepted-findings';
import { Alerts } from './constructs/alerts';
import { DatabaseRights } from './constructs/database-rights';
import { DeadLetters } from './constructs/dead-letters';
import { Handler, policyFile } from './constructs/handler';
import { Keys } from './constructs/keys';
import { Machine, machineArn } from './constructs/machine';
import { Overview } from './constructs/overview';
import { Records } from './constructs/records';
import { minute, ring } from './constructs/ring';
import { Schedules } from './constructs/schedules';
import { SlackEndpoint } from './constructs/slack-endpoint';
import { SlackHealth } from './constructs/slack-health';
import { Ticks } from './constructs/ticks';
import { endedMail } from './ended-mail';
import { lookMemoryMb } from './memory';
import { labelOf, optionsFrom } from './options';
import { seeDatabases } from './permissions/databases';
import { answerTokens, describeExecutions, startExecutions } from './permissions/executions';
import { queryIndexes, readItems, scheduleLooks, useItems } from './permissions/records';
import { stateMachineText } from './state-machine';
import { shownWritesOnly } from './table';

/** Below the 30 s lease on a run: a function that still works is within its right to act. */
const lookSeconds = 25;

/** Everything that Trapheus is in one account and Region. It wires; what happens is decided by the code it deploys. */
export class TrapheusStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    // The CDK asks for its bootstrap version before it deploys: as a parameter of the template it would only be in the way
    // of whoever loads the template by itself.
    const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
    // The library is not written for exactOptionalPropertyTypes: it is an IStackSynthesizer all the same.
    super(scope, id, { synthesizer: synthesizer as IStackSynthesizer, ...props });
    const options = optionsFrom(this.node);
    // A mistake in policy.yml stops here, and not in the first request.
    parsePolicy(readFileSync('policy.yml', 'utf8'));

    const keys = new Keys(this, 'Keys', options);
    const alerts = new Alerts(this, 'Alerts', { emails: options.alertEmails, keys });
    const { logRetentionDays, vpc } = options;
    const everywhere = { logRetentionDays, vpc, keys };
    const { table } = new Records(this, 'Records', { keys });
    const { queue } = new Ticks(this, 'Ticks', { watcherSeconds: lookSeconds, keys });
    const secret = new Secret(this, 'SlackSecret', {
      ...keys.kept(),
      description: 'The Slack app: {"botToken": "xoxb-…", "signingSecret": "…"}',
      // Nobody can sign with a secret that nobody has seen: safe until people fill it in.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ botToken: '' }),
        generateStringKey: 'signingSecret',
      },
    });
    accept(secret, 'Slack rotates neither secret by itself; people do, as the runbook says.', 'SMG4');
    const readSecret = new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secret.secretArn],
    });
    const sendTicks = new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });

    const records = { [variables.tableName]: table.tableName };
    const work = {
      ...records,
      [variables.stateMachineArn]: machineArn(this),
      [variables.tickQueueUrl]: queue.queueUrl,
      [variables.policyFile]: policyFile,
    };
    const label = options.label ?? labelOf(options.command);
    const talk = {
      ...records,
      [botVariables.secretId]: secret.secretArn,
      [botVariables.command]: options.command,
      // An empty one says that there shall be none.
      ...(label && { [botVariables.label]: label }),
    };

    const slack = new Handler(this, 'Slack', {
      entry: 'bot/slack.lambda.ts',
      description: 'Commands, clicks and forms from Slack',
      timeoutSeconds: 10,
      ...everywhere,
      memoryMb: 1024,
      environment: { ...work, ...talk },
      statements: [
        ...seeDatabases(this),
        useItems(table, 'run#*', 'lock#*', 'inventory*', 'refused#*', 'seen#*', 'home#*', 'freeze'),
        readItems(table, 'snapshot#*', 'card#*'),
        scheduleLooks(table),
        queryIndexes(table, 'open', 'database'),
        startExecutions(this),
        sendTicks,
        readSecret,
      ],
    });

    const notifier = new Handler(this, 'Notifier', {
      entry: 'bot/notifier.lambda.ts',
      description: 'Shows the newest record of a run on its card in Slack',
      timeoutSeconds: 25,
      ...everywhere,
      memoryMb: lookMemoryMb,
      environment: { ...talk, [variables.stateMachineArn]: machineArn(this) },
      statements: [
        readItems(table, 'run#*', 'freeze'),
        useItems(table, 'card#*', 'home#*', 'pace#*'),
        queryIndexes(table, 'open'),
        readSecret,
      ],
    });
    const unseen = new DeadLetters(this, 'NotifierDead', { entry: 'cards-unwritten', keys });
    notifier.function.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.LATEST,
        filters: [FilterCriteria.filter(shownWritesOnly)],
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 5,
        onFailure: new SqsDlq(unseen.queue),
      }),
    );

    accept(notifier.role, 'ListStreams, which the stream’s mapping needs, names no resource.', 'IAM5[Resource::*]');

    const oversee = [
      useItems(table, 'run#*', 'wait#*', 'lock#*', 'tick*', 'inventory*', 'snapshot#*'),
      readItems(table, 'card#*', 'freeze'),
      queryIndexes(table, 'due', 'open', 'database'),
      answerTokens(this),
      startExecutions(this),
      describeExecutions(this),
      sendTicks,
    ];

    const worker = new Handler(this, 'Worker', {
      entry: 'orchestrator/worker.lambda.ts',
      description: 'One look of one step, called by the state machine',
      timeoutSeconds: lookSeconds,
      ...everywhere,
      memoryMb: lookMemoryMb,
      environment: work,
      statements: oversee,
    });

    const watcher = new Handler(this, 'Watcher', {
      entry: 'orchestrator/watcher.lambda.ts',
      description: 'Looks on behalf of every run that waits',
      timeoutSeconds: lookSeconds,
      ...everywhere,
      memoryMb: lookMemoryMb,
      environment: work,
      statements: oversee,
    });
    new DatabaseRights(this, 'DatabaseRights', { scope: options, roles: [worker.role, watcher.role] });

    watcher.function.addEventSource(new SqsEventSource(queue, { maxConcurrency: 2, reportBatchItemFailures: true }));

    const { machine } = new Machine(this, 'Pipeline', {
      definition: stateMachineText(pipeline),
      worker: worker.function,
      keys,
      logRetentionDays,
    });

    const ended = new Handler(this, 'Ended', {
      entry: 'orchestrator/ended.lambda.ts',
      description: 'Takes care of runs whose execution ended without them',
      timeoutSeconds: lookSeconds,
      ...everywhere,
      memoryMb: lookMemoryMb,
      environment: work,
      statements: [
        ...seeDatabases(this),
        useItems(table, 'run#*', 'wait#*', 'lock#*'),
        startExecutions(this),
        describeExecutions(this),
        sendTicks,
      ],
    });
    const unended = new DeadLetters(this, 'EndedDead', { entry: 'end-unhandled', keys });
    ended.function.configureAsyncInvoke({ onFailure: new SqsDestination(unended.queue) });
    const mail = endedMail({
      stackName: this.stackName,
      region: this.region,
      runbookUrl: options.runbookUrl,
      name: EventField.fromPath('$.detail.name'),
      status: EventField.fromPath('$.detail.status'),
      arn: EventField.fromPath('$.detail.executionArn'),
    });
    new Rule(this, 'ExecutionEnded', {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(ended.function, { deadLetterQueue: unended.queue }),
        // Says which run it was, with neither Slack nor a function of ours in between.
        new SnsTopic(alerts.topic, { message: RuleTargetInput.fromText(mail) }),
      ],
    });
    new Schedules(this, 'Schedules', { runs: options.schedules, machine, keys });

    const { provisionedConcurrency } = options;
    // Always by an alias: Slack's address is the alias's, and stays what it is when copies are kept started or no longer.
    // The library is not written for exactOptionalPropertyTypes: an Alias is an IFunction all the same.
    const live = slack.function.addAlias('live', {
      ...(provisionedConcurrency > 0 && { provisionedConcurrentExecutions: provisionedConcurrency }),
    }) as IFunction;
    const endpoint = new SlackEndpoint(this, 'Endpoint', {
      kind: options.endpoint,
      whole: slack.function,
      handler: live,
      logRetentionDays,
      keys,
    });
    new CfnOutput(this, 'SlackUrl', { value: endpoint.url, description: 'npm run manifest -- --url <this>' });
    new CfnOutput(this, 'SlackSecretId', {
      value: secret.secretArn,
      description: 'Fill in botToken and signingSecret',
    });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'StateMachineArn', { value: machine.stateMachineArn });
    new CfnOutput(this, 'AlertTopicArn', { value: alerts.topic.topicArn });
    // `npm run redrive` hands back through these what the on-failure queues hold.
    new CfnOutput(this, 'TickQueueUrl', { value: queue.queueUrl });
    new CfnOutput(this, 'EndedFunctionName', { value: ended.function.functionName });
    const functions = [slack, notifier, worker, watcher, ended].map((one) => one.function);
    const namespace = this.stackName;
    const { errors: slackErrors, answers } = new SlackHealth(this, 'SlackHealth', {
      slackLog: slack.log,
      notifierLog: notifier.log,
      namespace,
    });
    ring(this, 'WatcherSilent', 'watcher-silent', {
      metric: watcher.function.metricInvocations(minute),
      periods: 5,
      isSilenceBad: true,
    });
    ring(this, 'AnswersSlow', 'answers-slow', {
      metric: endpoint.latency,
      from: 2_500,
    });
    // Whoever writes the record that says so counts it.
    const looking = ['worker', 'watcher', 'ended'];
    const calls = Object.fromEntries(looking.map((service) => [service, needsHelp(namespace, service)]));
    ring(this, 'NeedsHelp', 'run-needs-help', {
      metric: new MathExpression({
        expression: looking.map((service) => `FILL(${service}, 0)`).join(' + '),
        usingMetrics: calls,
        ...minute,
      }),
    });
    const alarms = alerts.connectEveryAlarmOf(this);
    const { runbookUrl } = options;
    new Overview(this, 'Overview', {
      namespace,
      machine,
      latency: endpoint.latency,
      functions,
      slackErrors,
      answers,
      alarms,
      runbookUrl,
    });
  }
}

function needsHelp(namespace: string, service: string): Metric {
  const dimensionsMap = { service, outcome: 'needs-help' };
  return new Metric({ namespace, metricName: 'RunsEnded', dimensionsMap, statistic: Stats.SUM, ...minute });
}
