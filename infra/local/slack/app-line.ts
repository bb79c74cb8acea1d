import type { VirtualClock } from '../clock';
import { type Outgoing, type Reply, type SignedRequest } from './outgoing';
import type { Person } from './people';
import { type RequestEntry, RequestLog } from './request-log';
import type { Store } from './store';
import { type Dict, isDict, parseJson } from './wire';

/** Slack: Events API. An event that was not taken is sent again at once, after one and after five minutes. */
const retryAfterMs = [0, 60_000, 300_000];

export interface Exchange {
  reply: Reply;
  entry: RequestEntry;
}

/** The line from the workspace to the app: every request it sends, signed, logged and with its common fields. */
export class AppLine {
  readonly log = new RequestLog();
  readonly #store: Store;
  readonly #outgoing: Outgoing;
  readonly #requestUrl: () => string;
  readonly #clock: VirtualClock;
  readonly #verificationToken: string;
  readonly #onRequest: (entry: RequestEntry) => void;

  constructor(options: {
    store: Store;
    outgoing: Outgoing;
    requestUrl: () => string;
    clock: VirtualClock;
    verificationToken: string;
    onRequest: (entry: RequestEntry) => void;
  }) {
    this.#store = options.store;
    this.#outgoing = options.outgoing;
    this.#requestUrl = options.requestUrl;
    this.#clock = options.clock;
    this.#verificationToken = options.verificationToken;
    this.#onRequest = options.onRequest;
  }

  command(person: Person, fields: Record<string, string>): Promise<Exchange> {
    const { team, app } = this.#store;
    return this.form(person, `command ${fields.command ?? ''}`, {
      token: this.#verificationToken,
      team_id: team.id,
      team_domain: team.domain,
      user_id: person.id,
      user_name: person.name,
      api_app_id: app.appId,
      is_enterprise_install: 'false',
      ...fields,
    });
  }

  interaction(person: Person, payload: Dict & { type: string }): Promise<Exchange> {
    const { team, app } = this.#store;
    const { type, ...rest } = payload;
    const whole = {
      type,
      user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId ?? team.id },
      api_app_id: app.appId,
      token: this.#verificationToken,
      team: { id: team.id, domain: team.domain },
      enterprise: null,
      is_enterprise_install: false,
      ...rest,
    };
    return this.form(person, type, { payload: JSON.stringify(whole) });
  }

  form(person: Person | undefined, what: string, fields: Record<string, string>): Promise<Exchange> {
    const body = new URLSearchParams(fields).toString();
    const signed = this.#outgoing.signed(this.#requestUrl(), 'application/x-www-form-urlencoded', body);
    return this.#send(person, what, signed);
  }

  /** Settles with the first attempt; later ones follow on the virtual clock. */
  async event(person: Person, event: Dict & { type: string }): Promise<Exchange> {
    const { team, app, ids } = this.#store;
    const now = this.#store.now();
    const body = {
      token: this.#verificationToken,
      team_id: team.id,
      context_team_id: team.id,
      api_app_id: app.appId,
      event: { ...event, event_ts: ids.ts(now) },
      type: 'event_callback',
      event_id: ids.next('Ev'),
      event_time: Math.floor(now / 1000),
      authorizations: [
        { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
    };
    const first = await this.json(person, `event ${event.type}`, body);
    this.#retry(person, event.type, body, first.reply, 0);
    return first;
  }

  json(person: Person | undefined, what: string, body: Dict, headers: Record<string, string> = {}): Promise<Exchange> {
    const signed = this.#outgoing.signed(this.#requestUrl(), 'application/json', ascii(JSON.stringify(body)), headers);
    return this.#send(person, what, signed);
  }

  #retry(person: Person, type: string, body: Dict, failed: Reply, attempt: number): void {
    const wait = retryAfterMs[attempt];
    if (failed.ok || wait === undefined) return;
    this.#clock.after(wait, async () => {
      const reason = failed.failure === 'operation_timeout' ? 'http_timeout' : 'http_error';
      const headers = { 'x-slack-retry-num': String(attempt + 1), 'x-slack-retry-reason': reason };
      const next = await this.json(person, `event ${type}, retry ${attempt + 1}`, body, headers);
      this.#retry(person, type, body, next.reply, attempt + 1);
    });
  }

  async #send(person: Person | undefined, what: string, signed: SignedRequest): Promise<Exchange> {
    const entry = this.log.add({ at: this.#store.now(), user: person?.id, what, request: signed });
    const reply = await this.#outgoing.send(signed);
    this.log.answered(entry, reply);
    this.#onRequest(entry);
    return { reply, entry };
  }
}

/** Slack sends JSON in ASCII, everything else escaped. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The answer's JSON object; a text answer is none. */
export function answerObject(reply: Reply): Dict | undefined {
  const parsed = parseJson(reply.body);
  return isDict(parsed) ? parsed : undefined;
}
