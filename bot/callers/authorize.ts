import { WebClient } from '@slack/web-api';
import { failure, type Log } from '../../orchestrator/log';
import { clientOptions, quietLogger } from '../slack-client';
import { type Mrkdwn, md } from '../views/mrkdwn';

/** What `authorize` found, for the listeners: a refusal has to reach the person in the form that fits the request. */
export interface Authorized {
  botToken?: string;
  botId?: string;
  botUserId?: string;
  /** The workspace's address, with a slash at its end: permalinks begin so (Slack: auth.test, chat.getPermalink). */
  site?: string;
  refusal?: Mrkdwn;
}

/** The bot's token, for requests from its own workspace only. A failure is not remembered. */
export function authorizer({
  secrets,
  apiUrl,
  timeoutMs,
  log,
}: {
  secrets: { read(): Promise<{ botToken: string }> };
  apiUrl: string | undefined;
  timeoutMs: number;
  log: Log;
}) {
  const logger = quietLogger(log);
  let self: { token: string; team: string; botId: string; botUserId: string; site: string } | undefined;
  let asking: Promise<NonNullable<typeof self>> | undefined;
  const whoAmI = async (token: string) => {
    if (self?.token === token) return self;
    asking ??= ask(token).finally(() => (asking = undefined));
    return asking;
  };
  const ask = async (token: string) => {
    const told = await new WebClient(token, clientOptions(apiUrl, timeoutMs, logger)).auth.test();
    self = {
      token,
      team: told.team_id ?? '',
      botId: told.bot_id ?? '',
      botUserId: told.user_id ?? '',
      site: told.url ?? '',
    };
    return self;
  };
  const authorize = async ({ teamId }: { teamId: string | undefined }): Promise<Authorized> => {
    try {
      const { botToken } = await secrets.read();
      const { team, botId, botUserId, site } = await whoAmI(botToken);
      const isOurs = teamId !== undefined && teamId === team;
      return isOurs ? { botToken, botId, botUserId, site } : { refusal: foreign };
    } catch (error) {
      log('error', 'authorize-failed', failure(error));
      return { refusal: unreachable };
    }
  };
  /** As far as Slack has said it already. */
  const ourTeam = (token: string): string | undefined => (self?.token === token ? self.team : undefined);
  return { authorize, whoAmI, ourTeam };
}

const foreign = md`Trapheus does not work for this workspace, only for the one that it was installed in.`;
const unreachable = md`Trapheus could not reach Slack or its own secrets just now, so nothing was done. Try again in a moment.`;
