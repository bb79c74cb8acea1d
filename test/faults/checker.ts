import { runStatuses } from '../../orchestrator/run';
import type { Drive } from '../stories/drive';
import { asText } from '../stories/drive';
import { type Account, accountOf, endpointsOf, settingsOf, type Thing, unequal } from './account';
import { lockOn, recordOf } from './items';
import type { Effect, Journal } from './journal';

/** How a run ended, in the words of its card, and the statuses of the record that say the same. */
const endOf = {
  Restored: 'succeeded',
  'Restored, with leftovers': 'succeeded',
  Cloned: 'succeeded',
  'Cloned, with leftovers': 'succeeded',
  Denied: 'denied',
  Expired: 'expired',
  Cancelled: 'cancelled',
  Undone: 'undone',
  Failed: 'failed',
  'Needs help': 'needs-help',
} as const;
export type End = keyof typeof endOf;
const isEnd = (word: string | undefined): word is End => word !== undefined && word in endOf;

export interface Verdict {
  end: End | undefined;
  /** What stands in RDS that stood not there before, and what is gone, by name. */
  changed: string[];
  /** Each broken rule, in a sentence. */
  broken: string[];
}

/** What one look at the services after the end of a run has found, and the way to say that a rule is broken. */
interface Findings {
  drive: Drive;
  run: string;
  journal: Journal;
  now: Account;
  end: End | undefined;
  needsHelp: boolean;
  /** The newest card and the thread under it, without what only says how far things were. */
  final: Final;
  rule(id: string, holds: boolean, words: string): void;
}

/**
 * What no run may ever do, read off the simulated services alone: what stands in RDS, which items are in the table,
 * what Slack shows, how the execution ended, and what was asked of RDS on the way. The handlers' own opinion does not
 * count.
 */
export function check(drive: Drive, run: string, journal: Journal): Verdict {
  const broken: string[] = [];
  const heading = headingOf(rootsOf(drive, run).at(-1));
  const end = isEnd(heading) ? heading : undefined;
  const findings: Findings = {
    drive,
    run,
    journal,
    now: accountOf(drive),
    end,
    needsHelp: end === 'Needs help',
    final: finalOf(drive, run),
    rule: (id, holds, words) => {
      if (!holds) broken.push(`${id}: ${words}`);
    },
  };
  findings.rule('I5', end !== undefined, `the card says "${heading ?? 'nothing at all'}", which is no end`);
  for (const one of [untouched, deletions, answering, leftovers, lock, told, alarms, once, order, decisions, words])
    one(findings);
  return { end, changed: changesOf(findings), broken: [...new Set(broken)] };
}

const isSuccess = (end: End | undefined): boolean => end !== undefined && endOf[end] === 'succeeded';
const isOwnForm = (name: string, run: string): boolean =>
  name.endsWith(`-trapheus-${run}`) || name.endsWith(`-old-${run}`);
const isManual = ({ type }: { type: string }): boolean => type === 'manual';

/** The database, or the cluster with its members, that loses its name in this run; nobody does in a clone. */
function originalsOf({ subject, before }: Journal): Thing[] {
  return before.things.filter(
    ({ name, kind, cluster }) => (name === subject.name && kind === subject.kind) || cluster === subject.name,
  );
}
function originalOf({ subject, before }: Journal): Thing | undefined {
  return before.things.find(({ name, kind }) => name === subject.name && kind === subject.kind);
}

/** I1: nothing that is somebody else's has changed, and no data is lost. */
function untouched({ rule, journal, now, end }: Findings): void {
  const originals = originalsOf(journal);
  for (const old of journal.before.things) {
    const still = now.things.find((one) => one.resourceId === old.resourceId);
    if (originals.includes(old)) {
      rule('I1', still !== undefined || isSuccess(end), `the original ${old.name} is gone`);
      continue;
    }
    const isSame =
      still?.name === old.name &&
      still.status === old.status &&
      JSON.stringify(still.tags) === JSON.stringify(old.tags);
    rule('I1', isSame, `${old.name}, which is somebody else's, was touched`);
  }
  for (const id of journal.others)
    rule(
      'I1',
      now.things.some((one) => one.resourceId === id && one.status !== 'deleting'),
      'a database that somebody else has made meanwhile is gone',
    );
  for (const old of journal.before.snapshots)
    rule(
      'I1',
      now.snapshots.some((one) => one.arn === old.arn),
      `the snapshot ${old.id} is gone`,
    );
  const original = originalOf(journal);
  const gone = [original?.resourceId, ...journal.met].filter(
    (id) => id !== undefined && !now.things.some((one) => one.resourceId === id),
  );
  for (const id of gone)
    rule(
      'I1',
      now.snapshots.some((one) => one.resourceId === id && isManual(one) && one.status === 'available'),
      `${id === original?.resourceId ? 'the original' : 'a copy that people may have met'} is gone, and no snapshot holds its data`,
    );
}

