import { createHmac } from 'node:crypto';
import { request } from 'node:http';

/** What the app answered, or how Slack failed to get an answer. */
export type Reply =
  | { ok: true; status: number; headers: Record<string, string | string[] | undefined>; body: string; ms: number }
  | { ok: false; failure: Failure; status: number; body: string; ms: number; why: string };

/** Slack's words for a late and for a wrong answer. */
export type Failure = 'operation_timeout' | 'dispatch_failed';

export interface SignedRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Slack: Verifying requests from Slack. `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`. */
export function sign(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

export class Outgoing {
  readonly #signingSecret: string;
  readonly #wall: () => number;
  readonly #answerWithinMs: number;

  /** `answerWithinMs`: how long Slack waits, in wall time. */
  constructor(options: { signingSecret: string; wall: () => number; answerWithinMs: number }) {
    this.#signingSecret = options.signingSecret;
    this.#wall = options.wall;
    this.#answerWithinMs = options.answerWithinMs;
  }

  signed(url: string, contentType: string, body: string, headers: Record<string, string> = {}): SignedRequest {
    const timestamp = String(Math.floor(this.#wall() / 1000));
    return {
      url,
      headers: {
        accept: 'application/json,*/*',
        'content-type': contentType,
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': sign(this.#signingSecret, timestamp, body),
        ...headers,
      },
      body,
    };
  }

  async send(signed: SignedRequest): Promise<Reply> {
    const sentAt = this.#wall();
    const spent = () => Math.round(this.#wall() - sentAt);
    const late = (): Reply => ({
      ok: false,
      failure: 'operation_timeout',
      status: 0,
      body: '',
      ms: spent(),
      why: `no answer within ${this.#answerWithinMs} ms`,
    });
    try {
      const answer = await exchange(signed, this.#answerWithinMs);
      if (spent() > this.#answerWithinMs) return late();
      if (answer.status === 200) return { ok: true, ...answer, ms: spent() };
      const why = `the app answered ${answer.status}`;
      return { ok: false, failure: 'dispatch_failed', status: answer.status, body: answer.body, ms: spent(), why };
    } catch (error) {
      if (error instanceof HungUp) return late();
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, failure: 'dispatch_failed', status: 0, body: '', ms: spent(), why };
    }
  }
}

class HungUp extends Error {}

/** Plain node:http and not fetch, so that no trace header of a running invocation is added to Slack's request. */
function exchange(
  signed: SignedRequest,
  withinMs: number,
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(withinMs);
    const fail = (error: Error) => reject(signal.aborted ? new HungUp() : error);
    const outgoing = request(
      signed.url,
      { method: 'POST', headers: signed.headers, agent: false, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', fail);
    outgoing.end(signed.body);
  });
}
