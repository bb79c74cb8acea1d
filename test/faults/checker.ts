import type { Drive } from '../stories/drive';
import { asText } from '../stories/drive';
import type { Effect, Journal } from './journal';

/** How a run ended, in the words of its card. */
export const ends = [
  'Restored',
  'Restored, with leftovers',
  'Denied',
  'Expired',
  'Cancelled',
  'Undone',
  'Failed',
  'Needs help',
] as const;
export type End = (typeof ends)[number];

export interface Verdict {
  end: End | undefined;
  /** What stands in RDS that stood not there before, and what is gone, by name. */
  changed: string[];
  /** Each broken rule, in a sentence. */
  broken: string[];
}

/**
 * What no run may ever do, read off the simulated services alone: what stands in RDS, what is in the table, what Slack
 * shows, how the execution ended, and what was asked of RDS on the way. The handlers' own opinion does not count.
 */
export function check(drive: Drive, run: string, journal: Journal, name = 'orders-staging'): Verdict {
  const broken: string[] = [];
  const rule = (id: string, holds: boolean, words: string) => {
    if (!holds) broken.push(`${id}: ${words}`);
  };
  const { databases: now, snapshots } = drive.sandbox.rds.snapshotOfWorld();
  const original = journal.before.databases.find((one) => one.name === name);
  const root = rootOf(drive, run);
  const told = drive.messages().map(asText).join('\n');
  const heading = root && headingOf(root);
  const end = ends.find((one) => one === heading);
  rule('I5', end !== undefined, `the card says "${heading ?? 'nothing at all'}", which is no end`);
  const isRestored = end?.startsWith('Restored') ?? false;
  const needsHelp = end === 'Needs help';

  // I1: nothing of others is touched, and nothing is deleted but under a name of this run's own.
  for (const old of journal.before.databases) {
    const still = now.find((one) => one.resourceId === old.resourceId);
    if (old.name === name) rule('I1', still !== undefined || isRestored, 'the original is gone');
    else
      rule(
        'I1',
        still?.name === old.name && JSON.stringify(still.tags) === JSON.stringify(old.tags),
        `${old.name}, which is somebody else's, was touched`,
      );
  }
  for (const old of journal.before.snapshots)
    rule(
      'I1',
      snapshots.some((one) => one.arn === old.arn),
      `the snapshot ${old.id} is gone`,
    );
  for (const effect of journal.effects) broken.push(...mistakes(effect, run, name, journal));

  // I2: one database answers, and the card tells which.
  const answering = now.filter((one) => one.name === name && one.answersByName && one.status === 'available');
  const [holder] = answering;
  const isOriginal = holder !== undefined && holder.resourceId === original?.resourceId;
  const isCopy = holder !== undefined && journal.copies.has(holder.resourceId);
  if (!needsHelp) {
    rule('I2', answering.length === 1, `${answering.length} databases answer as ${name}`);
    rule(
      'I2',
      isRestored ? isCopy : isOriginal,
      `the card says ${end ?? '?'}, but ${isOriginal ? 'the original' : isCopy ? 'the copy' : 'nobody'} answers`,
    );
  }
  if (isOriginal && !needsHelp)
    rule(
      'I2',
      JSON.stringify(holder.tags) === JSON.stringify(original.tags),
      'the original carries other tags than before',
    );
  if (isCopy && end !== 'Needs help') {
    rule('I2', holder.tags['trapheus:run'] === undefined, 'the restored database still carries the working tag');
    rule('I2', holder.deletionProtection === original?.deletionProtection, 'its deletion protection differs');
  }

  // I3: what is left is named.
  for (const one of now)
    if (
      one !== holder &&
      !journal.before.databases.some((old) => old.resourceId === one.resourceId && old.name === one.name)
    )
      rule('I3', told.includes(one.name), `${one.name} is left over, and no message names it`);
  for (const one of snapshots)
    if (one.type === 'manual' && !journal.before.snapshots.some((old) => old.arn === one.arn))
      rule('I3', told.includes(one.id), `the snapshot ${one.id} is left over, and no message names it`);
  // I4: the lock.
  const lock = textOf(drive.sandbox.item(`lock#${name}`), 'run');
  if (needsHelp)
    rule('I4', lock !== undefined && /release/i.test(asTextOf(drive, run)), 'nobody is told who may release the lock');
  else rule('I4', lock === undefined, `the lock is held by ${lock ?? '?'}`);

  // I5: record, card and requester agree.
  const status = textOf(drive.sandbox.item(`run#${run}`), 'status') ?? 'none';
  rule('I5', end === undefined || endOf[end].includes(status), `the card says ${end ?? '?'}, the record ${status}`);
  const mentioned = drive.messages().some((one) => one.thread_ts === root?.ts && one.text.includes('<@U0ANA00001>'));
  rule('I5', mentioned, 'the requester was not told');

  const isTakenBack = end === 'Undone' || needsHelp;
  rule(
    'I5',
    journal.restoredAt === undefined || isRestored || isTakenBack,
    `people were told that it is restored, and then that it ${end ?? '?'}`,
  );

  // I6: alarms ring for failures only.
  const execution = drive.executions(run).at(-1)?.status ?? 'none';
  const isAsAsked = end !== undefined && end !== 'Failed' && !needsHelp;
  rule(
    'I6',
    isAsAsked === (execution === 'SUCCEEDED'),
    `the card says ${end ?? '?'}, the execution ended ${execution}`,
  );

  // I7: at most one of each.
  rule('I7', journal.copies.size <= 1, `${journal.copies.size} copies were made`);
  const counts = new Map<string, number>();
  for (const effect of journal.effects) {
    const what = onceOnly(effect);
    if (what) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  for (const [what, count] of counts) rule('I7', count === 1, `${what} happened ${count} times`);
  const changed = [
    ...journal.before.databases
      .filter((old) => !now.some((one) => one.arn === old.arn && one.resourceId === old.resourceId))
      .map((one) => `-${one.name}`),
    ...now
      .filter(
        (one) => !journal.before.databases.some((old) => one.arn === old.arn && one.resourceId === old.resourceId),
      )
      .map((one) => `+${one.name} ${one.status}`),
    ...snapshots
      .filter((one) => one.type === 'manual' && !journal.before.snapshots.some((old) => old.arn === one.arn))
      .map((one) => `+${one.id} ${one.status}`),
  ].map((text) => text.replaceAll(run, '<run>'));
  return { end, changed: changed.sort(), broken: [...new Set(broken)] };
}

const endOf: Record<End, string[]> = {
  Restored: ['succeeded'],
  'Restored, with leftovers': ['succeeded'],
  Denied: ['denied'],
  Expired: ['expired'],
  Cancelled: ['cancelled'],
  Undone: ['undone'],
  Failed: ['failed'],
  'Needs help': ['needs-help'],
};

/** What one call may never have done (I1, I8, I9). */
function mistakes(
  { operation, at, fields, databases, snapshots, unequal }: Effect,
  run: string,
  name: string,
  journal: Journal,
): string[] {
  const found: string[] = [];
  const target = fields.get('DBInstanceIdentifier') ?? '';
  const original = journal.before.databases.find((one) => one.name === name);
  if (journal.approvedAt === undefined || at < journal.approvedAt)
    found.push(`I9: ${operation} before anybody approved`);
  if (operation === 'DeleteDBInstance') {
    const isOwn = target === `${name}-trapheus-${run}` || target === `${name}-old-${run}`;
    if (!isOwn) found.push(`I1: ${target} was deleted, which is no name of this run's`);
    const subject = databases.find((one) => one.name === target);
    if (subject && subject.tags['trapheus:run'] !== run) found.push(`I1: ${target} was deleted without this run's tag`);
    const kept = fields.get('FinalDBSnapshotIdentifier');
    const isUsed = subject?.resourceId === original?.resourceId || tookName(journal, target, name);
    if (isUsed && kept === null)
      found.push(`I1: ${target} had answered under the name and was deleted without a final snapshot`);
  }
  const to = fields.get('NewDBInstanceIdentifier');
  const isLeaving = to === `${name}-old-${run}`;
  const isTaking = to === name && target === `${name}-trapheus-${run}`;
  // The one exception of I8: where the approved plan keeps every write, the original goes first. Then the proof is owed
  // before the copy takes the name, and the snapshot may only hold what nobody can write to any more.
  if (journal.keepsWrites ? isTaking : isLeaving) {
    const copy = databases.find((one) => journal.copies.has(one.resourceId));
    if (copy?.status !== 'available')
      found.push(`I8: ${target} was renamed while the copy was ${copy?.status ?? 'not there'}`);
    if (unequal.length > 0) found.push(`I8: ${target} was renamed while the copy differed in ${unequal.join(', ')}`);
    const id = `${name}-${journal.keepsWrites ? 'snapshot' : 'safety'}-trapheus-${run}`;
    if (snapshots.find((one) => one.id === id)?.status !== 'available')
      found.push(`I8: ${target} was renamed before the snapshot ${id} was there`);
  }
  const isServed = databases.some((one) => one.name === name && one.answersByName);
  if (journal.keepsWrites && operation === 'CreateDBSnapshot' && isServed)
    found.push('I8: the snapshot that holds every write was taken while people could still write');
  return found;
}

function tookName(journal: Journal, target: string, name: string): boolean {
  return journal.effects.some(
    (effect) =>
      effect.fields.get('DBInstanceIdentifier') === target && effect.fields.get('NewDBInstanceIdentifier') === name,
  );
}

/** What a run does at most once. */
function onceOnly({ operation, fields }: Effect): string | undefined {
  const to = fields.get('NewDBInstanceIdentifier');
  const from = fields.get('DBInstanceIdentifier') ?? '';
  if (to !== null) return `the rename of ${from} to ${to}`;
  if (['RestoreDBInstanceFromDBSnapshot', 'CreateDBSnapshot', 'DeleteDBInstance'].includes(operation))
    return `${operation} of ${from}`;
  return undefined;
}

/** The newest: a post whose answer was lost may stand there twice, and only the later one is kept up to date. */
function rootOf(drive: Drive, run: string) {
  return drive
    .messages()
    .findLast(
      (message) =>
        message.thread_ts === undefined && message.ephemeral_to === undefined && message.text.includes(`run ${run}`),
    );
}

function asTextOf(drive: Drive, run: string): string {
  const root = rootOf(drive, run);
  return root ? asText(root) : '';
}

/** The word before the database's name in the card's header. */
function headingOf({ blocks }: { blocks: unknown[] }): string | undefined {
  const header = blocks.find((block) => (block as { type?: string }).type === 'header') as
    | { text?: { text?: string } }
    | undefined;
  return /^:[\w-]+: (.+): [^:]+$/.exec(header?.text?.text ?? '')?.[1];
}

function textOf(item: Record<string, unknown> | undefined, field: string): string | undefined {
  const value = item?.[field];
  return typeof value === 'object' && value !== null && 'S' in value ? String(value.S) : undefined;
}