/** I1: what was deleted on the way was made or set aside by this run, and had its name, its tag and no replicas. */
function deletions({ rule, run, journal }: Findings): void {
  for (const { operation, on, fields, things } of journal.effects) {
    if (!/^DeleteDB(Instance|Cluster)$/.test(operation)) continue;
    rule('I1', isOwnForm(on, run), `${on} was deleted, which is no name of this run's`);
    const kind = operation === 'DeleteDBCluster' ? 'cluster' : undefined;
    const subject = things.find((one) => one.name === on && (kind === undefined || one.kind === kind));
    if (subject === undefined) continue;
    const whole =
      subject.kind === 'member'
        ? things.find((one) => one.name === subject.cluster && one.kind === 'cluster')
        : subject;
    const ours = [originalOf(journal)?.resourceId, ...journal.copies];
    rule(
      'I1',
      whole === undefined || ours.includes(whole.resourceId),
      `${on} was deleted, which this run has neither made nor set aside`,
    );
    rule('I1', whole === undefined || whole.tags['trapheus:run'] === run, `${on} was deleted without this run's tag`);
    rule('I1', subject.replicas.length === 0, `${on} was deleted with read replicas`);
    const isUsed = subject.resourceId === originalOf(journal)?.resourceId || journal.met.has(subject.resourceId);
    const isKept = fields.get('FinalDBSnapshotIdentifier') !== null;
    rule(
      'I1',
      subject.kind === 'member' || !isUsed || isKept,
      `${on} had answered under the name and was deleted without a final snapshot`,
    );
  }
}

/** I2: one database answers, whole, and the card tells which. */
function answering({ rule, drive, journal, now, end, needsHelp }: Findings): void {
  const { subject } = journal;
  const original = originalOf(journal);
  const named = now.things.filter(
    ({ name, kind, answersByName }) => name === subject.name && kind === subject.kind && answersByName,
  );
  rule('I2', named.length <= 1, `${named.length} databases answer as ${subject.name}`);
  if (needsHelp) return;
  const [holder] = named.filter(({ status }) => status === 'available');
  const isOriginal = original !== undefined && holder?.resourceId === original.resourceId;
  const isCopy = holder !== undefined && journal.copies.has(holder.resourceId);
  const who = isOriginal ? 'the original' : isCopy ? 'the copy' : 'nobody';
  const says = `the card says ${end ?? '?'}, but ${who} answers as ${subject.name}`;
  // A clone that could not be removed keeps its name, or has given it up already.
  if (original === undefined) rule('I2', !isCopy || end === 'Cloned, with leftovers', says);
  else rule('I2', isSuccess(end) ? isCopy : isOriginal, says);
  if (isOriginal) {
    for (const old of originalsOf(journal)) {
      const still = now.things.find((one) => one.resourceId === old.resourceId);
      rule(
        'I2',
        still?.name === old.name && still.status === 'available',
        `${old.name} is ${still?.name ?? 'gone'} (${still?.status ?? ''})`,
      );
      rule(
        'I2',
        JSON.stringify(still?.tags) === JSON.stringify(old.tags),
        `${old.name} carries other tags than before`,
      );
    }
    rule(
      'I2',
      holder.deletionProtection === original.deletionProtection,
      'the deletion protection of the original differs',
    );
  }
  if (original === undefined || holder === undefined) return;
  const different = unequal(journal.wanted, settingsOf(drive, holder.resourceId));
  rule('I2', different.length === 0, `${who} differs in ${different.join(', ')}`);
  const endpoints = endpointsOf(drive, holder.resourceId).join();
  rule('I2', endpoints === journal.endpoints.join(), `the custom endpoints of ${who} are ${endpoints || 'gone'}`);
  if (!isCopy) return;
  rule('I2', holder.tags['trapheus:run'] === undefined, 'the restored database still carries the working tag');
  rule('I2', holder.deletionProtection === original.deletionProtection, 'its deletion protection differs');
  const members = (of: Thing, things: Thing[]) =>
    things
      .filter(({ cluster }) => cluster === of.name)
      .map(({ name }) => name)
      .sort()
      .join();
  const wanted = members(original, journal.before.things);
  const actual = members(holder, now.things);
  rule('I2', wanted === actual, `its members are ${actual}, not ${wanted}`);
}

