import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

/** A stretch of work that ended just now. */
export interface Span {
  name: string;
  /** Milliseconds since the epoch. */
  endedAt: number;
  ms: number;
  isError: boolean;
  /** X-Ray indexes these, so that traces are found by them: `annotation.run = "r7k3q9xz"`. */
  annotations: Readonly<Record<string, string>>;
}

/** Where Lambda says that the daemon listens, and which trace the invocation belongs to, as it stands just now. */
export interface TracePlace {
  daemon: string | undefined;
  header: () => string | undefined;
}

/** Lambda: "Defined runtime environment variables"; the header is another one in each invocation. */
export function tracePlace(env: Readonly<Record<string, string | undefined>>): TracePlace {
  return { daemon: env.AWS_XRAY_DAEMON_ADDRESS, header: () => env._X_AMZN_TRACE_ID };
}

/** The daemon reads documents behind this line (X-Ray: Sending segment documents to the X-Ray daemon). */
const preamble = '{"format": "json", "version": 1}\n';

/**
 * Sends subsegments of the function's own segment to the X-Ray daemon that runs beside it in Lambda: one datagram each,
 * for which nobody waits and of which nobody hears whether it came (X-Ray segment documents: Subsegments). AWS's own SDK
 * for this weighs a quarter of what a function may, to follow calls through callbacks that are not made here.
 */
export class Traces {
  readonly #place: TracePlace;
  #socket: Socket | undefined;

  constructor(place: TracePlace) {
    this.#place = place;
  }

  send(span: Span): void {
    const [host, port] = this.#place.daemon?.split(':') ?? [];
    const { root, parent, sampled } = read(this.#place.header() ?? '');
    if (host === undefined || port === undefined || root === undefined || parent === undefined || sampled !== '1')
      return;
    const document = {
      type: 'subsegment',
      id: randomBytes(8).toString('hex'),
      trace_id: root,
      parent_id: parent,
      name: span.name,
      start_time: (span.endedAt - span.ms) / 1000,
      end_time: span.endedAt / 1000,
      ...(span.isError && { error: true }),
      annotations: span.annotations,
    };
    this.#open().send(preamble + JSON.stringify(document), Number(port), host, () => undefined);
  }

  #open(): Socket {
    if (this.#socket === undefined) {
      this.#socket = createSocket('udp4');
      // A trace that is lost is lost: the work goes on, and the function may end.
      this.#socket.on('error', () => undefined);
      this.#socket.unref();
    }
    return this.#socket;
  }
}

/** X-Ray: Tracing header, `Root=1-…;Parent=…;Sampled=1`. */
function read(header: string) {
  const field = (name: string) => new RegExp(`(?:^|;)${name}=([^;]+)`).exec(header)?.[1];
  return { root: field('Root'), parent: field('Parent'), sampled: field('Sampled') };
}
