/** Slack: Rate limits. Tiers are calls per minute, per method and workspace. */
interface Limit {
  calls: number;
  windowMs: number;
  /** Counted for each channel by itself. */
  perChannel?: boolean;
}

const minute = 60_000;
const tier2 = { calls: 20, windowMs: minute };
const tier3 = { calls: 50, windowMs: minute };
const tier4 = { calls: 100, windowMs: minute };
const special = { calls: 300, windowMs: minute };

const limits: Record<string, Limit> = {
  'auth.test': special,
  // About one message a second in each channel, and a short burst above it.
  'chat.postMessage': { calls: 5, windowMs: 5_000, perChannel: true },
  'chat.update': tier3,
  'chat.delete': tier3,
  'chat.postEphemeral': tier4,
  'chat.getPermalink': special,
  'views.open': tier4,
  'views.update': tier4,
  'views.push': tier4,
  'views.publish': tier4,
  'users.info': tier4,
  'usergroups.list': tier2,
  'usergroups.users.list': tier2,
  'conversations.info': tier3,
  'conversations.open': tier3,
  'conversations.members': tier4,
};

/** Slack: Rate limits, “generally one message per second per channel”, to the letter. */
const noBursts: Record<string, Limit> = {
  ...limits,
  'chat.postMessage': { calls: 1, windowMs: 1_000, perChannel: true },
};

/** A sliding window of calls for each method, on virtual time. */
export class RateLimits {
  readonly #calls = new Map<string, number[]>();
  readonly #limits: Record<string, Limit>;

  /** Slack lets short bursts of messages pass, and does not say how short. */
  constructor({ bursts }: { bursts: boolean }) {
    this.#limits = bursts ? limits : noBursts;
  }

  /** Undefined when the call may pass, else the seconds after which it may (Retry-After). */
  refuses(method: string, channel: string | undefined, nowMs: number): number | undefined {
    const limit = this.#limits[method];
    if (limit === undefined) return undefined;
    const key = limit.perChannel ? `${method} ${channel ?? ''}` : method;
    const recent = (this.#calls.get(key) ?? []).filter((at) => at > nowMs - limit.windowMs);
    this.#calls.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= limit.calls && oldest !== undefined)
      return Math.max(1, Math.ceil((oldest + limit.windowMs - nowMs) / 1000));
    recent.push(nowMs);
    return undefined;
  }
}
