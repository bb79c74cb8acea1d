import { parse } from 'yaml';
import * as z from 'zod/mini';
import './english';
import { digest } from './digest';
import type { Refused } from './errors';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `24h`, `7d`; parsed to milliseconds. */
const Duration = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]*[mhd]$/, 'write a duration as 30m, 24h or 7d')),
  z.transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs]),
);

const Pattern = z.string().check(z.regex(/^[a-zA-Z0-9*?-]+$/, 'a database name, in which * and ? stand for anything'));
const Patterns = z.array(Pattern).check(z.minLength(1));
const UserIds = z.array(z.string().check(z.regex(/^[UW][A-Z0-9]+$/, 'a Slack user id such as U012AB3CD')));

/** The requester of a run that was started in AWS and not in Slack. */
export const awsRequester = 'aws';
const Requesters = z.array(
  z.string().check(z.regex(/^([UW][A-Z0-9]+|aws)$/, 'a Slack user id such as U012AB3CD, or aws')),
);

export const Rule = z.strictObject({
  name: z.string().check(z.minLength(1)),
  databases: Patterns,
  /**
   * Who may ask: user ids, or everyone in the workspace who is not a guest. `aws` stands for whoever may start the
   * state machine in AWS; everyone does not include it.
   */
  request: z.union([z.literal('everyone'), Requesters.check(z.minLength(1))]),
  approve: z.strictObject({
    by: UserIds,
    /** How many different people have to approve; 0 starts at once. */
    count: z.int().check(z.gte(0), z.lte(10)),
    /** Whether the requester's own approval counts. */
    self: z._default(z.boolean(), false),
  }),
  /** Channel ids in which a request may be made; absent: in every channel the bot is in. */
  channels: z.optional(
    z.array(z.string().check(z.regex(/^[CG][A-Z0-9]+$/, 'a Slack channel id such as C012AB3CD'))).check(z.minLength(1)),
  ),
  /** How long a request waits for approvals. */
  expires: z._default(Duration, 8 * unitMs.h),
});
export type Rule = z.infer<typeof Rule>;

export const DatabaseSettings = z.strictObject({
  databases: Patterns,
  /** How long the set-aside original is kept for Undo. */
  hold: z._default(Duration, 24 * unitMs.h),
  maximumHold: z._default(Duration, 7 * unitMs.d),
  /** A snapshot of the original before anything is renamed. */
  safetySnapshot: z._default(z.boolean(), true),
  /** A last snapshot of the set-aside original when it is removed; it holds every write up to the swap. */
  finalSnapshot: z._default(z.boolean(), true),
  /** A cluster's only member: `rename` restarts it, a second outage of a few minutes; `keep` leaves it its temporary name. */
  onlyMember: z._default(z.enum(['rename', 'keep']), 'rename'),
  /** Keep the automated backups of the removed original until they expire. */
  keepAutomatedBackups: z._default(z.boolean(), true),
  /** How long a clone of this database lives, and how long at most. */
  timeToLive: z._default(Duration, 24 * unitMs.h),
  maximumTimeToLive: z._default(Duration, 7 * unitMs.d),
  /** How long before its end people are warned of the removal of a clone. */
  warning: z._default(Duration, 1 * unitMs.h),
  /** What stays of the snapshots that people asked for; a snapshot goes when both say so, and the newest never does. */
  snapshots: z._default(
    z.strictObject({ keep: z.optional(z.int().check(z.gte(1), z.lte(100))), maximumAge: z.optional(Duration) }),
    {},
  ),
});
export type DatabaseSettings = z.infer<typeof DatabaseSettings>;

export const Policy = z.strictObject({ rules: z.array(Rule), databases: z.array(DatabaseSettings) }).check(
  z.superRefine((policy, context) => {
    policy.rules.forEach((rule, index) => {
      const path = ['rules', index, 'approve'];
      const enough = rule.approve.by.length >= rule.approve.count;
      if (!enough)
        context.addIssue({
          code: 'custom',
          path,
          message: `${rule.approve.count} approvals, but ${rule.approve.by.length} approvers`,
        });
      const twin = policy.rules.findIndex((other) => other.name === rule.name) !== index;
      if (twin)
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'name'],
          message: `two rules are named “${rule.name}”`,
        });
    });
    policy.databases.forEach((settings, index) => {
      if (settings.maximumHold < settings.hold)
        context.addIssue({ code: 'custom', path: ['databases', index, 'maximumHold'], message: 'shorter than hold' });
      if (settings.maximumTimeToLive < settings.timeToLive)
        context.addIssue({
          code: 'custom',
          path: ['databases', index, 'maximumTimeToLive'],
          message: 'shorter than timeToLive',
        });
    });
  }),
);
export type Policy = z.infer<typeof Policy>;