/** I3: what is left is named by the final message, and why. */
function leftovers({ rule, journal, now, final }: Findings): void {
  const { before, subject } = journal;
  const holder = now.things.find(({ name, kind }) => name === subject.name && kind === subject.kind);
  for (const one of now.things) {
    const isPlaced = one === holder || (one.kind === 'member' && one.cluster === holder?.name);
    const stoodThere = before.things.some((old) => old.resourceId === one.resourceId && old.name === one.name);
    if (isPlaced || stoodThere || journal.others.has(one.resourceId)) continue;
    // Whoever reads of a cluster finds its members in it.
    const why = [one.name, one.cluster].map((name) => name && final.left.find((line) => line.includes(name)));
    rule('I3', why.some(Boolean), `${one.name} is left over, and the card does not list it`);
    rule(
      'I3',
      !why.some(Boolean) || why.some((line) => line && /: \S/.test(line)),
      `nobody says why ${one.name} is left`,
    );
  }
  for (const one of now.snapshots)
    if (isManual(one) && !before.snapshots.some((old) => old.arn === one.arn))
      rule('I3', final.words.includes(one.id), `the snapshot ${one.id} is left over, and no message names it`);
}

/** I4: nobody holds the lock, or the card says who may release it; and until then nobody else could have had it. */
function lock({ rule, drive, run, journal, needsHelp }: Findings): void {
  const { subject, restored } = journal;
  const isClone = originalOf(journal) === undefined;
  const doneAt = restored?.at ?? Number.POSITIVE_INFINITY;
  for (const { operation, at, on, to, lock } of journal.effects) {
    // What is kept goes when everybody may have the lock again: by a name that is nobody else's, or by none that moves.
    const isKept = to === undefined && (on.includes('-old-') || (on === subject.name && isClone && at >= doneAt));
    rule('I4', isKept || lock === run, `${operation} of ${on} without the lock`);
  }
  const holder = lockOn(drive, subject.name);
  if (!needsHelp) return rule('I4', holder === undefined, `the lock is held by ${String(holder)}`);
  const card = rootsOf(drive, run).at(-1);
  rule('I4', holder === run, 'a run that needs help does not hold its lock');
  rule('I4', card !== undefined && /release/i.test(asText(card)), 'nobody is told who may release the lock');
}

/** I5: record, card and requester agree, and nobody was told what is not true. */
function told({ rule, drive, run, journal, end, needsHelp, final }: Findings): void {
  const status = statusOf(drive, run);
  rule('I5', end === undefined || endOf[end] === status, `the card says ${end ?? '?'}, the record ${status}`);
  for (const state of journal.answeredAhead)
    rule('I5', false, `Step Functions was told how ${state} ended before the record said so`);
  const roots = rootsOf(drive, run);
  const card = roots.at(-1);
  const says = final.replies.some((text) => calls.test(text) && end !== undefined && endWords[end].test(text));
  rule('I5', says, `the requester was not told that it is ${end ?? '?'}`);
  const said = final.replies.map(outageSaid).find((seconds) => seconds !== undefined);
  const { silence } = journal;
  const seconds = silence ? (silence.until - silence.from) / 1000 : 0;
  rule(
    'I5',
    said === undefined || said >= seconds - 1,
    `people were told of ${said} s of outage, and it was ${seconds} s`,
  );
  const isTakenBack = end === 'Undone' || needsHelp;
  const isTrue = journal.restored === undefined || isSuccess(end) || isTakenBack;
  rule('I5', isTrue, `people were told that it is done, and then that it ${end ?? '?'}`);
  for (const what of journal.restored?.early ?? []) rule('I5', false, `people were told that it is done, but ${what}`);
  // Slack has no way to say "post this once": of a post whose answer was lost a second one may stand there, no more.
  const replies = drive
    .messages()
    .filter((one) => one.thread_ts === card?.ts && one.ts !== card?.ts && !one.ephemeral_to);
  const twice = roots.length - 1 + replies.length - new Set(replies.map(({ text }) => text)).size;
  rule(
    'I5',
    twice <= journal.unknownPosts,
    `${twice} messages stand there twice, and ${journal.unknownPosts} posts were in doubt`,
  );
}

