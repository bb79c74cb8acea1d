import type { WebClient } from '@slack/web-api';
import * as z from 'zod/mini';
import { failure, type Log } from '../../orchestrator/log';
import type { Membership } from '../../orchestrator/policy';
import type { Clock } from '../../orchestrator/ports';

const Members = z.object({ users: z.array(z.string()) });

/** Whoever is put into a group, or out of it, is believed after this long at the latest. */
const rememberMs = 60_000;

/**
 * The user groups that policy.yml names, and who is in them. What Slack does not say is not known: an answer that is
 * older than a minute lets nobody in, however long Slack stays silent.
 */
export class Groups {
  readonly #read = new Map<string, { members: Promise<string[] | undefined>; until: number }>();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #named: readonly string[];

  /** `named`: ids of the groups that count. */
  constructor(clock: Clock, log: Log, named: readonly string[]) {
    this.#clock = clock;
    this.#log = log;
    this.#named = named;
  }

  /** In which of the groups this person is. */
  async of(client: WebClient, person: string): Promise<Membership> {
    const found = await Promise.all(
      this.#named.map(async (group) => ({ group, members: await this.members(client, group) })),
    );
    return {
      of: found.filter(({ members }) => members?.includes(person)).map(({ group }) => group),
      unknown: found.filter(({ members }) => members === undefined).map(({ group }) => group),
    };
  }

  /** Undefined when Slack did not say. */
  async members(client: WebClient, group: string): Promise<string[] | undefined> {
    const known = this.#read.get(group);
    if (known !== undefined && known.until > this.#clock.now()) return known.members;
    // People who press at the same moment share one question: Slack takes about twenty a minute of this kind.
    const entry = { members: this.#ask(client, group), until: this.#clock.now() + rememberMs };
    this.#read.set(group, entry);
    const members = await entry.members;
    // A failure is not remembered.
    if (members === undefined && this.#read.get(group) === entry) this.#read.delete(group);
    return members;
  }

  async #ask(client: WebClient, group: string): Promise<string[] | undefined> {
    try {
      return Members.parse(await client.usergroups.users.list({ usergroup: group })).users;
    } catch (error) {
      this.#log('warn', 'group-unknown', { group, ...failure(error) });
      return undefined;
    }
  }
}
