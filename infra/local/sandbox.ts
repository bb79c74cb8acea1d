import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as notifier from '../../bot/notifier.lambda';
import * as slack from '../../bot/slack.lambda';
import { runOf } from '../../orchestrator/aws/run-of';
import * as ended from '../../orchestrator/ended.lambda';
import type { Log } from '../../orchestrator/log';
import type { Meter } from '../../orchestrator/measures';
import { pipeline } from '../../orchestrator/pipeline';
import { countingDecisions, isClosed, type Run } from '../../orchestrator/run';
import * as watcher from '../../orchestrator/watcher.lambda';
import * as worker from '../../orchestrator/worker.lambda';
import { endedMail } from '../ended-mail';
import type { AlarmId } from '../runbook';
import { slackTroubles } from '../slack-troubles';
import { stateMachineText } from '../state-machine';
import { runWritesOnly, shownWritesOnly, table } from '../table';
import { Alarms, AlertTopic, Counter } from './alarms';
import { AsyncInvocations } from './async-invocations';
import { VirtualClock } from './clock';
import { DynamoDb, type Engine } from './dynamodb';
import type { Delivery, Item } from './dynamodb/stream';
import { Faults } from './faults';
import { serveFunctionUrl } from './function-url';
import { type Deployed, Lambda } from './lambda';
import { LambdaApi } from './lambda-api';
import { OnFailureQueue } from './on-failure-queue';
import { Queue } from './queue';
import { Queues } from './queues';
import type { Knobs } from './rds/knobs';
import { seedDatabases } from './rds/seed';
import { seedClusters } from './rds/seed-clusters';
import { RdsSimulator } from './rds/simulator';
import { every } from './schedule';
import { Secrets } from './secrets';
import { type CallRecord, Front, type Protocol } from './service';
import * as people from './slack/people';
import type { People } from './slack/store';
import { SlackWorkspace, type WorkspaceKnobs } from './slack/workspace';
import { StepFunctions, type StepFunctionsOptions } from './stepfunctions';

export const region = 'eu-central-1';
export const accountId = '111122223333';
/** AWS's own example keys: nobody can take them for real ones. */
export const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
export const botToken = 'xoxb-0-sandbox-trapheus';
const runbookUrl = 'docs/runbook.md';
const tableName = 'trapheus-runs';
const secretName = 'trapheus/slack';
const machineArn = `arn:aws:states:${region}:${accountId}:stateMachine:trapheus`;
const workerName = 'trapheus-worker';
const endedName = 'trapheus-ended';
/** Where what nobody could handle waits for a person, by the alarm that rings for it. */
const onFailureNames = ['cards-unwritten', 'end-unhandled', 'ticks-undelivered'] as const satisfies readonly AlarmId[];
export const requestPath = '/slack/events';

