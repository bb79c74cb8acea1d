import { WebClient } from '@slack/web-api';
import { stringify } from 'yaml';
import * as z from 'zod';
import type { Policy } from '../../../orchestrator/policy';
import type { Tokens } from './tokens';

export interface Workspace {
  team: string;
  /** Where people find it. */
  url: string;
  /** The bot's name, as in @trapheus. */
  bot: string;
  /** Everybody who may approve in a trial: whoever is neither a guest nor a bot. */
  members: string[];
}

const Member = z.object({
  id: z.string(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
});
/** Slack's own helper is no bot by its word. */
const slackbot = 'USLACKBOT';
/** Enough for a trial: more people than this do not try together. */
const mostApprovers = 200;

/** @throws Error of Slack's when the bot's token is not accepted. */
export async function lookAround({ botToken, apiUrl }: Tokens): Promise<Workspace> {
  const client = new WebClient(botToken, { slackApiUrl: apiUrl, retryConfig: { retries: 2 } });
  const self = await client.auth.test();
  const listed = await client.users.list({ limit: 200 });
  const members = z
    .array(Member)
    .parse(listed.members ?? [])
    .filter((one) => !(one.deleted || one.is_bot || one.is_restricted || one.is_ultra_restricted || one.is_stranger))
    .map(({ id }) => id)
    .filter((id) => id !== slackbot);
  return { team: self.team ?? '', url: self.url ?? '', bot: self.user ?? '', members: members.slice(0, mostApprovers) };
}

/** Nobody's database is at stake: everyone may ask, and one approval of anybody, the requester included, is enough. */
export function trialPolicy({ members }: Workspace): string {
  const policy = {
    rules: [{ name: 'trial', databases: ['*'], request: 'everyone', approve: { by: members, count: 1, self: true } }],
    databases: [{ databases: ['*'] }],
  } satisfies { [Key in keyof Policy]?: object[] };
  return stringify(policy);
}