/** What a rule is asked about. */
export interface RuleFacts {
  rule: Rule;
  database: string;
  person: string;
  channel: string;
  reason: string;
  requester: string;
  run: string;
}

/** A rule's answer: it explains itself when it says no. */
export type Verdict = { ok: true } | Refused;
export type PolicyRule = (facts: RuleFacts) => Verdict;

/** The first "no" of a list of rules, or yes. */
export function judge(rules: readonly PolicyRule[], facts: RuleFacts): Verdict {
  for (const rule of rules) {
    const verdict = rule(facts);
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

/**
 * Reads policy.yml.
 * @throws Error with every mistake at once, each with its place.
 */
export function parsePolicy(text: string): Policy {
  const parsed = Policy.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'policy.yml'}: ${issue.message}`);
  throw new Error(
    `policy.yml has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${mistakes.join('\n')}`,
  );
}

/** The first rule whose patterns name the database; undefined means that nobody may. */
export function ruleFor(policy: Policy, database: string): Rule | undefined {
  return policy.rules.find((rule) => matches(rule.databases, database));
}

/**
 * The rule for all these databases at once. Where data of one goes to another both have a say: whoever may ask has to be
 * allowed by both, an approval counts only from somebody whom both name, and the stricter number counts. Undefined when
 * a rule is missing; `others` need none, but where they have one it counts.
 */
export function ruleForAll(
  policy: Policy,
  databases: readonly string[],
  others: readonly string[] = [],
): Rule | undefined {
  const found = databases.map((database) => ruleFor(policy, database));
  const more = others.flatMap((database) => ruleFor(policy, database) ?? []);
  const [first, ...rest] = [...found, ...more];
  return rest.reduce((one, other) => one && other && both(one, other), first);
}

function both(one: Rule, other: Rule): Rule {
  if (one.name === other.name) return one;
  const ofOther = (id: string) => other.request === 'everyone' || other.request.includes(id);
  const channels =
    one.channels && other.channels ? one.channels.filter((id) => other.channels?.includes(id)) : undefined;
  const places = channels ?? one.channels ?? other.channels;
  return {
    name: `${one.name} and ${other.name}`,
    databases: [...one.databases, ...other.databases],
    request: one.request === 'everyone' ? other.request : one.request.filter(ofOther),
    approve: {
      by: one.approve.by.filter((id) => other.approve.by.includes(id)),
      count: Math.max(one.approve.count, other.approve.count),
      self: one.approve.self && other.approve.self,
    },
    ...(places && { channels: places }),
    expires: Math.min(one.expires, other.expires),
  };
}

/** What policy.yml says about keeping things of this database; the defaults where it says nothing. */
export function settingsFor(policy: Policy, database: string): DatabaseSettings {
  return (
    policy.databases.find((entry) => matches(entry.databases, database)) ?? DatabaseSettings.parse({ databases: ['*'] })
  );
}

/** Moves when anything moves that an approver relied on. */
export function ruleDigest(rule: Rule, settings: DatabaseSettings): string {
  return digest({ rule, settings });
}

/** Whether some rule names this very person, as requester or approver. */
export function isNamed(policy: Policy, person: string): boolean {
  return policy.rules.some(
    (rule) => rule.approve.by.includes(person) || (rule.request !== 'everyone' && rule.request.includes(person)),
  );
}

/** Slack's form of a list of people: `<@U1>, <@U2>`. */
export function mention(people: readonly string[] | 'everyone'): string {
  if (people === 'everyone') return 'everyone';
  return people.map((id) => (id === awsRequester ? 'AWS' : `<@${id}>`)).join(', ') || 'nobody';
}

function matches(patterns: readonly string[], database: string): boolean {
  return patterns.some((pattern) => asExpression(pattern).test(database));
}

/** `*` stands for anything, `?` for one character; a Pattern has nothing else that an expression could misread. */
function asExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}