/** A reply that calls the requester, alone or among others; whoever is only spoken of stands behind a colon. */
const calls = /^(<@\w+>, )*<@U0ANA00001>(, <@\w+>)*: /;
/** What such a reply says when it tells the end. */
const endWords: Record<End, RegExp> = {
  Restored: /is restored/,
  'Restored, with leftovers': /something is left behind/,
  Cloned: /answers, a clone of/,
  'Cloned, with leftovers': /something is left behind/,
  Denied: /denied/i,
  Expired: /expired|nobody approved/i,
  Cancelled: /cancel/i,
  Undone: /is undone/,
  Failed: /failed/,
  'Needs help': /needs help/,
};

/** For how long nobody answered, as the reply about a success says it; at worst a minute less where it says hours. */
function outageSaid(reply: string): number | undefined {
  const [, said] = /Nobody answered under the name for ([\dhms ]+)\./.exec(reply) ?? [];
  if (said === undefined) return undefined;
  const of = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(said)?.[1] ?? 0);
  return of('h') * 3600 + of('m') * 60 + of('s') + (said.includes('h') ? 60 : 0);
}

/** I6: alarms ring for failures only. An execution that somebody stopped says so, whatever became of the run. */
function alarms({ rule, drive, run, journal, end, needsHelp }: Findings): void {
  const execution = drive.executions(run).at(-1)?.status ?? 'none';
  if (execution === 'ABORTED')
    return rule('I6', journal.stoppedOutside > 0, 'the execution was stopped, and by nobody');
  const isAsAsked = end !== undefined && end !== 'Failed' && !needsHelp;
  rule(
    'I6',
    execution === (isAsAsked ? 'SUCCEEDED' : 'FAILED'),
    `the card says ${end ?? '?'}, the execution ended ${execution}`,
  );
}

