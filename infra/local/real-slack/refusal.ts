import * as z from 'zod';
import type { Tokens } from './tokens';

/** What the clients throw when Slack's answer is no (Slack: Web API, "ok": false). */
const Refused = z.object({ data: z.object({ error: z.string(), needed: z.string().optional() }) });

const where: Record<'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN', string> = {
  SLACK_BOT_TOKEN: 'copy it again: OAuth & Permissions, Bot User OAuth Token.',
  SLACK_APP_TOKEN:
    'copy it again: Basic Information, App-Level Tokens, with the scope connections:write. Socket Mode has to be on.',
};

/** Why a trial cannot begin, and what to do: Slack refuses the token, or is not there at all. */
export function refusalBySlack(token: keyof typeof where, error: unknown, { apiUrl }: Pick<Tokens, 'apiUrl'>): string {
  const read = Refused.safeParse(error);
  if (!read.success) {
    const why = error instanceof Error ? error.message : String(error);
    return `Slack cannot be reached at ${apiUrl}: ${why}\nCheck the network, and a proxy on the way.`;
  }
  const { error: code, needed } = read.data.data;
  if (code === 'missing_scope')
    return `Slack did not accept ${token}: it lacks the scope ${needed ?? 'that is needed'}.\nMake the app from npm run --silent manifest -- --socket, and install it again.`;
  return `Slack did not accept ${token}: ${code}.\nIn your app at https://api.slack.com/apps, ${where[token]}`;
}
