import type { KnownBlock, PlainTextElement } from '@slack/types';

/** What the sandbox's HTTP interface says, as far as the page reads it. Times are virtual milliseconds. */
export interface Person {
  id: string;
  name: string;
  realName: string;
  note: string;
}

export interface CommandHelp {
  verb: string;
  usage: string;
  summary: string;
}

export interface UserGroup {
  id: string;
  handle: string;
  /** Ids of its members. */
  users: string[];
}

/** What the app offers beside its command (Slack: App manifest reference, features.shortcuts). */
export interface Shortcut {
  type: 'global' | 'message';
  callback_id: string;
  name: string;
  description: string;
}

export interface Info {
  slack: {
    users: Person[];
    botUserId: string;
    command: string;
    shortcuts: Shortcut[];
    groups: UserGroup[];
    /** Absent: the page itself is where people talk to the bot. */
    workspace?: { name: string; url: string };
  };
  aws: { region: string; accountId: string };
  /** The verbs of /trapheus. */
  commands: CommandHelp[];
}

/** Blocks come from the app under test: a type that the page does not know is possible. */
export type Block = KnownBlock;

export interface Message {
  ts: string;
  user: string;
  text: string;
  blocks: Block[];
  bot_id?: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  ephemeral_to?: string;
  edited?: { user: string; ts: string };
}

export interface Channel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  is_ext_shared: boolean;
  messages: Message[];
}

export type StateValue = Record<string, unknown> & { type?: string };
export type StateValues = Record<string, Record<string, StateValue>>;

export interface View {
  id: string;
  type: 'modal' | 'home';
  title: PlainTextElement;
  submit: PlainTextElement | null;
  close: PlainTextElement | null;
  blocks: Block[];
  state: { values: StateValues };
  previous_view_id: string | null;
}

export interface OpenView {
  view_id: string;
  user: string;
  view: View;
  errors?: Record<string, string>;
}

export interface Database {
  name: string;
  resourceId: string;
  engine: string;
  engineVersion: string;
  class: string;
  status: string;
  answersByName: boolean;
  restoredFrom?: string;
}

/** Its members are among the databases too. */
export interface Cluster extends Omit<Database, 'class'> {
  members: { name: string; resourceId: string; role: 'writer' | 'reader' }[];
}

export interface Snapshot {
  id: string;
  databaseName: string;
  engine: string;
  status: string;
  type: string;
  createdAt?: number;
}

export interface Visit {
  name: string;
  enteredAt: number;
  exitedAt?: number;
  outcome: 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted' | 'timed-out';
  retries: number;
}

export interface Execution {
  arn: string;
  name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  input: string;
  startedAt: number;
  stoppedAt?: number;
  states: Visit[];
}

export interface Run {
  id: string;
  status: string;
  request: { database: string; target?: { kind: string; name?: string }; at: number; requester: { id: string } };
  decisions: { by: string; decision: 'approve' | 'deny' }[];
  plan?: { names?: { aside?: string; copy?: string }; target?: { resourceId?: string } };
  at?: { step: string; phase: string };
  facts: {
    original?: { name: string; resourceId: string };
    copy?: { name: string; resourceId: string };
    swap?: { startedAt: number; takenAt?: number; answeredAt?: number; refusedAt?: number };
    outageSeconds?: number;
  };
  stop?: { kind: string };
  finishedAt?: number;
  closedAt?: number;
}

export interface Fault {
  service: string;
  operation?: string;
  kind: string;
  times?: number;
  match?: string | string[];
}

export interface Scenario {
  id: string;
  title: string;
  expect: string;
  faults: Fault[];
}

export interface State {
  channels: Channel[];
  views: OpenView[];
  homes: OpenView[];
  runs: Run[];
  databases: Database[];
  clusters: Cluster[];
  snapshots: Snapshot[];
  executions: Execution[];
  faults: Fault[];
  /** Virtual seconds per second while a run works. */
  speed: number;
  /** Virtual seconds per second at this moment: 1 while everybody waits for a person. */
  pace: number;
  now: number;
}

export interface SelectOption {
  text: { type: 'plain_text' | 'mrkdwn'; text: string };
  value?: string;
  description?: PlainTextElement;
  url?: string;
}

export interface ActAnswer {
  status: number;
  ms: number;
  options?: SelectOption[];
  errors?: Record<string, string>;
  /** In Slack's words, when the app was late or failed. */
  notice?: string;
  /** The act was not possible; nothing was sent. */
  error?: string;
}

/** One signed request to the app and what came of it. */
export interface SignedExchange {
  number: number;
  at: number;
  user?: string;
  what: string;
  request: { url: string; headers: Record<string, string>; body: string };
  answer?: { status: number; ms: number; body: string; failure?: string };
  problem?: string;
}
