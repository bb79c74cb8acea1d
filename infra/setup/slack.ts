import { WebClient } from '@slack/web-api';
import * as z from 'zod';
import { clientOptions, quietLogger } from '../../bot/slack-client';
import { type Desk, deployed, problem, type Told, told } from './step';

const withinMs = 10_000;

/** What people do about Slack's errors (Slack: the "Errors" of each method). */
const hints: Record<string, string> = {
  invalid_auth: 'Copy the bot token again: OAuth & Permissions, Bot User OAuth Token.',
  not_authed: 'Copy the bot token again: OAuth & Permissions, Bot User OAuth Token.',
  account_inactive: 'The app was removed from the workspace: install it again.',
  token_revoked: 'The token was revoked: install the app again, and take its new token.',
  not_in_channel: 'Invite the bot there, then try again.',
  channel_not_found: 'Invite the bot there, then try again; copy the id at the end of the channel’s details.',
  is_archived: 'Choose a channel that is in use.',
};

export async function askSlack<T>(
  desk: Desk,
  botToken: string,
  call: (slack: WebClient) => Promise<T>,
): Promise<Told<T>> {
  const slack = new WebClient(
    botToken,
    clientOptions(
      desk.slackApiUrl,
      withinMs,
      quietLogger(() => undefined),
    ),
  );
  try {
    return told(await call(slack));
  } catch (error) {
    const { data } = PlatformError.parse(error);
    const code = data?.error;
    if (code === undefined) return problem('Slack did not answer.', 'Try this step again.');
    return problem(`Slack refused: ${code}.`, hints[code] ?? 'Slack’s page of the method says what that means.');
  }
}

const PlatformError = z.object({ data: z.object({ error: z.string() }).optional().catch(undefined) });
const Stored = z.object({ botToken: z.string().startsWith('xoxb-'), signingSecret: z.string().min(1) });

/** What the deployed functions will read. */
export async function storedSecrets(desk: Desk): Promise<Told<z.infer<typeof Stored>>> {
  const outputs = await deployed(desk);
  if (!outputs.ok) return outputs;
  const text = await desk.cloud.readSecret(outputs.value.SlackSecretId);
  if (!text.ok) return text;
  const read = Stored.safeParse(parsed(text.value));
  return read.success
    ? told(read.data)
    : problem('The secret does not hold a bot token yet.', 'Store it: npm run setup -- secrets');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
