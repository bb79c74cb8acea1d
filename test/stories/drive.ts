import { RDSClient } from '@aws-sdk/client-rds';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Fault } from '../../infra/local/faults';
import type { DatabaseInWorld, SnapshotInWorld } from '../../infra/local/rds/simulator';
import { accessKeyId, region, type Sandbox, type SandboxOptions, secretAccessKey } from '../../infra/local/sandbox';
import { serveSandbox } from '../../infra/local/serve';
import type { ActAnswer } from '../../infra/local/slack/acts/outcome';
import type { ShownMessage } from '../../infra/local/slack/workspace';
import type { Run, RunStatus } from '../../orchestrator/run';
import { leaksIn } from './leaks';

/** Every story begins on a Sunday at ten, far from all backup and maintenance windows of the seeded databases. */
export const sunday = Date.parse('2026-11-22T10:00:00Z');
const hourMs = 3_600_000;
/** Longer than a card stays behind its record while Slack answers. */
const settleSeconds = 5;
type Dict = Record<string, unknown>;

export interface LogEntry {
  level: string;
  event: string;
  fields: Record<string, unknown> | undefined;
}

/** What is filled into the form; the rest stays as it is offered. */
export interface Wanted {
  database?: string;
  /** A snapshot's id, `newest`, `@now`, `@time` or `@clone`. */
  snapshot?: string;
  /** In milliseconds since the epoch, for `@time`. */
  at?: number;
  target?: 'replace' | 'new' | 'onto';
  name?: string;
  hours?: number;
  /** Set aside first, so that no write is lost. */
  keepWrites?: boolean;
  reason?: string;
}

export interface DriveOptions extends Partial<Omit<SandboxOptions, 'page'>> {
  /** Where people talk; name or id. Default: db-ops. */
  channel?: string;
}

/** The whole sandbox on virtual time, and people who use it: every story test speaks through this. */
export class Drive {
  readonly sandbox: Sandbox;
  readonly channel: string;
  /** What the handlers have logged. */
  readonly log: readonly LogEntry[];
  /** Every record of every run, in order of writing. */
  readonly history: Run[] = [];
  #rds: RDSClient | undefined;

  private constructor(sandbox: Sandbox, channel: string, log: readonly LogEntry[]) {
    this.sandbox = sandbox;
    this.channel = channel;
    this.log = log;
    sandbox.onRun((run) => this.history.push(run));
  }

  static async start({ channel = 'db-ops', ...options }: DriveOptions = {}): Promise<Drive> {
    const log: LogEntry[] = [];
    const sandbox = await serveSandbox(
      {
        start: sunday,
        // Slack's own clock stands still: no trigger expires because a machine is slow.
        wall: () => sunday,
        log: (level, event, fields) => log.push({ level, event, fields }),
        ...options,
        slackKnobs: { answerWithinMs: 30_000, ...options.slackKnobs },
      },
      (_, response) => void response.writeHead(404).end(),
    );
    return new Drive(sandbox, channel, log);
  }

  /** By name or id; speaks in the drive's channel unless another is named. */
  as(person: string, channel = this.channel): Actor {
    return new Actor(this, person, channel);
  }

  arm(...faults: Fault[]): void {
    for (const fault of faults) this.sandbox.faults.arm(fault);
  }

  /** From the request to the end of its approval: the run that Ana wants and Ben approves. */
  async approved(database: string, more: Wanted = {}): Promise<string> {
    const run = await this.requested(database, more);
    const { error } = await this.click('ben', run, 'approve');
    if (error !== undefined) throw new Error(error);
    return run;
  }

  /** What Ana asks for, until it waits for an approval. */
  async requested(database: string, wanted: Wanted = {}): Promise<string> {
    const ana = this.as('ana');
    await ana.command(`restore ${database}`);
    const run = await ana.fillRestore({ reason: 'fresh data for the load test', ...wanted });
    await this.until(run, 'waiting', 1);
    return run;
  }

  /** Presses a button of the run's card as soon as it is there (at most ten minutes). */
  async click(person: string, run: string, action: string): Promise<ActAnswer> {
    const shown = () => this.buttons(run).includes(action);
    if (!(await this.sandbox.clock.runUntil(shown, hourMs / 6)))
      throw new Error(
        `the card of ${run} has no button ${action}; it has: ${this.buttons(run).join(', ') || 'none'}\n${this.#state(run)}`,
      );
    return this.as(person).press(this.root(run), action);
  }

