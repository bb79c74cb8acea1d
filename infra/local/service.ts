import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VirtualClock } from './clock';
import type { FaultKind, Faults, ServiceName } from './faults';
import type { Lambda } from './lambda';

export interface Incoming {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** What the body says, of a caller in the same process. Nobody changes it. */
  given?: object | undefined;
  /** How many messages of one loop lie behind the caller; 0 for a client from outside. */
  hops: number;
  /** The invocation that makes the call; none for a client from outside. */
  caller?: string | undefined;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** What the body says, for a caller in the same process. */
  value?: object | undefined;
}

/** An answer that is put into words only for who reads bytes. */
export function valued(status: number, headers: Record<string, string>, value: object): Answer {
  return {
    status,
    headers,
    value,
    get body() {
      return JSON.stringify(value);
    },
  };
}

/** What a caller hears: the answer, a connection that is cut, or nothing for ever, as a function that died does. */
export type Heard = Answer | 'cut' | 'silence';

/** What one simulated service says; everything about connections, faults and crashes is the front's. */
export interface Protocol {
  service: ServiceName;
  /** The name of the operation that a request calls, as the service's API reference spells it. */
  operation(incoming: Incoming): string;
  answer(incoming: Incoming, operation: string): Answer | Promise<Answer>;
  /** How this service words a refusal of this kind. */
  refusal(kind: RefusalKind, operation: string): Answer;
}

export const refusalKinds = ['throttle', '5xx', 'access-denied', 'not-found', 'wrong-state', 'quota'] as const;
export type RefusalKind = (typeof refusalKinds)[number];

/** One call as the front saw it, for the page's inspector and for tests. */
export interface CallRecord {
  service: ServiceName;
  operation: string;
  /** Counted over all services in the order of their coming, as a fault's `at` is; answers may come in another. */
  nth: number;
  at: number;
  /** What was asked for, as it came. */
  body: string;
  status: number | 'lost' | 'crashed';
  /** What the service answered, whether or not anybody heard it; not there if it was never asked. */
  answered?: number;
  fault?: FaultKind;
  /** The function that asked; none for a client from outside. */
  by?: string;
}

const frontKinds: readonly FaultKind[] = [...refusalKinds, 'lost-answer', 'crash-before', 'crash-after', 'slow'];
const maxBodyBytes = 20 * 1024 * 1024;

/** Serves a protocol on loopback: reads the request, plays armed faults, keeps virtual time still meanwhile. */
export class Front {
  readonly #clock: VirtualClock;
  readonly #faults: Faults;
  readonly #lambda: Lambda;
  readonly #servers: Server[] = [];
  readonly #listeners: ((call: CallRecord) => void)[] = [];

  constructor(parts: { clock: VirtualClock; faults: Faults; lambda: Lambda }) {
    this.#clock = parts.clock;
    this.#faults = parts.faults;
    this.#lambda = parts.lambda;
  }

  onCall(listener: (call: CallRecord) => void): void {
    this.#listeners.push(listener);
  }

  /** Listens on 127.0.0.1 and answers the base URL, without a trailing slash. */
  async listen(protocol: Protocol, port = 0): Promise<string> {
    const server = createServer((request, response) => {
      this.#serve(protocol, request, response).catch((error: unknown) => {
        // A mistake in the sandbox itself: say so where a person looks, and answer as the service would.
        console.error(`The simulated ${protocol.service} failed on ${request.method} ${request.url}:`, error);
        if (response.headersSent) return void response.destroy();
        const answer = protocol.refusal('5xx', 'unknown');
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    server.keepAliveTimeout = 60_000;
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  }

  async #serve(protocol: Protocol, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isSilent = () => this.#lambda.caller(request.headers)?.crashed ?? false;
    if (isSilent()) return;
    const body = await read(request);
    if (body === undefined) return void response.writeHead(413).end();
    const { method = 'GET', url = '/', headers } = request;
    const heard = await this.hear(protocol, { method, path: url, headers, body });
    if (heard === 'cut') return void request.socket.destroy();
    if (heard === 'silence') return;
    response.writeHead(heard.status, { 'content-length': Buffer.byteLength(heard.body), ...heard.headers });
    response.end(heard.body);
  }

  /** The answer as it is now: what it tells of may change as soon as time moves on. */
  protected keep({ status, headers = {}, body }: Answer): Answer {
    return { status, headers, body };
  }

  /** One request, however it came: plays the armed fault that it meets, and answers for the service. */
  protected async hear(protocol: Protocol, request: Omit<Incoming, 'hops' | 'caller'>): Promise<Heard> {
    const caller = this.#lambda.caller(request.headers);
    if (caller?.crashed) return 'silence';
    const { method, path, headers, given } = request;
    const incoming = worded(request, { method, path, headers, given, hops: caller?.hops ?? 0, caller: caller?.id });
    const operation = protocol.operation(incoming);
    const call = worded(request, { service: protocol.service, operation });
    this.#faults.count();
    const nth = this.#faults.calls;
    const fault = this.#faults.take(call, frontKinds);
    const tell = (status: CallRecord['status'], answered?: number) => {
      const { service } = protocol;
      const record: CallRecord = worded(request, { service, operation, nth, at: this.#clock.now(), status });
      if (answered !== undefined) record.answered = answered;
      if (fault) record.fault = fault.kind;
      if (caller) record.by = caller.name;
      for (const listener of this.#listeners) listener(record);
    };
    const crash = (answered?: number): Heard => {
      tell('crashed', answered);
      if (!caller) return 'cut';
      this.#lambda.crash(caller.id);
      return 'silence';
    };
    if (fault?.kind === 'crash-before') return crash();
    const refusal = refusalKinds.find((kind) => kind === fault?.kind);
    const answer = refusal
      ? protocol.refusal(refusal, operation)
      : await this.#clock.hold(async () => this.keep(await protocol.answer(incoming, operation)));
    if (fault?.kind === 'crash-after') return crash(answer.status);
    if (fault?.kind === 'lost-answer') {
      tell('lost', answer.status);
      return 'cut';
    }
    // Told when it took effect, not when its answer arrives.
    tell(answer.status, refusal ? undefined : answer.status);
    if (fault?.kind === 'slow') await this.#lambda.slow(caller?.id, fault.seconds ?? 40);
    return caller?.crashed ? 'silence' : answer;
  }
}

/** `rest` with the body of `source`, which a caller in this process writes only when somebody reads it. */
function worded<T extends object>(source: { readonly body: string }, rest: T): T & { body: string } {
  const words = {
    get body() {
      return source.body;
    },
  };
  return Object.assign(words, rest);
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
