import { parse } from 'yaml';
import * as z from 'zod/mini';
import './english';
import { inZone, LocalMoment, WeeklyWindow, Zone } from './calendar';
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

/** People by their own ids, and groups of people, whose members Slack knows. */
const Approvers = z.array(
  z
    .string()
    .check(z.regex(/^[UWS][A-Z0-9]+$/, 'a Slack user id such as U012AB3CD, or a user group’s such as S012AB3CD')),
);
/** An id of a user group, and not of one person. */
export const isGroup = (id: string): boolean => id.startsWith('S');

/** The requester of a run that was started in AWS and not in Slack. */
export const awsRequester = 'aws';
const Requesters = z.array(
  z.string().check(z.regex(/^([UW][A-Z0-9]+|aws)$/, 'a Slack user id such as U012AB3CD, or aws')),
);

const Ticket = z.string().check(
  z.minLength(1),
  z.refine((text) => isExpression(text), 'a regular expression such as OPS-[0-9]+'),
);
/** One, or several that all have to be there. */
const Tickets = z.pipe(
  z.union([Ticket, z.array(Ticket).check(z.minLength(1))]),
  z.transform((given) => (typeof given === 'string' ? [given] : given)),
);

function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'i').source !== '';
  } catch {
    return false;
  }
}

export const Rule = z.strictObject({
  name: z.string().check(z.minLength(1)),
  databases: Patterns,
  /**
   * Who may ask: user ids, or everyone in the workspace who is not a guest. `aws` stands for whoever may start the
   * state machine in AWS; everyone does not include it.
   */
  request: z.union([z.literal('everyone'), Requesters.check(z.minLength(1))]),
  approve: z.strictObject({
    by: Approvers,
    /** How many different people have to approve; 0 starts at once. */
    count: z.int().check(z.gte(0), z.lte(10)),
    /** Whether the requester's own approval counts. */
    self: z._default(z.boolean(), false),
    /** Who may approve and is neither mentioned nor reminded. */
    quiet: z._default(Approvers, []),
  }),
  /** Who may pass over approvals, change windows and calendar freezes in an emergency, with a reason that all are told. */
  breakGlass: z.optional(z.strictObject({ by: Approvers.check(z.minLength(1)) })),
  /** Whether somebody who may approve has to press “Swap now” when the copy is ready. */
  secondLook: z._default(z.boolean(), false),
  /** When names may be swapped; absent: at any time. */
  windows: z.optional(z.array(WeeklyWindow).check(z.minLength(1))),
  /** Regular expressions that a reason has to match somewhere, in any case: ticket numbers, such as `OPS-[0-9]+`. */
  ticket: z.optional(Tickets),
  /** Channel ids in which a request may be made; absent: in every channel the bot is in. */
  channels: z.optional(
    z.array(z.string().check(z.regex(/^[CG][A-Z0-9]+$/, 'a Slack channel id such as C012AB3CD'))).check(z.minLength(1)),
  ),
  /** The channel in which the run's messages live, wherever it was asked for; absent: where it was asked for. */
  route: z.optional(z.string().check(z.regex(/^[CG][A-Z0-9]+$/, 'a Slack channel id such as C012AB3CD'))),
  /** How long a request waits for approvals. */
  expires: z._default(Duration, 8 * unitMs.h),
  /** After this long without a decision approvers are reminded; then after twice as long, and so on. */
  remind: z._default(z.union([z.literal('never'), Duration]), 30 * unitMs.m),
});

/** Who may approve: somebody whom `by` names and, where rules were joined, every list of `also` as well. */
export interface ApproverLists {
  by: string[];
  also?: string[][] | undefined;
}
export type Rule = z.infer<typeof Rule> & { approve: ApproverLists; breakGlass?: ApproverLists | undefined };

/** A stretch of the calendar in which nothing is to begin. */
export const CalendarFreeze = z.pipe(
  z.strictObject({
    name: z.string().check(z.minLength(1)),
    databases: z._default(Patterns, ['*']),
    from: LocalMoment,
    until: LocalMoment,
    zone: Zone,
    reason: z.string().check(z.minLength(1)),
  }),
  z.transform(({ from, until, zone, ...rest }) => ({ ...rest, from: inZone(from, zone), until: inZone(until, zone) })),
);
export type CalendarFreeze = z.infer<typeof CalendarFreeze>;

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
  /**
   * When the copy's first automated backup is made. RDS makes it right after a restore, and the swap waits for hours;
   * `after`: the copy has no backups until it has the name, at the price of another outage that AWS documents.
   */
  firstBackup: z._default(z.enum(['before', 'after']), 'before'),
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