  /**
   * Lets time pass until the run's record meets the condition (a status, or a function of the record), and stops right
   * there: the card may be a second behind. Throws with everything known about the run when `hours` have passed.
   */
  async until(run: string, condition: RunStatus | ((run: Run) => boolean), hours = 6): Promise<Run> {
    const meets = typeof condition === 'string' ? (one: Run) => one.status === condition : condition;
    const now = () => this.sandbox.runs.get(run);
    const met = () => {
      const record = now();
      return record !== undefined && meets(record);
    };
    const isMet = await this.sandbox.clock.runUntil(met, hours * hourMs);
    const record = now();
    if (isMet && record) return record;
    const wanted = typeof condition === 'string' ? condition : 'as wanted';
    throw new Error(`after ${hours} h run ${run} is not ${wanted}\n${this.#state(run)}`);
  }

  /** Until nothing more will happen to the run by itself. */
  async ended(run: string, hours = 60): Promise<Run> {
    return this.until(run, (one) => one.closedAt !== undefined || one.status === 'needs-help', hours);
  }

  /** Lets the messages catch up with the records. */
  async settle(seconds = settleSeconds): Promise<void> {
    await this.sandbox.clock.advance(seconds * 1000);
  }

  run(id: string): Run {
    const run = this.sandbox.runs.get(id);
    if (run === undefined)
      throw new Error(`there is no run ${id}; there are: ${[...this.sandbox.runs.keys()].join(', ') || 'none'}`);
    return run;
  }

  /** The text of the run's root message, as a person reads it, once it has caught up. */
  async card(run: string): Promise<string> {
    await this.settle();
    return asText(this.root(run));
  }

  /** The texts of the thread under the run's card, oldest first, once it has caught up. */
  async thread(run: string): Promise<string[]> {
    await this.settle();
    const { ts } = this.root(run);
    return this.messages()
      .filter((message) => message.thread_ts === ts && message.ts !== ts)
      .map((message) => message.text);
  }

  root(run: string): ShownMessage {
    // The newest: a post whose answer was lost may stand there twice, and only the later one is kept up to date.
    const root = this.messages().findLast(
      (message) =>
        message.thread_ts === undefined && message.ephemeral_to === undefined && message.text.includes(`(run ${run})`),
    );
    if (root === undefined) throw new Error(`run ${run} has no card\n${this.#state(run)}`);
    return root;
  }

  /** The action_ids of what can be pressed on the run's card now. */
  buttons(run: string): string[] {
    const root = this.messages().findLast(
      ({ thread_ts, ephemeral_to, text }) =>
        thread_ts === undefined && ephemeral_to === undefined && text.includes(`(run ${run})`),
    );
    return (root?.blocks ?? [])
      .flatMap((block) => (block.type === 'actions' ? (block.elements as Dict[]) : []))
      .map((element) => String(element.action_id));
  }

  /** Of all channels, in the order of their posting. */
  messages(): ShownMessage[] {
    return this.sandbox.slack.state().channels.flatMap((channel) => channel.messages);
  }

  databases(): DatabaseInWorld[] {
    return this.sandbox.rds.snapshotOfWorld().databases;
  }

  /** Who answers under the name now. */
  database(name: string): DatabaseInWorld | undefined {
    return this.databases().find((one) => one.name === name && one.answersByName);
  }

  snapshots(): SnapshotInWorld[] {
    return this.sandbox.rds.snapshotOfWorld().snapshots;
  }

  /** The execution's statuses, oldest first: the run's own, then its recoveries. */
  executions(run: string): { name: string; status: string }[] {
    return this.sandbox.machine
      .executions()
      .filter(({ name }) => name === run || name.startsWith(`${run}-r`))
      .map(({ name, status }) => ({ name, status }))
      .reverse();
  }