/** I7: at most one of each. */
function once({ rule, journal }: Findings): void {
  rule('I7', journal.copies.size <= 1, `${journal.copies.size} copies were made`);
  const counts = new Map<string, number>();
  for (const effect of journal.effects) {
    const what = onceOnly(effect);
    if (what) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  for (const [what, count] of counts) rule('I7', count === 1, `${what} happened ${count} times`);
}

function onceOnly({ operation, on, to }: Effect): string | undefined {
  if (to !== undefined) return `the rename of ${on} to ${to}`;
  const isMaking = /^(RestoreDB|CreateDB(Instance|Snapshot|ClusterSnapshot)$|DeleteDB(Instance|Cluster)$)/.test(
    operation,
  );
  return isMaking ? `${operation} of ${on}` : undefined;
}

/**
 * I8: no name moves before the copy is whole and the safety snapshot is there. The one exception: where the approved
 * plan keeps every write, the original goes first. Then the proof is owed before the copy takes the name, and the
 * snapshot may only hold what nobody can write to any more.
 */
function order({ rule, run, journal }: Findings): void {
  const { subject, effects } = journal;
  const { name, keepsWrites } = subject;
  const isClone = originalOf(journal) === undefined;
  const isTaking = ({ on, to }: Effect) => to === name && on === `${name}-trapheus-${run}`;
  // The name itself, or that of one of its members.
  const own = originalsOf(journal).map((one) => one.name);
  const isLeaving = ({ on, to }: Effect) => to !== undefined && own.includes(on);
  if (keepsWrites)
    for (const { operation, things } of effects.filter((effect) => effect.operation === 'CreateDBSnapshot')) {
      const isServed = things.some((one) => one.name === name && one.kind === subject.kind && one.answersByName);
      rule('I8', !isServed, `${operation}, to hold every write, while people could still write`);
    }
  const first = effects.find(isClone || keepsWrites ? isTaking : isLeaving);
  if (first === undefined) return;
  const copy = first.things.find((one) => journal.copies.has(one.resourceId));
  const what = `${first.on} was renamed`;
  rule('I8', copy?.status === 'available', `${what} while the copy was ${copy?.status ?? 'not there'}`);
  rule('I8', first.unequal.length === 0, `${what} while the copy differed in ${first.unequal.join(', ')}`);
  const id = `${name}-${keepsWrites ? 'snapshot' : 'safety'}-trapheus-${run}`;
  const isKept = first.snapshots.some((one) => one.id === id && one.status === 'available');
  rule('I8', isClone || isKept, `${what} before the snapshot ${id} was there`);
}

/** I9: nothing happens before somebody who may has approved, and everybody counts once for a plan. */
function decisions({ rule, drive, run, journal }: Findings): void {
  for (const { operation, at } of journal.effects)
    rule(
      'I9',
      journal.approvals.some((time) => time <= at),
      `${operation} before anybody approved`,
    );
  const { askedAgainAt, approvals, effects } = journal;
  const isAgreed = askedAgainAt === undefined || effects.length === 0 || approvals.some((time) => time >= askedAgainAt);
  rule('I9', isAgreed, 'the plan changed, and nobody approved it as it is now');
  const record = recordOf(drive, run);
  const made = Array.isArray(record.decisions) ? (record.decisions as { by: string; planHash: string }[]) : [];
  const distinct = new Set(made.map(({ by, planHash }) => `${by} ${planHash}`));
  rule('I9', distinct.size === made.length, 'somebody was counted twice for one plan');
  const strangers = made.filter(({ by }) => by !== 'U0BEN00001' && by !== 'U0CHLOE001');
  rule('I9', strangers.length === 0, `${strangers.map(({ by }) => by).join(', ')} decided, who may not`);
}

/** I10: every word is a known one. What became of words that nobody knows is tried by `play`, after the end. */
function words({ rule, drive, run, journal }: Findings): void {
  const status = statusOf(drive, run);
  rule(
    'I10',
    runStatuses.some((one) => one === status),
    `the record says ${status}, a word that nobody knows`,
  );
  for (const { operation } of journal.effects)
    rule('I10', known.has(operation), `${operation} was called, which no step has a use for`);
}

/** What these plays have a use for in RDS. */
const known = new Set([
  'CreateDBSnapshot',
  'CreateDBClusterSnapshot',
  'RestoreDBInstanceFromDBSnapshot',
  'RestoreDBClusterFromSnapshot',
  'CreateDBInstance',
  'ModifyDBInstance',
  'ModifyDBCluster',
  'RebootDBInstance',
  'FailoverDBCluster',
  'AddRoleToDBInstance',
  'AddRoleToDBCluster',
  'AddTagsToResource',
  'RemoveTagsFromResource',
  'EnableHttpEndpoint',
  'CreateDBClusterEndpoint',
  'DeleteDBClusterEndpoint',
  'DeleteDBInstance',
  'DeleteDBCluster',
]);

function changesOf({ run, journal: { before }, now }: Findings): string[] {
  const stands = (one: Thing, account: Account) =>
    account.things.some((other) => other.arn === one.arn && other.resourceId === one.resourceId);
  return [
    ...before.things.filter((old) => !stands(old, now)).map((one) => `-${one.name}`),
    ...now.things.filter((one) => !stands(one, before)).map((one) => `+${one.name} ${one.status}`),
    ...now.snapshots
      .filter((one) => isManual(one) && !before.snapshots.some((old) => old.arn === one.arn))
      .map((one) => `+${one.id} ${one.status}`),
  ]
    .map((text) => text.replaceAll(run, '<run>'))
    .sort();
}

/** What people read when everything is over. */
interface Final {
  /** The card's list of what is still there, a line for each. */
  left: string[];
  /** What is said in the thread, but for the plan and who is asked about it: that was before anything was done. */
  replies: string[];
  /** All of it, and the rest of the card without its list of steps. */
  words: string;
}

function finalOf(drive: Drive, run: string): Final {
  const roots = rootsOf(drive, run);
  const blocks = roots.at(-1)?.blocks ?? [];
  const card = blocks.map((block) => asText({ text: '', blocks: [block] })).filter((text) => !text.includes('*Steps*'));
  const kept = card.find((text) => /\*(Still there|Kept): /.test(text)) ?? '';
  // A card that Slack says it has lost is posted anew; what was said under the old one was said.
  const replies = drive
    .messages()
    .filter((one) => roots.some(({ ts }) => ts === one.thread_ts && ts !== one.ts))
    .filter(({ text }) => !/Approve or deny it on the card above|needs no approval/.test(text));
  return {
    left: kept.split('\n').filter((line) => line.startsWith('•')),
    replies: replies.map(({ text }) => text),
    words: [...card, ...replies.map(asText)].join('\n'),
  };
}

/** The newest is last: a post whose answer was lost may stand there twice, and only the later one is kept up to date. */
function rootsOf(drive: Drive, run: string) {
  return drive
    .messages()
    .filter(
      (message) =>
        message.thread_ts === undefined && message.ephemeral_to === undefined && message.text.includes(`(run ${run})`),
    );
}

/** The words before the database's name in the card's header. */
function headingOf(root: { blocks: unknown[] } | undefined): string | undefined {
  const header = root?.blocks.find((block) => (block as { type?: string }).type === 'header') as
    | { text?: { text?: string } }
    | undefined;
  return /^:[\w-]+: (.+): [^:]+$/.exec(header?.text?.text ?? '')?.[1];
}

function statusOf(drive: Drive, run: string): string {
  return String(recordOf(drive, run).status ?? 'none');
}
