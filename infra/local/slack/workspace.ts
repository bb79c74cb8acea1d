import type { VirtualClock } from '../clock';
import type { Answer, Incoming, Protocol, RefusalKind } from '../service';
import { Actor } from './actor';
import type { ActAnswer } from './acts/outcome';
import { AppLine } from './app-line';
import type { Message } from './messages';
import { Outgoing } from './outgoing';
import type { Channel } from './people';
import type { RequestEntry } from './request-log';
import { type Change, type People, Store } from './store';
import type { OpenView } from './views';
import { WebApi } from './web-api';
import type { Dict } from './wire';

export interface WorkspaceOptions {
  /** Virtual time: message ts, rate limits, the life of response_urls. */
  clock: VirtualClock;
  /** Wall milliseconds: signatures, the three seconds, trigger ids. */
  wall: () => number;
  secrets: { signingSecret: string; botToken: string };
  people: People;
  /** Where the app takes commands, interactions and events. */
  requestUrl: () => string;
  /** Where this workspace is served, without a trailing slash: the base of response_urls. */
  url: () => string;
  /** Where people read it: the base of permalinks, `<site>/archives/<channel>/p<ts>`. Default: `url`. */
  site?: () => string;
  knobs?: WorkspaceKnobs;
}

export interface WorkspaceKnobs {
  /** Default true; `no-bursts`: one message a second in a channel, to the letter. */
  rateLimits?: boolean | 'no-bursts';
  /** Keeps every earlier form of a message, for transcripts. Default false: a message costs the same however often it is updated. */
  keepRevisions?: boolean;
  /** How long Slack waits for the app, in wall milliseconds. Default 3000. */
  answerWithinMs?: number;
}

export type ShownMessage = Omit<Message, 'channel'> & { type: 'message' };

export interface WorkspaceState {
  channels: {
    id: string;
    name: string;
    kind: Channel['kind'];
    is_ext_shared: boolean;
    messages: ShownMessage[];
  }[];
  views: ShownView[];
  homes: ShownView[];
}

export interface ShownView {
  view_id: string;
  user: string;
  /** As Slack's payloads carry it. */
  view: Dict;
  /** Under the fields, by block_id. */
  errors?: Record<string, string>;
}

export type WorkspaceChange = Change | { kind: 'request'; entry: RequestEntry };

/**
 * A stand-in Slack workspace: the Web API and response_urls for the app, people who act, and really signed requests
 * from one to the other. It refuses what Slack refuses.
 */
export class SlackWorkspace implements Protocol {
  readonly service = 'slack';
  readonly #store: Store;
  readonly #api: WebApi;
  readonly #line: AppLine;
  readonly #actor: Actor;
  readonly #requestListeners = new Set<(change: WorkspaceChange) => void>();

  constructor(options: WorkspaceOptions) {
    const { clock, wall, secrets, people, requestUrl, url, site = url, knobs = {} } = options;
    this.#store = new Store({ clock, wall, people, url, site, keepRevisions: knobs.keepRevisions ?? false });
    this.#api = new WebApi({
      store: this.#store,
      botToken: secrets.botToken,
      rateLimits: knobs.rateLimits ?? true,
    });
    this.#line = new AppLine({
      store: this.#store,
      clock,
      requestUrl,
      outgoing: new Outgoing({
        signingSecret: secrets.signingSecret,
        wall,
        answerWithinMs: knobs.answerWithinMs ?? 3_000,
      }),
      // The deprecated token that Slack still sends; apps must trust the signature alone.
      verificationToken: 'sandbox-verification-token',
      onRequest: (entry) => {
        for (const listener of this.#requestListeners) listener({ kind: 'request', entry });
      },
    });
    this.#actor = new Actor(this.#store, this.#line);
  }

  operation(incoming: Incoming): string {
    return this.#api.operation(incoming);
  }

  answer(incoming: Incoming, operation: string): Answer {
    return this.#api.answer(incoming, operation);
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    return this.#api.refusal(kind, operation);
  }

  /** Acts as a person, through a really signed request to the app. Never throws for what a person did wrong. */
  act(input: unknown): Promise<ActAnswer> {
    return this.#actor.act(input);
  }

  /** For programs that sign requests themselves; throws when there is no such user or channel. */
  trigger(input: { user: string; channel: string }): { trigger_id: string; response_url: string } {
    return this.#actor.trigger(input);
  }

  /** Slack: Events API, url_verification. True when the app gave the challenge back. */
  async verifyUrl(): Promise<boolean> {
    const challenge = this.#store.ids.next('challenge');
    const { reply } = await this.#line.json(undefined, 'url_verification', {
      type: 'url_verification',
      token: 'sandbox-verification-token',
      challenge,
    });
    return reply.ok && reply.body.includes(challenge);
  }

  /** Slack: Slash commands, ssl_check. True when the app answered 200. */
  async checkSsl(): Promise<boolean> {
    const { reply } = await this.#line.form(undefined, 'ssl_check', {
      ssl_check: '1',
      token: 'sandbox-verification-token',
    });
    return reply.ok;
  }

  /** What everybody sees; `ephemeral_to` names the only person who sees a message. */
  state(): WorkspaceState {
    const { channels, messages, views } = this.#store;
    return {
      channels: channels.map(({ id, name, kind, isExtShared }) => ({
        id,
        name,
        kind,
        is_ext_shared: isExtShared === true,
        messages: messages.in(id).map(({ channel: _, ...message }) => ({ type: 'message', ...message })),
      })),
      views: views.all().map((open) => this.#shown(open)),
      homes: views.homes().map((open) => this.#shown(open)),
    };
  }

  #shown(open: OpenView): ShownView {
    const shown = { view_id: open.id, user: open.user, view: this.#store.viewPayload(open) };
    return Object.keys(open.errors).length > 0 ? { ...shown, errors: open.errors } : shown;
  }

  /** The last 200 requests to the app, oldest first. */
  requests(): RequestEntry[] {
    return this.#line.log.list();
  }

  /** For a live page; call the answer to stop. */
  onChange(listener: (change: WorkspaceChange) => void): () => void {
    const stop = this.#store.onChange(listener);
    this.#requestListeners.add(listener);
    return () => {
      stop();
      this.#requestListeners.delete(listener);
    };
  }
}
