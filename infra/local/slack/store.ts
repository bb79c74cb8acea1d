import type { VirtualClock } from '../clock';
import { withIds } from './block-ids';
import { Ids } from './ids';
import { type Message, Messages } from './messages';
import type { AppIdentity, Channel, Person, Team, UserGroup } from './people';
import { ResponseUrls } from './response-urls';
import { Triggers } from './triggers';
import { type OpenView, Views, viewPayload } from './views';
import type { Dict } from './wire';

export interface People {
  team: Team;
  app: AppIdentity;
  users: Person[];
  channels: Channel[];
  userGroups: UserGroup[];
}

export type Change =
  | { kind: 'message' | 'message_changed' | 'message_deleted'; message: Message }
  | { kind: 'view'; user: string }
  | { kind: 'home'; user: string };

export interface NewMessage {
  channel: string;
  /** Default: the app. */
  user?: string | undefined;
  text?: string | undefined;
  blocks?: Dict[] | undefined;
  attachments?: Dict[] | undefined;
  thread_ts?: string | undefined;
  reply_broadcast?: boolean | undefined;
  ephemeral_to?: string | undefined;
  metadata?: Dict | undefined;
}

export const slackbot = 'USLACKBOT';

/** Everything that the workspace knows; the Web API and the people's actions are two ways to change it. */
export class Store {
  readonly team: Team;
  readonly app: AppIdentity;
  readonly users: Person[];
  readonly channels: Channel[];
  readonly userGroups: UserGroup[];
  readonly ids = new Ids();
  readonly messages = new Messages();
  readonly views: Views;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly now: () => number;
  readonly #url: () => string;
  readonly #site: () => string;
  readonly #keepRevisions: boolean;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(options: {
    clock: VirtualClock;
    wall: () => number;
    people: People;
    url: () => string;
    site: () => string;
    keepRevisions: boolean;
  }) {
    this.team = options.people.team;
    this.app = options.people.app;
    this.users = options.people.users;
    this.channels = options.people.channels.map((channel) => ({ ...channel, members: [...channel.members] }));
    this.userGroups = options.people.userGroups;
    this.now = () => options.clock.now();
    this.views = new Views(this.ids, this.now);
    this.triggers = new Triggers(this.ids, options.wall);
    this.responseUrls = new ResponseUrls(this.ids, this.now);
    this.#url = options.url;
    this.#site = options.site;
    this.#keepRevisions = options.keepRevisions;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  person(id: string): Person | undefined {
    return this.users.find((user) => user.id === id);
  }

  channel(id: string): Channel | undefined {
    return this.channels.find((channel) => channel.id === id);
  }

  /** The direct conversation between the app and a person, made when there is none. */
  direct(person: Person): Channel {
    const known = this.channels.find((channel) => channel.kind === 'im' && channel.members.includes(person.id));
    if (known !== undefined) return known;
    const made: Channel = {
      id: this.ids.next('D'),
      name: person.name,
      kind: 'im',
      members: [person.id, this.app.botUserId],
    };
    this.channels.push(made);
    return made;
  }

  nextTs(): string {
    return this.ids.ts(this.now());
  }

  post(given: NewMessage): Message {
    const user = given.user ?? this.app.botUserId;
    const message: Message = {
      ts: this.nextTs(),
      channel: given.channel,
      user,
      text: given.text ?? '',
      blocks: this.#withIds(given.blocks ?? []),
      ...(user === this.app.botUserId && { bot_id: this.app.botId }),
      ...(given.attachments?.length && { attachments: given.attachments }),
      ...(given.thread_ts && { thread_ts: given.thread_ts }),
      ...(given.reply_broadcast && { reply_broadcast: true }),
      ...(given.ephemeral_to && { ephemeral_to: given.ephemeral_to }),
      ...(given.metadata && { metadata: given.metadata }),
    };
    this.messages.add(message);
    this.emit({ kind: 'message', message });
    return message;
  }

  /**
   * Slack: chat.update. A text without blocks takes the blocks away, neither keeps them, and a message with blocks shows
   * no "(edited)".
   */
  edit(message: Message, given: Pick<NewMessage, 'text' | 'blocks' | 'attachments' | 'metadata'>): void {
    if (this.#keepRevisions) {
      message.revisions ??= [];
      message.revisions.push({ at: this.now(), text: message.text, blocks: message.blocks });
    }
    if (given.blocks !== undefined) message.blocks = this.#withIds(given.blocks);
    else if (given.text !== undefined) message.blocks = [];
    if (given.text !== undefined) message.text = given.text;
    if (given.attachments !== undefined) message.attachments = given.attachments;
    if (given.metadata !== undefined) message.metadata = given.metadata;
    if (message.blocks.length === 0) message.edited = { user: message.user, ts: this.nextTs() };
    else delete message.edited;
    this.emit({ kind: 'message_changed', message });
  }

  remove(message: Message): void {
    this.messages.remove(message);
    this.emit({ kind: 'message_deleted', message });
  }

  /** Says something to one person only. */
  whisper(channel: string, user: string, text: string): Message {
    return this.post({ channel, user: slackbot, text, ephemeral_to: user });
  }

  changedView(open: OpenView): void {
    this.emit({ kind: open.view.type === 'home' ? 'home' : 'view', user: open.user });
  }

  viewPayload(open: OpenView): Dict {
    return viewPayload(open, { teamId: this.team.id, appId: this.app.appId, botId: this.app.botId });
  }

  responseUrl(target: { user: string; channel: string; original?: string }): string {
    return `${this.#url()}/response/${this.responseUrls.make(target)}`;
  }

  /** Where a message is found; on the sandbox's own page, so that no link leaves the machine. */
  permalink(message: Message): string {
    const link = `${this.#site()}/archives/${message.channel}/p${message.ts.replace('.', '')}`;
    return message.thread_ts ? `${link}?thread_ts=${message.thread_ts}&cid=${message.channel}` : link;
  }

  #withIds(blocks: Dict[]): Dict[] {
    return withIds(blocks, () => this.ids.next('').slice(0, 5));
  }
}