  /** As somebody does in the console of Step Functions. `name`: the execution's. */
  async stopExecution(name: string): Promise<void> {
    const client = new SFNClient({
      region,
      endpoint: this.sandbox.endpoints.states,
      credentials: { accessKeyId, secretAccessKey },
    });
    const executionArn = `${this.sandbox.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    await client.send(new StopExecutionCommand({ executionArn }));
    client.destroy();
  }

  /** A real client that talks to the simulated RDS. */
  rds(): RDSClient {
    this.#rds ??= new RDSClient({
      region,
      endpoint: this.sandbox.endpoints.rds,
      credentials: { accessKeyId, secretAccessKey },
    });
    return this.#rds;
  }

  async close(): Promise<void> {
    this.#rds?.destroy();
    await this.sandbox.close();
    // Of every story, whatever it is about.
    const leaks = leaksIn(this.log);
    if (leaks.length > 0) throw new Error(`The log gives secrets away:\n${leaks.join('\n')}`);
  }

  #state(id: string): string {
    const run = this.sandbox.runs.get(id);
    const told = run && {
      status: run.status,
      at: run.at,
      stop: run.stop,
      help: run.help,
      steps: run.steps,
      leftovers: run.leftovers,
      facts: { ...run.facts, original: undefined, report: undefined },
    };
    const problems = this.log.filter(({ level }) => level !== 'info').slice(-5);
    return JSON.stringify(
      {
        now: new Date(this.sandbox.clock.now()).toISOString(),
        run: told ?? `unknown: ${id}`,
        problems,
        databases: this.databases().map(({ name, status, resourceId, tags }) => ({ name, status, resourceId, tags })),
      },
      null,
      1,
    );
  }
}

/** One person in one channel. */
export class Actor {
  readonly #drive: Drive;
  readonly #person: string;
  readonly #channel: string;
  #view: Dict | undefined;

  constructor(drive: Drive, person: string, channel: string) {
    this.#drive = drive;
    this.#person = person;
    this.#channel = channel;
  }

  /** Types `/trapheus <text>`. */
  async command(text: string): Promise<ActAnswer> {
    return this.act({ channel: this.#channel, command: '/trapheus', text });
  }

  /** Fills in the form that `restore` has opened, sends it, and answers the run's id. Throws with the form's errors. */
  async fillRestore(given: Wanted): Promise<string> {
    const answer = await this.tryRestore(given);
    const run = /\br[2-9a-hjkmnp-tv-z]{7}\b/.exec(JSON.stringify(answer.view ?? {}))?.[0];
    const problem = answer.error ?? answer.notice ?? (answer.errors && JSON.stringify(answer.errors));
    if (problem !== undefined || run === undefined)
      throw new Error(`the form was refused: ${problem ?? JSON.stringify(answer.view)}`);
    return run;
  }

  /** The same, answering what the person sees: the last page is read and sent. */
  async tryRestore(wanted: Wanted): Promise<ActAnswer> {
    return this.#sendLastPage(await this.review(wanted));
  }

  /** Sends the form as it stands with these changes, and its last page. */
  async send(values: Record<string, Record<string, unknown>>): Promise<ActAnswer> {
    return this.#sendLastPage(await this.submit(values));
  }

  async #sendLastPage(answer: ActAnswer): Promise<ActAnswer> {
    const isLastPage = answer.view?.callback_id === 'review-form' && answer.errors === undefined;
    return isLastPage ? this.submit({}) : answer;
  }

  /** Fills in the form and answers its last page, or what is wrong. */
  async review({ database, snapshot, at, target, name, hours, keepWrites, reason = '' }: Wanted): Promise<ActAnswer> {
    if (this.#view === undefined) throw new Error(`${this.#person} has no form open`);
    if (database !== undefined) {
      await this.#offered('database', database);
      await this.#choose('database', database);
    }
    if (snapshot !== undefined) {
      await this.#offered('snapshot', /^(newest|@.*)$/.test(snapshot) ? '' : snapshot);
      await this.#choose('snapshot', snapshot);
    }
    if (target !== undefined) await this.#choose('target', target);
    const values = {
      at: at === undefined ? undefined : at / 1000,
      name,
      keep: hours?.toString(),
      'keep-writes': keepWrites ? ['yes'] : undefined,
      reason,
    };
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return this.submit(Object.fromEntries(given.map(([field, value]) => [field, { [field]: value }])));
  }

  /** Chooses in a menu to which the form listens. */
  async #choose(field: string, value: string): Promise<void> {
    await this.act({ view_id: this.#viewId(), block_id: this.#blockOf(field), action_id: field, value });
  }

  /** Sends the form on top of this person's screen. */
  async submit(values: Record<string, Record<string, unknown>>): Promise<ActAnswer> {
    return this.act({ view_id: this.#viewId(), submit: values });
  }

  /** Presses a button of a message that shows it. */
  async press(message: ShownMessage, action: string): Promise<ActAnswer> {
    return this.act({ message_ts: message.ts, action_id: action });
  }

  async home(): Promise<ActAnswer> {
    return this.act({ home: true });
  }

  async act(input: Dict): Promise<ActAnswer> {
    const answer = await this.#drive.sandbox.slack.act({ user: this.#person, ...input });
    this.#view = answer.view;
    return answer;
  }

  /** Lets the menu ask the app, as it does when a person types. */
  async #offered(field: string, typed: string): Promise<void> {
    await this.act({
      options: { view_id: this.#viewId(), block_id: this.#blockOf(field), action_id: field, value: typed },
    });
  }

  #viewId(): string {
    if (this.#view === undefined) throw new Error(`${this.#person} has no form open`);
    return String(this.#view.view_id);
  }

  #blockOf(actionId: string): string {
    const blocks = (this.#view?.blocks ?? []) as { block_id: string; element?: Dict }[];
    return blocks.find((block) => block.element?.action_id === actionId)?.block_id ?? actionId;
  }
}

/** A message as a person reads it, block by block. */
export function asText({ text, blocks }: Pick<ShownMessage, 'text' | 'blocks'>): string {
  return [text, ...blocks.map((block) => texts(block).join('\n'))].join('\n---\n');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'button' && 'text' in value) return [`[${texts(value.text).join(' ')}]`];
  const own = 'text' in value && typeof value.text === 'string' ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(texts)];
}
