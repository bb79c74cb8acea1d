import type { Context } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { failure, type Log } from '../../orchestrator/log';
import { groupsOf, isNamed, type Policy } from '../../orchestrator/policy';
import type { Clock } from '../../orchestrator/ports';
import type { Person } from '../../orchestrator/run';
import type { Caller } from '../listener';
import { retryAfterSeconds } from '../slack-errors';
import { type Mrkdwn, md } from '../views/mrkdwn';
import type { Authorized } from './authorize';
import { SharedChannels } from './channels';
import { Groups } from './groups';
import { People } from './people';

export type Admitted<T> = { ok: true; value: T } | { ok: false; why: Mrkdwn };

/** Lets in who may use Trapheus, and turns whatever goes wrong into a sentence: the one place that records it. */
export class Admission {
  readonly #people: People;
  readonly #shared: SharedChannels;
  readonly #groups: Groups;
  readonly #log: Log;

  constructor(clock: Clock, log: Log, policy: Policy) {
    this.#people = new People(clock, log, (id) => isNamed(policy, id));
    this.#shared = new SharedChannels(clock, log);
    this.#groups = new Groups(clock, log, groupsOf(policy));
    this.#log = log;
  }

  /** Somebody is at the door: asks Slack about him while other questions are still open. */
  meet(client: WebClient, id: string, channel: string | undefined): void {
    this.#people.meet(client, id);
    if (channel !== undefined) void this.#shared.refusal(client, channel);
    void this.#groups.of(client, id);
  }

  async admit<T>(
    who: { context: Context; client: WebClient; id: string; what: string; channel?: string | undefined },
    work: (caller: Caller) => Promise<T>,
  ): Promise<Admitted<T>> {
    const { context, client, id, what, channel } = who;
    try {
      const { refusal, site = '' } = context as Authorized;
      if (refusal !== undefined) return { ok: false, why: refusal };
      const person: Person = { id, team: context.teamId ?? '' };
      const [unfit, elsewhere] = await Promise.all([
        this.#people.refusal(client, id, person.team),
        channel === undefined ? undefined : this.#shared.refusal(client, channel),
      ]);
      const why = unfit ?? elsewhere;
      if (why !== undefined) {
        this.#log('warn', 'person-refused', { what, person: id });
        return { ok: false, why };
      }
      const zone = this.#people.zone(id);
      const value = await work({
        person,
        client,
        zone,
        site,
        groups: () => this.#groups.of(client, id),
        names: (ids) => this.#people.names(client, ids),
      });
      return { ok: true, value };
    } catch (error) {
      this.#log('error', 'listener-failed', { what, person: id, ...failure(error) });
      return { ok: false, why: sorryFor(error) };
    }
  }

  /** For the audit: who asked for what, and how the door answered. */
  record(what: string, person: string, answer: { value: string; problem?: string }): void {
    this.#log('info', answer.problem === undefined ? 'accepted' : 'refused', { what, person, ...answer });
  }
}

/** Slack says how long to leave it alone (Slack: Rate limits); people are told so, instead of trying again at once. */
function sorryFor(error: unknown): Mrkdwn {
  const seconds = retryAfterSeconds(error);
  return seconds === undefined
    ? sorry
    : md`Slack takes no more from me for ${seconds} s: too much is being said at once. Try again after that; doing the same twice does no harm.`;
}

const sorry = md`Something went wrong on my side, and I cannot say whether it was done. Look at the card, then try again: doing the same twice does no harm.`;