export const Policy = z
  .strictObject({
    rules: z.array(Rule),
    databases: z.array(DatabaseSettings),
    /** Who may stop everything, and let it go on. */
    administrators: z._default(Approvers, []),
    freezes: z._default(z.array(CalendarFreeze), []),
    /** For runs that AWS starts and whose rule names no channel: approvers have to see them somewhere. */
    channel: z.optional(z.string().check(z.regex(/^[CG][A-Z0-9]+$/, 'a Slack channel id such as C012AB3CD'))),
  })
  .check(
    z.superRefine((policy, context) => {
      policy.rules.forEach((rule, index) => {
        const path = ['rules', index, 'approve'];
        if (!hasEnough(rule.approve, rule.approve.count))
          context.addIssue({
            code: 'custom',
            path,
            message: `${rule.approve.count} approvals, but ${new Set(rule.approve.by).size} approvers`,
          });
        if (rule.secondLook && rule.approve.by.length === 0)
          context.addIssue({
            code: 'custom',
            path: ['rules', index, 'secondLook'],
            message: 'nobody may approve, so nobody could press “Swap now”',
          });
        const twin = policy.rules.findIndex((other) => other.name === rule.name) !== index;
        if (twin)
          context.addIssue({
            code: 'custom',
            path: ['rules', index, 'name'],
            message: `two rules are named “${rule.name}”`,
          });
      });
      policy.freezes.forEach(({ name, from, until }, index) => {
        if (until <= from)
          context.addIssue({ code: 'custom', path: ['freezes', index, 'until'], message: 'not after its beginning' });
        if (policy.freezes.findIndex((other) => other.name === name) !== index)
          context.addIssue({
            code: 'custom',
            path: ['freezes', index, 'name'],
            message: `two freezes are named “${name}”`,
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

/** A person's groups, as far as Slack said which. */
export interface Membership {
  of: string[];
  /** Groups whose members Slack did not name: nobody is in one of these, as far as anybody may rely on it. */
  unknown: string[];
}

/** What a rule is asked about. */
export interface RuleFacts {
  rule: Rule;
  database: string;
  person: string;
  /** Which groups of the policy this person is in; absent: in none. */
  groups?: Membership | undefined;
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
  // Two calendars cannot be cut with one another here: the swap waits for the windows of the database that is replaced.
  const windows = other.windows ?? one.windows;
  const route = one.route ?? other.route;
  const tickets = [...new Set([...(one.ticket ?? []), ...(other.ticket ?? [])])];
  return {
    name: `${one.name} and ${other.name}`,
    databases: [...one.databases, ...other.databases],
    request: one.request === 'everyone' ? other.request : one.request.filter(ofOther),
    approve: {
      ...inBoth(one.approve, other.approve),
      count: Math.max(one.approve.count, other.approve.count),
      self: one.approve.self && other.approve.self,
      quiet: one.approve.quiet.filter((id) => other.approve.quiet.includes(id)),
    },
    ...(one.breakGlass && other.breakGlass && { breakGlass: inBoth(one.breakGlass, other.breakGlass) }),
    secondLook: one.secondLook || other.secondLook,
    ...(windows && { windows }),
    ...(tickets.length > 0 && { ticket: tickets }),
    ...(places && { channels: places }),
    ...(route !== undefined && { route }),
    expires: Math.min(one.expires, other.expires),
    remind: one.remind === 'never' || other.remind === 'never' ? 'never' : Math.min(one.remind, other.remind),
  };
}

/** Whom both name. Who is in a group only Slack knows, so lists with groups are kept apart and asked one by one. */
function inBoth(one: ApproverLists, other: ApproverLists): ApproverLists {
  const lists = [one.by, ...(one.also ?? []), other.by, ...(other.also ?? [])];
  const same = lists.filter((list, index) => lists.findIndex((earlier) => digest(earlier) === digest(list)) === index);
  const [groups, people] = [same.filter((list) => list.some(isGroup)), same.filter((list) => !list.some(isGroup))];
  const [first = [], ...rest] = people;
  const common = first.filter((id) => rest.every((list) => list.includes(id)));
  const [by = [], ...also] = people.length > 0 ? [common, ...groups] : groups;
  return also.length > 0 ? { by, also } : { by };
}

/** Whether these lists may hold so many different people; a group may hold anybody. */
export function hasEnough({ by, also = [] }: ApproverLists, count: number): boolean {
  return [by, ...also].every((list) => list.some(isGroup) || new Set(list).size >= count);
}

/** As whom a person counts for these lists: his own id, and the groups that he is in. Empty: not at all. */
export function countsAs({ by, also = [] }: ApproverLists, identities: readonly string[]): string[] {
  const lists = [by, ...also];
  const counts = lists.every((list) => list.some((id) => identities.includes(id)));
  return counts ? identities.filter((id) => lists.some((list) => list.includes(id))) : [];
}

/** The groups that policy.yml names, and whose members have to be known. */
export function groupsOf(policy: Policy): string[] {
  const named = policy.rules.flatMap(({ approve, breakGlass }) => [
    ...approve.by,
    ...approve.quiet,
    ...(breakGlass?.by ?? []),
  ]);
  return [...new Set([...named, ...policy.administrators].filter(isGroup))];
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
  const isInRule = ({ approve, breakGlass, request }: Rule) =>
    approve.by.includes(person) ||
    (breakGlass?.by.includes(person) ?? false) ||
    (request !== 'everyone' && request.includes(person));
  return policy.administrators.includes(person) || policy.rules.some(isInRule);
}

/** Slack's form of a list of people and groups: `<@U1>, <!subteam^S1>`. */
export function mention(people: readonly string[] | 'everyone'): string {
  if (people === 'everyone') return 'everyone';
  return people.map(mentionOne).join(', ') || 'nobody';
}

function mentionOne(id: string): string {
  if (id === awsRequester) return 'AWS';
  return isGroup(id) ? `<!subteam^${id}>` : `<@${id}>`;
}

/** Those whom these lists let in, in Slack's form. */
export function mentionApprovers({ by, also = [] }: ApproverLists): string {
  return [by, ...also].map(mention).join(' who is also among ');
}

export function matches(patterns: readonly string[], database: string): boolean {
  return patterns.some((pattern) => asExpression(pattern).test(database));
}

/** `*` stands for anything, `?` for one character; a Pattern has nothing else that an expression could misread. */
function asExpression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const made = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  expressions.set(pattern, made);
  return made;
}

/** A picker asks for thousands of names at once; there are only as many patterns as policy.yml has. */
const expressions = new Map<string, RegExp>();