export interface SandboxOptions {
  /** Virtual milliseconds since the epoch at the start. */
  start: number;
  /** Virtual seconds per second while a run works; absent: time moves only when it is told to. */
  speed?: number;
  /** The page's port; 0 for any free one. */
  port?: number;
  /** Wall milliseconds, for what Slack measures. */
  wall?: () => number;
  log?: Log;
  knobs?: Partial<Knobs>;
  slackKnobs?: WorkspaceKnobs;
  policyFile?: string | undefined;
  /** Who and what there is in the workspace. Default: the seeded people. */
  people?: People;
  /** The slash command. Default: /trapheus. */
  command?: string | undefined;
  /** A workspace of Slack itself in the place of the stand-in: what is deployed talks to that one. */
  realSlack?: { apiUrl: string; botToken: string; team: string; url: string } | undefined;
  /** What stands in the account at the start. Default: the seeded databases. */
  seed?: (rds: RdsSimulator) => void;
  /** Whether RDS tells the app of its events, which AWS does at best effort. Default: it does. */
  rdsEvents?: boolean;
  /** How callers reach the services. Default: each listens on a port of its own. */
  front?: (parts: ConstructorParameters<typeof Front>[0]) => Front;
  /** What plays the state machine. Default: the sandbox's own engine. */
  machine?: (options: StepFunctionsOptions) => Machine;
  /** What keeps the table's items. Default: dynalite. */
  tableEngine?: Engine;
  /** Answers requests of the page's server that are not Slack's. */
  page?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Who plays the state machine: Step Functions' API, and what the page and the benchmarks look at. */
export type Machine = Protocol & Pick<StepFunctions, 'executions' | 'counters'>;

/** AWS and Slack in one process, and the deployed handlers between them. */
export interface Sandbox {
  url: string;
  requestUrl: string;
  endpoints: { rds: string; dynamodb: string; states: string; sqs: string; secretsmanager: string; lambda: string };
  slackApiUrl: string;
  /** Where people talk to it, when that is a workspace of Slack itself. */
  workspace: { name: string; url: string } | undefined;
  command: string;
  /** What the functions are deployed with. */
  environment: Readonly<Record<string, string>>;
  tableName: string;
  stateMachineArn: string;
  clock: VirtualClock;
  faults: Faults;
  lambda: Lambda;
  rds: RdsSimulator;
  machine: Machine;
  queue: Queue;
  /** Where what nobody could handle waits, by the alarm that rings for it. */
  onFailure: Readonly<Record<(typeof onFailureNames)[number], OnFailureQueue>>;
  alarms: Alarms;
  /** Who is written to when an alarm rings or a run fails. */
  alerts: AlertTopic;
  slack: SlackWorkspace;
  /** The table's stream on its way to whoever writes the cards. */
  cards: Delivery;
  /** An item of the table as it stands there, in the words of the protocol. */
  item(pk: string): Item | undefined;
  /** The newest record of every run, as the table's stream tells it. */
  runs: Map<string, Run>;
  speed(): number;
  /** Virtual seconds per second right now: the speed while a run works, no more than 1 while people decide. */
  pace(): number;
  setSpeed(speed: number): void;
  onCall(listener: (call: CallRecord) => void): void;
  onRun(listener: (run: Run) => void): void;
  close(): Promise<void>;
}

/** Slack cuts a request off after three seconds; everything else is virtual time. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  let speed = options.speed ?? Number.POSITIVE_INFINITY;
  const runs = new Map<string, Run>();
  const runListeners: ((run: Run) => void)[] = [];
  // While everybody waits for a person there is nothing to hurry to.
  const pace = () => ([...runs.values()].some(isWorking) ? speed : Math.min(1, speed));
  const clock = new VirtualClock({ start: options.start, pace });
  const faults = new Faults();
  const lambda = new Lambda(clock, faults);
  const front = (options.front ?? ((parts) => new Front(parts)))({ clock, faults, lambda });
  const common = { clock, lambda, faults, region, accountId, accessKeyId };

  const page: Server = createServer((request, response) => {
    if (request.url === requestPath)
      void serveFunctionUrl({ lambda, clock, functionName: 'trapheus-slack' }, request, response);
    else if (options.page) options.page(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done, reject) => {
    page.once('error', reject);
    page.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;

  const kept = (name: AlarmId) => new OnFailureQueue({ ...common, name: `trapheus-${name}` });
  const onFailure = {
    'cards-unwritten': kept('cards-unwritten'),
    'end-unhandled': kept('end-unhandled'),
    'ticks-undelivered': kept('ticks-undelivered'),
  };
  const queue = new Queue({
    ...common,
    name: 'trapheus-ticks',
    onFailure: (body) => onFailure['ticks-undelivered'].put(body),
    consumer: { functionName: 'trapheus-watcher', batchSize: 1, maximumConcurrency: 2 },
  });
  const rds = new RdsSimulator({
    ...common,
    ...(options.knobs && { knobs: options.knobs }),
    emit: () => options.rdsEvents !== false && void queue.send('{"kind":"look","depth":1}'),
  });
  (options.seed ?? seedAccount)(rds);
  const endedEvents = new AsyncInvocations({
    ...common,
    functionName: endedName,
    functionArn: `arn:aws:lambda:${region}:${accountId}:function:${endedName}`,
    onFailure: (message) => onFailure['end-unhandled'].put(JSON.stringify(message)),
  });
  const alerts = new AlertTopic(clock);
  const counted = { failed: new Counter(clock), endedOutside: new Counter(clock), help: new Counter(clock) };
  const playedBy = options.machine ?? ((parts: StepFunctionsOptions) => new StepFunctions(parts));
  const machine = playedBy({
    ...common,
    stateMachineArn: machineArn,
    definition: stateMachineText(pipeline),
    substitutions: { WorkerFunction: workerName },
    onEnded: (event) => {
      const { name, status, executionArn: arn } = event.detail;
      if (!['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status)) return undefined;
      (status === 'FAILED' ? counted.failed : counted.endedOutside).add();
      alerts.publish(endedMail({ stackName: 'Trapheus', region, runbookUrl, name, status, arn }));
      return endedEvents.invoke(event);
    },
  });
  const { realSlack, command = '/trapheus' } = options;
  const secretText = JSON.stringify({ botToken: realSlack?.botToken ?? botToken, signingSecret });
  const secrets = new Secrets({ ...common, secrets: { [secretName]: secretText } });
  const dynamodb = await DynamoDb.start(common, options.tableEngine);
  await dynamodb.createTable(tableName, table);

  let slackUrl = '';
  const workspace = new SlackWorkspace({
    clock,
    wall: options.wall ?? Date.now,
    secrets: { signingSecret, botToken },
    people: options.people ?? people,
    requestUrl: () => url + requestPath,
    url: () => slackUrl,
    site: () => url,
    ...(options.slackKnobs && { knobs: options.slackKnobs }),
  });
  const endpoints = {
    rds: await front.listen(rds),
    dynamodb: await front.listen(dynamodb),
    states: await front.listen(machine),
    sqs: await front.listen(new Queues(queue, Object.values(onFailure))),
    secretsmanager: await front.listen(secrets),
    lambda: await front.listen(new LambdaApi(accessKeyId, { [endedName]: endedEvents })),
  };
  slackUrl = await front.listen(workspace);

  // The SDK reads these by itself; the handlers do not know where they run.
  Object.assign(process.env, {
    // The product runs on Lambda's Node.js; which one this machine has is of no interest to it.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_RDS: endpoints.rds,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SFN: endpoints.states,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsmanager,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
  });
  const environment = {
    TABLE_NAME: tableName,
    STATE_MACHINE_ARN: machineArn,
    TICK_QUEUE_URL: queue.url(endpoints.sqs),
    SECRET_ID: secretName,
    POLICY_FILE: options.policyFile ?? resolve(__dirname, '../../policy.yml'),
    SLACK_API_URL: realSlack?.apiUrl ?? `${slackUrl}/api/`,
    COMMAND: command,
  };
  const slackTrouble = new Counter(clock);
  const log: Log = (level, event, fields) => {
    if (slackTroubles.includes(event)) slackTrouble.add();
    options.log?.(level, event, fields);
  };
  const meter: Meter = (measures) => {
    for (const { name, dimensions } of measures)
      if (name === 'RunsEnded' && dimensions.outcome === 'needs-help') counted.help.add();
  };
  const one = (entry: AlarmId, read: (minutes: number) => number) => ({ entry, from: 1, periodMinutes: 1, read });
  const alarms = new Alarms({
    clock,
    topic: alerts,
    runbookUrl,
    watched: [
      one('run-failed', (minutes) => counted.failed.within(minutes)),
      one('execution-ended-outside', (minutes) => counted.endedOutside.within(minutes)),
      one('run-needs-help', (minutes) => counted.help.within(minutes)),
      ...onFailureNames.map((name) => one(name, () => onFailure[name].visible)),
      {
        entry: 'slack-unwell',
        from: 5,
        periodMinutes: 15,
        read: (minutes: number) => slackTrouble.within(minutes),
      },
    ],
  });
  lambda.deploy(
    'trapheus-slack',
    deployed(() => slack.create(environment, clock, options.wall, log), 10),
  );
  const wait = (ms: number) => lambda.wait(ms);
  lambda.deploy(
    'trapheus-notifier',
    deployed(() => notifier.create(environment, clock, log, wait), 25),
  );
  lambda.deploy(
    workerName,
    deployed(() => worker.create(environment, clock, log, meter), 25),
  );
  lambda.deploy(
    'trapheus-watcher',
    deployed(() => watcher.create(environment, clock, log, meter), 25),
  );
  lambda.deploy(
    endedName,
    deployed(() => ended.create(environment, clock, log, meter), 25),
  );

  dynamodb.observe({ tableName, filter: runWritesOnly, latencyMs: 10 }, observer(runs, runListeners, clock));
  const cards = dynamodb.consume({
    tableName,
    functionName: 'trapheus-notifier',
    filters: [shownWritesOnly],
    batchSize: 10,
    onFailure: (batch) => onFailure['cards-unwritten'].put(JSON.stringify(batch)),
  });
  const schedule = every(clock, 60_000, () => void queue.send('{"kind":"minute"}'));
  if (options.speed !== undefined) clock.start();

  return {
    url,
    requestUrl: url + requestPath,
    endpoints,
    slackApiUrl: environment.SLACK_API_URL,
    workspace: realSlack && { name: realSlack.team, url: realSlack.url },
    command,
    environment,
    tableName,
    stateMachineArn: machineArn,
    clock,
    faults,
    lambda,
    rds,
    machine,
    queue,
    onFailure,
    alarms,
    alerts,
    slack: workspace,
    cards,
    item: (pk) => dynamodb.image(tableName, { pk: { S: pk } }),
    runs,
    speed: () => speed,
    pace,
    setSpeed: (wanted) => {
      speed = wanted;
      clock.paceChanged();
    },
    onCall: (listener) => front.onCall(listener),
    onRun: (listener) => runListeners.push(listener),
    close: async () => {
      schedule.stop();
      alarms.stop();
      clock.stop();
      await front.close();
      await new Promise<void>((done) => {
        page.close(() => done());
        page.closeAllConnections();
      });
      await dynamodb.close();
    },
  };
}

function deployed(restart: () => Deployed['handler'], timeoutSeconds: number): Deployed {
  return { handler: restart(), restart, timeoutSeconds };
}

/** At a gate people decide; after the end nobody waits. */
function isWorking(run: Run): boolean {
  if (isClosed(run) || run.status === 'needs-help') return false;
  // Enough people have decided: what is left to do here is a machine's.
  const isDecided = run.plan !== undefined && countingDecisions(run).length >= run.plan.rule.approvals;
  if (run.status === 'waiting') return isDecided;
  const isHeld =
    run.status === 'succeeded' && pipeline.some((stage) => stage.kind === 'gate' && stage.id === run.at?.step);
  return !isHeld;
}

/** Follows the table's stream, for the clock's pace and for the page. */
function observer(runs: Map<string, Run>, listeners: ((run: Run) => void)[], clock: VirtualClock) {
  return (image: Item): void => {
    const run = writtenRun(image);
    if (run === undefined || (runs.get(run.id)?.version ?? 0) > run.version) return;
    runs.set(run.id, run);
    for (const listener of listeners) listener(run);
    clock.paceChanged();
  };
}

/** Anybody with the keys may write to the table: what is no run is not shown, and ends nothing. */
function writtenRun(image: Item): Run | undefined {
  try {
    return runOf(unmarshall(image as Parameters<typeof unmarshall>[0]).record);
  } catch {
    return undefined;
  }
}

function seedAccount(rds: RdsSimulator): void {
  seedDatabases(rds);
  seedClusters(rds);
}
