import type { WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import { failure, type Log } from '../../orchestrator/log';
import type { Clock } from '../../orchestrator/ports';
import { isZone } from '../../orchestrator/zones';
import { escape, type Mrkdwn, md } from '../views/mrkdwn';
import { Remembered } from './remembered';

/** The fields of a Slack user that decide (Slack: User object). */
const SlackUser = z.object({
  id: z.string(),
  team_id: z.optional(z.string()),
  name: z.optional(z.string()),
  /** An IANA time zone. */
  tz: z.optional(z.string()),
  deleted: z.optional(z.boolean()),
  is_bot: z.optional(z.boolean()),
  is_restricted: z.optional(z.boolean()),
  is_ultra_restricted: z.optional(z.boolean()),
  is_stranger: z.optional(z.boolean()),
  profile: z.optional(z.object({ display_name: z.optional(z.string()) })),
  enterprise_user: z.optional(z.object({ teams: z.optional(z.array(z.string())) })),
});
type SlackUser = z.infer<typeof SlackUser>;

/** Who may use Trapheus at all: full members of our own workspace. Whoever is not known is refused. */
export class People {
  readonly #users: Remembered<SlackUser>;
  readonly #log: Log;
  readonly #isNamed: (id: string) => boolean;

  /** `isNamed`: whether policy.yml names this very person. */
  constructor(clock: Clock, log: Log, isNamed: (id: string) => boolean) {
    this.#users = new Remembered(clock);
    this.#log = log;
    this.#isNamed = isNamed;
  }

  /** Why this person may not use Trapheus; undefined when he may. */
  async refusal(client: WebClient, id: string, team: string): Promise<Mrkdwn | undefined> {
    const user = await this.#read(client, id);
    // Slack signed this person's id. While it cannot be asked more, whoever policy.yml names by id may go on: an outage
    // must not keep an approver from his own button. Everybody else is refused.
    if (user === undefined && this.#isNamed(id)) return undefined;
    if (user === undefined) return md`I could not ask Slack who you are, so nothing was done. Try again in a moment.`;
    if (user.deleted) return md`Your account is deactivated, so you cannot use Trapheus.`;
    if (user.is_bot) return md`Bots cannot use Trapheus. Ask a person to do it.`;
    if (user.is_restricted || user.is_ultra_restricted)
      return md`Guests cannot use Trapheus. Ask a full member of this workspace to do it.`;
    const isOurs = user.team_id === team || (user.enterprise_user?.teams?.includes(team) ?? false);
    if (user.is_stranger)
      return md`You are here from another organisation, through a shared channel. Only members of the workspace that owns this Trapheus can use it: ask one of them.`;
    if (!isOurs)
      return md`Your account belongs to another workspace. Only members of the workspace that owns this Trapheus can use it: ask one of them.`;
    return undefined;
  }

  /** The person's own time zone, as far as Slack and this runtime know it; a person must have been let in before. */
  zone(id: string): string {
    const zone = this.#users.last(id)?.tz;
    return zone !== undefined && isZone(zone) ? zone : 'UTC';
  }

  /** Asks Slack already, for whoever wants to know in a moment. Throws nothing. */
  meet(client: WebClient, id: string): void {
    void this.#read(client, id);
  }

  /** What to call a person where Slack shows no mentions. */
  async names(client: WebClient, ids: string[]): Promise<(id: string) => string> {
    const users = await Promise.all(ids.slice(0, 5).map((id) => this.#read(client, id)));
    const names = new Map(users.map((user) => [user?.id, user?.profile?.display_name || user?.name]));
    return (id) => names.get(id) ?? id;
  }

  #read(client: WebClient, id: string): Promise<SlackUser | undefined> {
    return this.#users.of(id, async () => {
      try {
        return SlackUser.parse((await client.users.info({ user: id })).user);
      } catch (error) {
        this.#log('warn', 'user-unknown', { user: escape(id, 30), ...failure(error) });
        return undefined;
      }
    });
  }
}
