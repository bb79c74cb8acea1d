import type { Answer, Incoming, Protocol, RefusalKind } from '../service';
import { ApiError } from './api-error';
import { chatMethods } from './methods/chat';
import { directoryMethods } from './methods/directory';
import type { Method } from './methods/method';
import { viewMethods } from './methods/views';
import { RateLimits } from './rate-limits';
import { respond } from './respond';
import type { Store } from './store';
import { type Dict, dict, isDict, parseJson, string } from './wire';

const methods = new Map<string, Method>(Object.entries({ ...chatMethods, ...viewMethods, ...directoryMethods }));
/** Arguments that a form carries as JSON text. */
const jsonArguments = ['blocks', 'view', 'attachments', 'metadata'];
const responseOperation = 'response_url';

/** `/api/<method>` and `/response/<opaque>`. */
export class WebApi implements Protocol {
  readonly service = 'slack';
  readonly #store: Store;
  readonly #botToken: string;
  readonly #limits: RateLimits | undefined;

  constructor(options: { store: Store; botToken: string; rateLimits: boolean | 'no-bursts' }) {
    this.#store = options.store;
    this.#botToken = options.botToken;
    this.#limits = options.rateLimits ? new RateLimits({ bursts: options.rateLimits !== 'no-bursts' }) : undefined;
  }

  operation(incoming: Incoming): string {
    const path = new URL(incoming.path, 'http://slack').pathname;
    if (path.startsWith('/response/')) return responseOperation;
    return path.replace(/^\/api\//, '');
  }

  answer(incoming: Incoming, operation: string): Answer {
    if (operation === responseOperation) return this.#response(incoming);
    try {
      return json(200, { ok: true, ...this.#call(incoming, operation) });
    } catch (error) {
      if (error instanceof ApiError) return failed(200, error);
      if (error instanceof RateLimited) return limited(error.seconds);
      throw error;
    }
  }

  refusal(kind: RefusalKind, operation: string): Answer {
    if (kind === 'throttle') return limited(1);
    if (kind === '5xx') return json(503, { ok: false, error: 'service_unavailable' });
    if (kind === 'access-denied') return failed(200, new ApiError('invalid_auth'));
    if (operation === responseOperation) return failed(404, new ApiError('expired_url'));
    return failed(200, new ApiError(refusals[kind][family(operation)]));
  }

  #call(incoming: Incoming, name: string): Dict {
    const method = methods.get(name);
    const args = readArguments(incoming);
    // Slack names the method before it asks who calls; a 404 would make a default WebClient try for half an hour.
    if (method === undefined) throw new ApiError('unknown_method');
    const token = /^Bearer (.+)$/i.exec(String(incoming.headers.authorization ?? ''))?.[1] ?? string(args.token);
    if (token === undefined) throw new ApiError('not_authed');
    if (token !== this.#botToken) throw new ApiError('invalid_auth');
    const seconds = this.#limits?.refuses(name, string(args.channel), this.#store.now());
    if (seconds !== undefined) throw new RateLimited(seconds);
    return method(args, this.#store);
  }

  #response(incoming: Incoming): Answer {
    const id = new URL(incoming.path, 'http://slack').pathname.split('/')[2] ?? '';
    const target = this.#store.responseUrls.find(id);
    if (typeof target === 'string') return failed(404, new ApiError(target));
    const payload = parseJson(incoming.body);
    if (!isDict(payload)) return failed(400, new ApiError('invalid_payload'));
    try {
      respond(this.#store, target, payload);
      target.uses += 1;
      return json(200, { ok: true });
    } catch (error) {
      if (error instanceof ApiError) return failed(400, error);
      throw error;
    }
  }
}

class RateLimited extends Error {
  constructor(readonly seconds: number) {
    super('ratelimited');
  }
}

function readArguments(incoming: Incoming): Dict {
  const query = Object.fromEntries(new URL(incoming.path, 'http://slack').searchParams);
  if (String(incoming.headers['content-type'] ?? '').startsWith('application/json')) {
    const body = incoming.body === '' ? {} : parseJson(incoming.body);
    if (!isDict(body)) throw new ApiError('json_not_object');
    return { ...query, ...body };
  }
  const form: Dict = { ...query, ...Object.fromEntries(new URLSearchParams(incoming.body)) };
  for (const name of jsonArguments) {
    const given = string(form[name]);
    if (given === undefined) continue;
    form[name] = parseJson(given);
    if (form[name] === undefined)
      throw new ApiError(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments', [
        `[ERROR] ${name} is not valid JSON`,
      ]);
  }
  return form;
}

type Family = 'chat' | 'change' | 'view' | 'user' | 'group' | 'other';

function family(operation: string): Family {
  if (operation === 'chat.update' || operation === 'chat.delete') return 'change';
  if (operation.startsWith('chat.')) return 'chat';
  if (operation.startsWith('views.')) return 'view';
  if (operation.startsWith('users.')) return 'user';
  return operation.startsWith('usergroups.') ? 'group' : 'other';
}

/** How the methods word the refusals that a person may arm; each is on the method's own page. */
const refusals: Record<'not-found' | 'wrong-state' | 'quota', Record<Family, string>> = {
  'not-found': {
    chat: 'channel_not_found',
    change: 'message_not_found',
    view: 'not_found',
    user: 'user_not_found',
    group: 'no_such_subteam',
    other: 'channel_not_found',
  },
  'wrong-state': {
    chat: 'is_archived',
    change: 'cant_update_message',
    view: 'hash_conflict',
    user: 'user_not_visible',
    group: 'subteam_disabled',
    other: 'is_archived',
  },
  quota: {
    chat: 'message_limit_exceeded',
    change: 'message_limit_exceeded',
    view: 'accesslimited',
    user: 'accesslimited',
    group: 'plan_upgrade_required',
    other: 'accesslimited',
  },
};

function json(status: number, body: Dict, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** Slack: Rate limits. 429 with the seconds to wait. */
const limited = (seconds: number): Answer =>
  json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(seconds) });

function failed(status: number, error: ApiError): Answer {
  const details: Dict =
    error.messages.length > 0
      ? {
          errors: error.messages.map((message) => message.replace('[ERROR] ', '')),
          response_metadata: { messages: error.messages },
        }
      : {};
  return json(status, { ok: false, error: error.code, ...dict(details) });
}
