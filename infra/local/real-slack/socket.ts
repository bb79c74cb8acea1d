import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import * as z from 'zod';
import type { Outgoing } from '../slack/outgoing';
import type { Tokens } from './tokens';

/** What Slack sends over the socket (Slack: Using Socket Mode). */
const Envelope = z.object({
  ack: z.custom<(answer?: Record<string, unknown>) => Promise<void>>((value) => typeof value === 'function'),
  type: z.string(),
  body: z.record(z.string(), z.unknown()),
  retry_num: z.number().optional(),
  retry_reason: z.string().optional(),
});

export interface Bridge {
  close(): Promise<void>;
}

export interface BridgeParts {
  tokens: Tokens;
  /** Signs as Slack does, and waits as long as Slack does. */
  outgoing: Outgoing;
  requestUrl: string;
  say: (line: string) => void;
}

/**
 * Socket Mode in front of the deployed handler: every envelope becomes the signed HTTP request that Slack would send
 * to a deployment, and the handler's answer becomes the acknowledgement. The handler does not know the difference.
 * @throws Error of Slack's when the app token is not accepted.
 */
export async function bridge({ tokens, outgoing, requestUrl, say }: BridgeParts): Promise<Bridge> {
  const client = new SocketModeClient({
    appToken: tokens.appToken,
    logger: loggerOf(say),
    clientOptions: { slackApiUrl: tokens.apiUrl },
  });
  client.on('slack_event', (event: unknown) => {
    void answer(event).catch((error: unknown) => say(`Slack’s message was not answered: ${String(error)}`));
  });
  const answer = async (event: unknown): Promise<void> => {
    const { ack, type, body, retry_num, retry_reason } = Envelope.parse(event);
    const { contentType, text } = asHttp(type, body);
    const headers: Record<string, string> =
      retry_num === undefined
        ? {}
        : { 'x-slack-retry-num': String(retry_num), 'x-slack-retry-reason': retry_reason ?? '' };
    const reply = await outgoing.send(outgoing.signed(requestUrl, contentType, text, headers));
    // Without an acknowledgement Slack tells the person by itself that the app did not answer.
    if (reply.ok) await ack(asAnswer(reply.body));
    else say(`Slack’s ${type} was not answered: ${reply.why}`);
  };
  await client.start();
  return { close: () => client.disconnect() };
}

/** The same message as Slack would send it to a Request URL (Slack: Interaction payloads, Slash commands, Events API). */
function asHttp(type: string, body: Record<string, unknown>): { contentType: string; text: string } {
  if (type === 'events_api') return { contentType: 'application/json', text: JSON.stringify(body) };
  const contentType = 'application/x-www-form-urlencoded';
  const fields: [string, string][] =
    type === 'slash_commands'
      ? Object.entries(body).map(([name, value]) => [name, String(value)])
      : [['payload', JSON.stringify(body)]];
  return { contentType, text: new URLSearchParams(fields).toString() };
}

const Answer = z.record(z.string(), z.unknown());

/** Over HTTP an answer may be a plain text as well, which Slack shows to the person. */
function asAnswer(body: string): Record<string, unknown> | undefined {
  if (body === '') return undefined;
  try {
    return Answer.parse(JSON.parse(body));
  } catch {
    return { text: body };
  }
}

/** Warnings and errors are said; the rest is of interest to nobody here. */
function loggerOf(say: (line: string) => void): Logger {
  const silent = () => undefined;
  const told = (...words: unknown[]) => say(words.map(String).join(' '));
  return {
    debug: silent,
    info: silent,
    warn: told,
    error: told,
    setLevel: silent,
    getLevel: () => LogLevel.WARN,
    setName: silent,
  };
}
