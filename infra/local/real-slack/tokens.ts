import * as z from 'zod';

/** Of the app that `npm run manifest -- --socket` describes. */
const Tokens = z.object({
  SLACK_BOT_TOKEN: z
    .string(
      'SLACK_BOT_TOKEN is missing: your app at https://api.slack.com/apps, OAuth & Permissions, after installing it',
    )
    .startsWith('xoxb-', 'SLACK_BOT_TOKEN begins with xoxb-'),
  SLACK_APP_TOKEN: z
    .string(
      'SLACK_APP_TOKEN is missing: your app at https://api.slack.com/apps, Basic Information, App-Level Tokens, with the scope connections:write',
    )
    .startsWith('xapp-', 'SLACK_APP_TOKEN begins with xapp-'),
  /** Slack: Web API. */
  SLACK_API_URL: z.url().default('https://slack.com/api/'),
});

export interface Tokens {
  botToken: string;
  appToken: string;
  apiUrl: string;
}

/** The tokens, or every mistake in them at once. */
export function readTokens(env: Readonly<Record<string, string | undefined>>): Tokens | { mistakes: string[] } {
  const given = Object.fromEntries(Object.keys(Tokens.shape).map((name) => [name, env[name] || undefined]));
  const read = Tokens.safeParse(given);
  if (!read.success) return { mistakes: read.error.issues.map(({ message }) => message) };
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL } = read.data;
  return { botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN, apiUrl: SLACK_API_URL };
}
