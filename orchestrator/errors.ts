/**
 * Everything that can go wrong and that a person may see: a stable code, one sentence that says what happened, a hint
 * that says what to do, and whether doing the same thing again can help.
 */
interface Entry {
  message: (values: Record<string, string>) => string;
  hint: (values: Record<string, string>) => string;
  retry: boolean;
}

const entry = (
  message: (values: Record<string, string>) => string,
  hint: (values: Record<string, string>) => string,
  retry = false,
): Entry => ({ message, hint, retry });

const ended: Readonly<Record<string, string>> = {
  succeeded: 'has succeeded',
  failed: 'has failed',
  expired: 'has expired',
  denied: 'was denied',
  cancelled: 'was cancelled',
  undone: 'was undone',
};

/** A status behind “it”: “it has succeeded”, “it is waiting for approval”. */
const being = (status = ''): string => ended[status] ?? `is ${status}`;

/**
 * Stands for the slash command in a sentence. A record is shown by whichever deployment people talk to, and only that
 * one knows what its command is called.
 */
export const command = '{command}';

const catalogue = {
  // Requests
  'unknown-database': entry(
    (v) => `There is no database named ${v.database} in this account and Region.`,
    (v) => (v.suggestion ? `Did you mean ${v.suggestion}?` : 'Pick one from the list in the restore dialog.'),
  ),
  'no-rule': entry(
    (v) => `No rule in policy.yml covers ${v.database}, so nobody may restore it from here.`,
    () => 'Ask whoever owns policy.yml to add a rule that names it.',
  ),
  'not-a-requester': entry(
    (v) => `Rule “${v.rule}” does not let you request a restore of ${v.database}.`,
    (v) => `It lets ${v.allowed} request. Ask one of them, or ask for the rule to be changed.`,
  ),
  'wrong-channel': entry(
    (v) => `${v.database} is not restored from this channel.`,
    (v) => `Rule “${v.rule}” allows it in ${v.channels}.`,
  ),
  'reason-missing': entry(
    () => 'A restore needs a reason.',
    () => 'Say in a sentence why; the approvers and the audit will read it.',
  ),
  'ticket-missing': entry(
    (v) => `Rule “${v.rule}” asks for a ticket in the reason.`,
    (v) => `Write its number into the reason; what counts is what matches ${v.pattern}.`,
  ),
  'start-past': entry(
    () => 'That time to start is over.',
    () => 'Pick a later one, or start as soon as it is approved.',
  ),
  'start-too-far': entry(
    (v) => `A run can wait for its time for ${v.days} days at most.`,
    () => 'Pick an earlier time: the snapshot that is chosen now would be old by then.',
  ),
  'not-ready': entry(
    (v) => `${v.database} is ${v.status}, and only a database that is available can be restored in place.`,
    (v) =>
      v.status === 'stopped'
        ? 'Start it, wait until it is available, then ask again.'
        : 'Ask again when it is available.',
    true,
  ),
  unsupported: entry(
    (v) => `${v.database} cannot be restored in place: ${v.why}.`,
    () => 'Nothing was touched. Restore it under another name by hand if you need its data.',
  ),
  reserved: entry(
    (v) => `${v.database} is reserved by run ${v.run}, which ${v.requester} requested.`,
    (v) => `Wait until it ends, or ask for it to be cancelled: \`${command} status ${v.run}\`.`,
    true,
  ),
  held: entry(
    (v) => `${v.database} is being restored right now by run ${v.run}, which ${v.requester} requested.`,
    (v) => `Follow it with \`${command} status ${v.run}\`, and ask again when it has ended.`,
    true,
  ),
  'snapshot-not-found': entry(
    (v) =>
      v.snapshot === 'newest'
        ? `${v.database} has no snapshot to restore from.`
        : `There is no snapshot ${v.snapshot}.`,
    (v) => (v.snapshot === 'newest' ? 'Take one first.' : 'It may have been deleted. Pick another one.'),
  ),
  'snapshot-not-ready': entry(
    (v) => `Snapshot ${v.snapshot} is ${v.status}, not available.`,
    () => 'Wait until it is available, or pick another one.',
    true,
  ),
  'snapshot-unusable': entry(
    (v) => `Snapshot ${v.snapshot} cannot be restored in this account: ${v.why}.`,
    () => 'Ask its owner to copy it under a key that is shared with this account, then pick that copy.',
  ),
  'snapshot-other-engine': entry(
    (v) => `Snapshot ${v.snapshot} is ${v.snapshotEngine}, and ${v.database} is ${v.engine}.`,
    (v) => `Pick a snapshot that is ${v.engine} as well.`,
  ),
  'snapshot-other-kind': entry(
    (v) =>
      `Snapshot ${v.snapshot} is of another kind than ${v.database}: one of them is a DB cluster, the other is not.`,
    () => 'Pick a snapshot of this very database.',
  ),
  'snapshot-other-version': entry(
    (v) =>
      `Snapshot ${v.snapshot} holds ${v.engine} ${v.snapshotVersion}, another major version than ${v.database}, which runs ${v.version}.`,
    (v) =>
      `Its parameter group would not fit. Pick a snapshot of version ${v.version}, or say explicitly that the default groups will do.`,
  ),
  'onto-other-version': entry(
    (v) =>
      `${v.snapshot} holds ${v.engine} ${v.snapshotVersion}, another major version than ${v.database}, which runs ${v.version}.`,
    () => 'Data of another major version does not go with its settings. Clone it under a new name instead.',
  ),
  'onto-itself': entry(
    (v) => `${v.database} is both the source and the target.`,
    () => 'Choose “replace it” to restore a database in place.',
  ),
  'keeps-writes-elsewhere': entry(
    (v) => `Every write is kept only where ${v.database} is replaced by its own fresh snapshot.`,
    () => 'Choose “Replace it” and “A fresh snapshot, taken now”, or leave out “Keep every write”.',
  ),
  'keeps-writes-gated': entry(
    (v) =>
      `Rule “${v.rule}” has the swap of ${v.database} wait for a person or a window, and to keep every write nobody may answer until the swap.`,
    () => 'Leave out “Keep every write” and stop writers instead, or ask whoever owns policy.yml for another rule.',
  ),
  'not-clonable': entry(
    (v) => `${v.database} cannot be cloned: ${v.why}.`,
    () => 'Choose “A fresh snapshot, taken now”, which holds the same data.',
  ),
  'no-point-in-time': entry(
    (v) =>
      `${v.database} cannot be restored to a point in time: its automated backups are off, or the first is not finished.`,
    () => 'Pick a snapshot instead.',
  ),
  'outside-window': entry(
    (v) => `${v.database} cannot be restored to ${v.at}: only to a moment from ${v.from} to ${v.to}.`,
    () => 'Pick a moment within these. The last minutes before now are not restorable yet.',
    true,
  ),
  'not-a-time': entry(
    (v) => `“${v.text}” is not a point in time.`,
    () => 'Write it like “10 min ago”, “yesterday 18:00” (your own time) or 2026-11-22 09:30 UTC.',
  ),
  'not-a-start': entry(
    (v) => `“${v.text}” is not a time to start at.`,
    () => 'Write it like “in 2 hours”, “tonight”, “tomorrow 02:00” (your own time) or 2026-11-22 22:00 UTC.',
  ),
  'not-a-name': entry(
    (v) => `“${v.name}” is not a name that RDS takes for a database.`,
    () => 'Use 1 to 63 small letters, digits and hyphens, first a letter, without a double or trailing hyphen.',
  ),
  'lives-too-long': entry(
    (v) => `${v.name} may live for ${v.maximum} at most, by policy.yml.`,
    () => 'Ask for less; before its end the clone can be kept for longer, up to that.',
  ),
  'no-common-approver': entry(
    (v) => `The rules “${v.rule}” ask for ${v.count} approvals, and they do not name so many approvers in common.`,
    () =>
      'Data goes from one database to another, so an approver has to be named by both rules. Ask whoever owns policy.yml.',
  ),
  'settings-unknown': entry(
    (v) => `${v.database} is gone, and no settings of it were ever kept.`,
    () => 'Trapheus keeps the settings of a database with every snapshot that it takes. Restore this one by hand.',
  ),
  'wrong-kind': entry(
    (v) => `${v.database} is not ${v.kind === 'cluster' ? 'a cluster' : 'an instance'}, although the input says so.`,
    () => 'Put isCluster right in the input. Nothing was touched.',
  ),
  'bad-input': entry(
    (v) => `The input of this execution is not one that Trapheus knows: ${v.detail}.`,
    () => 'Start it with {"identifier", "task", "isCluster"} as the README says. Nothing was touched.',
  ),
  'no-channel': entry(
    (v) =>
      `Rule “${v.rule}” asks for approvals and names no channel, so nobody could give them to a run that AWS started.`,
    () => 'Name a channel in the rule or at the top of policy.yml, or ask in Slack. Nothing was touched.',
  ),
  'task-not-here': entry(
    (v) => `The task ${v.task} is not done by this machine.`,
    () => 'Share or copy the snapshot to the other account, and restore it there. Nothing was touched.',
  ),
  'tag-limit': entry(
    (v) => `${v.database} carries ${v.count} tags, and the copy needs one more than RDS allows (50).`,
    () => 'Remove a tag from the database, then ask again.',
  ),
  'pending-modifications': entry(
    (v) => `${v.database} has modifications waiting (${v.pending}), and a rename would apply them at once.`,
    () => 'Apply or withdraw them first, then ask again.',
  ),
  'name-taken': entry(
    (v) => `The name ${v.name} that this run needs is taken by another database.`,
    () => 'Rename or remove that database, then request again.',
  ),
  'already-requested': entry(
    (v) => `This request was already sent: it is run ${v.run}.`,
    (v) => `See \`${command} status ${v.run}\`.`,
  ),

  // Decisions
  'unknown-run': entry(
    (v) => `There is no run ${v.run}.`,
    () => `\`${command} status\` lists the runs under way.`,
  ),
  'not-an-approver': entry(
    (v) => `You may not decide on run ${v.run}: rule “${v.rule}” names other approvers.`,
    (v) => `It lets ${v.allowed} approve.`,
  ),
  'own-request': entry(
    (v) => `You requested run ${v.run}, so somebody else has to approve it.`,
    (v) => `Rule “${v.rule}” lets ${v.allowed} approve.`,
  ),
  'already-decided': entry(
    (v) => `You already decided on run ${v.run}, for this very plan.`,
    () => 'One decision counts for each person; nothing changed.',
  ),
  'stale-plan': entry(
    (v) => `The plan of run ${v.run} has changed since the message you pressed was shown.`,
    () => 'Nothing was counted. Read the new plan on the card, then decide again.',
  ),
  'not-waiting': entry(
    (v) => `Run ${v.run} is not waiting for that any more: it ${being(v.status)}.`,
    () => 'Nothing changed.',
  ),
  'nothing-of-that': entry(
    (v) => `Run ${v.run} ${being(v.status)}, so there is nothing to ${v.verb}.`,
    (v) => `\`${command} status ${v.run}\` shows it.`,
  ),
  'no-run-of': entry(
    (v) => `${v.database} has no run to ${v.verb}.`,
    () => `\`${command} status\` lists the runs under way.`,
  ),
  'not-an-early-starter': entry(
    (v) => `Run ${v.run} was approved for its time, so only ${v.allowed} may start it earlier.`,
    () => 'Ask one of them, or wait.',
  ),
  'not-a-canceller': entry(
    (v) => `Only ${v.allowed} may act on run ${v.run}.`,
    () => 'Ask one of them.',
  ),
  'too-late-to-undo': entry(
    (v) => `Run ${v.run} cannot be undone any more: ${v.why}.`,
    () => 'Request a restore from a snapshot instead; the final snapshot, if one was kept, is named on the card.',
  ),
  'hold-at-maximum': entry(
    (v) => `What run ${v.run} keeps is already kept as long as policy.yml allows, until ${v.until}.`,
    () => 'Take a snapshot of it if you need it for longer.',
  ),
  'nothing-to-undo': entry(
    (v) => `Run ${v.run} has set nothing aside, so there is nothing to undo.`,
    () => 'A clone goes by “Remove now”; a snapshot stays until its retention or a person removes it.',
  ),
  'not-releasable': entry(
    (v) => `Run ${v.run} does not need help, so there is nothing to release.`,
    () => 'Nothing changed.',
  ),

  'enough-approvals': entry(
    (v) => `Run ${v.run} has the approvals that it needs, from ${v.by}.`,
    () => 'Nothing changed; it goes on by itself.',
  ),
  'deny-reason-missing': entry(
    () => 'A denial needs a reason.',
    () => 'Say in a sentence why; the requester reads it.',
  ),
  'groups-unknown': entry(
    (v) => `The members of ${v.groups} could not be read just now, so nobody is let in as one of them.`,
    () => 'Nothing changed. Try again in a minute.',
    true,
  ),
  'no-break-glass': entry(
    (v) => `Rule “${v.rule}” lets nobody break the glass for ${v.database}.`,
    () => 'It waits for its approvers. Whoever owns policy.yml can name somebody under breakGlass.',
  ),
  'not-a-glass-breaker': entry(
    (v) => `Rule “${v.rule}” does not let you break the glass.`,
    (v) => `It lets ${v.allowed} do it.`,
  ),
  'glass-not-confirmed': entry(
    (v) => `To break the glass, type the name ${v.database} exactly.`,
    () => 'Nothing changed.',
  ),
  'glass-reason-missing': entry(
    () => 'Breaking the glass needs a reason.',
    () => 'Say in a sentence why nobody can be asked; all approvers and the audit read it.',
  ),
  'glass-broken-already': entry(
    (v) => `${v.by} has broken the glass for run ${v.run} already.`,
    () => 'Nothing changed; it goes on by itself.',
  ),

  // Standing still
  frozen: entry(
    (v) => `Everything is frozen: ${v.by} stopped it at ${v.at}, because ${v.reason}.`,
    () => 'No run starts and no gate opens until an administrator unfreezes. A run can still be denied or cancelled.',
    true,
  ),
  'frozen-by-calendar': entry(
    (v) => `${v.database} is in the freeze “${v.name}” until ${v.until}: ${v.reason}.`,
    (v) =>
      v.breakers
        ? `Ask again when it is over. In an emergency ${v.breakers} may break the glass.`
        : 'Ask again when it is over.',
    true,
  ),
  'not-an-administrator': entry(
    () => 'Only administrators may freeze and unfreeze.',
    (v) => `policy.yml names ${v.allowed}.`,
  ),
  'already-frozen': entry(
    (v) => `Everything is frozen already: ${v.by} stopped it at ${v.at}, because ${v.reason}.`,
    () => 'Nothing changed.',
  ),
  'not-frozen': entry(
    () => 'Nothing is frozen.',
    () => 'Nothing changed.',
  ),
  'freeze-reason-missing': entry(
    () => 'A freeze needs a reason: everybody who is refused reads it.',
    () => `Write \`${command} freeze "why"\`.`,
  ),

  // What ends a run
  denied: entry(
    (v) => `${v.by} denied the request${v.reason ? `: ${v.reason}` : '.'}`,
    () => 'Nothing was touched. Talk it over, then request again if the restore is still wanted.',
  ),
  expired: entry(
    (v) => `Nobody approved within ${v.time}.`,
    () => 'Nothing was touched. Request again when the approvers are around.',
    true,
  ),
  'swap-denied': entry(
    (v) => `${v.by} denied the swap${v.reason ? `: ${v.reason}` : '.'}`,
    () => 'The original kept its name and was never touched. The copy was removed.',
  ),
  'swap-expired': entry(
    (v) => `Nobody said “Swap now” within ${v.time}.`,
    () =>
      'The original kept its name and was never touched. The copy was removed. Request again when somebody is there.',
    true,
  ),
  'voided-by-glass': entry(
    (v) => `${v.by} broke the glass for ${v.database}, and this request had to give way: ${v.reason}.`,
    () => 'Nothing was touched by this run. Request again when the other one has ended.',
    true,
  ),
  cancelled: entry(
    (v) => `${v.by} cancelled the run.`,
    () => 'What the run had made was taken back.',
  ),
  undone: entry(
    (v) => `${v.by} undid the restore.`,
    () =>
      'The original answers under its name again. What was written to the restored database since the swap is not in it.',
  ),
  'ended-outside': entry(
    (v) => `The execution was ended from outside (${v.status}).`,
    () => 'What the run had made was taken back. Request again if the restore is still wanted.',
    true,
  ),
  voided: entry(
    (v) => `Run ${v.run} took ${v.database} first: ${v.by} pressed Undo there.`,
    () => 'Nothing was touched by this run. Request again when the other one has ended.',
    true,
  ),
  'changed-since-approval': entry(
    (v) => `${v.database} changed after the plan was approved: ${v.differences}.`,
    () => 'Nothing was touched. Request again to see and approve the new plan.',
    true,
  ),
  'database-gone': entry(
    (v) => `${v.database} does not answer under its name any more, or another database does.`,
    () => 'Look at it in the RDS console before you do anything else.',
  ),
  'lock-lost': entry(
    (v) => `The lock on ${v.database} is no longer this run’s.`,
    () => 'Another run holds it. Nothing was renamed.',
  ),
  'snapshot-failed': entry(
    (v) => `The snapshot ${v.snapshot} ended as ${v.status}.`,
    () =>
      'The database keeps its name and its data. Try again; if it fails again, look at the RDS events of the database.',
    true,
  ),
  'restore-failed': entry(
    (v) => `The copy ${v.copy} ended as ${v.status}.`,
    () => 'The original keeps its name and its data. The RDS events of the copy say why.',
    true,
  ),
  'copy-gone': entry(
    (v) => `The copy ${v.copy} has vanished: somebody else must have deleted or renamed it.`,
    () => 'The original keeps its name and its data.',
    true,
  ),
  'settings-differ': entry(
    (v) => `The copy does not have the original’s settings: ${v.differences}.`,
    () => 'The original keeps its name and its data. The report in the thread lists every setting.',
    true,
  ),
  'back-too-early': entry(
    (v) => `${v.database} was set aside so that no write is lost, and it answers under its name again.`,
    () => 'Somebody renamed it meanwhile, so there may be writes that the snapshot lacks. Request again.',
    true,
  ),
  'copy-failed': entry(
    (v) => `The copy took the name ${v.database} and then was ${v.status} instead of answering.`,
    () => 'The original takes its name back. The RDS events of the copy say why.',
    true,
  ),
  'rename-refused': entry(
    (v) => `RDS did not take the rename of ${v.database} for half an hour.`,
    () => 'Nothing was moved, and the original is untouched. The RDS events say what keeps it busy.',
    true,
  ),
  'swap-refused': entry(
    (v) => `The copy could not take the name ${v.database} in time, so the original took it back.`,
    () => 'The database is the one it was before. Request again; the RDS events say what held the copy up.',
    true,
  ),
  'too-long': entry(
    (v) => `“${v.step}” took longer than ${v.limit}.`,
    () => 'What the run had made was taken back. Look at the RDS events of the database.',
    true,
  ),
  quota: entry(
    (v) => `The account has reached an RDS limit: ${v.detail}.`,
    () => 'Ask AWS for a higher quota or remove what is not needed, then request again.',
    true,
  ),
  capacity: entry(
    (v) => `AWS has no capacity for this just now: ${v.detail}.`,
    () => 'The original keeps its name and its data. Try again later.',
    true,
  ),
  'access-denied': entry(
    (v) => `Trapheus is not allowed to do this in AWS: ${v.detail}.`,
    () =>
      'Check that the database’s name fits the patterns that the stack was deployed with, and the service control policies.',
  ),
  'rds-refused': entry(
    (v) => `RDS refused: ${v.detail}.`,
    () => 'Change what RDS names, then request again.',
  ),
  'unknown-step': entry(
    (v) => `This run came to a step that the deployed version does not know: ${v.step}.`,
    () => 'Trapheus was updated in the meantime. Request again.',
    true,
  ),
  unexpected: entry(
    (v) => `Something unexpected happened: ${v.detail}.`,
    () => 'This is a defect of Trapheus. The log of the run says more.',
    true,
  ),

  // What needs a person
  'undo-failed': entry(
    (v) => `Taking back “${v.step}” failed: ${v.detail}`,
    () => 'Nothing further is deleted. Put right what the card names in the RDS console, then press Release.',
  ),
  'not-ours': entry(
    (v) => `${v.name} does not carry this run’s tag and name any more, so it is not deleted.`,
    () => 'Somebody changed it. Remove it in the RDS console if nobody needs it.',
  ),
  'has-replicas': entry(
    (v) => `${v.name} still has read replicas (${v.replicas}), so it is not deleted.`,
    () => 'Make the replicas again on the new database, remove the old ones, then press Retry.',
    true,
  ),
  'not-removable': entry(
    (v) => `${v.name} is ${v.status}, and a final snapshot can only be taken of an available database.`,
    () => 'Bring it to available (start it), then press Retry.',
    true,
  ),
  'original-not-ready': entry(
    (v) => `The set-aside original ${v.name} is ${v.status}, so it cannot take its name back.`,
    () =>
      'The restored database still answers. Bring the original to available in the RDS console, rename it by hand if you want it back, then press Release.',
  ),
  'name-held': entry(
    (v) => `${v.database} belongs to another database by now (${v.holder}), so the original cannot take its name back.`,
    () => 'Rename one of the two in the RDS console, then press Release.',
  ),
  'not-pruned': entry(
    (v) => `Snapshot ${v.snapshot} is past its retention and could not be deleted: ${v.detail}`,
    () => 'The new snapshot is there. Delete the old one in the RDS console.',
    true,
  ),
  'remove-failed': entry(
    (v) => `The set-aside original ${v.name} could not be removed: ${v.detail}`,
    () => 'The restore itself succeeded. Press Retry, or remove it in the RDS console.',
    true,
  ),
} satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof catalogue;
export const problemCodes = Object.keys(catalogue) as ProblemCode[];

/** One thing that went wrong, in words for a person. */
export interface Problem {
  code: ProblemCode;
  /** What happened, in one sentence. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** Whether doing the same again can help. */
  retry: boolean;
}

/** Values that name people, groups and channels on purpose. All others are words of people and of services. */
const naming = ['by', 'groups', 'allowed', 'requester', 'channels', 'breakers'];

/** Words in which nothing is a mention any more, however they are shown: `<@U1>` becomes `‹@U1>`. */
export function unmarked(words: string): string {
  return words.replaceAll(/<(?=[@#!])/g, '‹');
}

export function problem(code: ProblemCode, values: Record<string, string> = {}): Problem {
  const { message, hint, retry } = catalogue[code];
  // Read as they are asked for: the README's table answers every name without having any.
  const said = new Proxy(values, {
    get: (all, key) => {
      const value = typeof key === 'string' ? all[key] : undefined;
      return value === undefined || naming.includes(String(key)) ? value : unmarked(value);
    },
  });
  return { code, message: message(said), hint: hint(said), retry };
}

/** An expected "no": a value, not an exception. */
export interface Refused {
  ok: false;
  problem: Problem;
  /** What else is wrong, whatever becomes of the first. */
  also?: Problem[];
}

export function refused(code: ProblemCode, values: Record<string, string> = {}): Refused {
  return { ok: false, problem: problem(code, values) };
}

/** One refusal for all of these; undefined when there are none. */
export function refusedFor([first, ...also]: readonly Problem[]): Refused | undefined {
  if (first === undefined) return undefined;
  return { ok: false, problem: first, ...(also.length > 0 && { also }) };
}

/** How an outside service refused a call, in words that a step can decide on. */
export const refusalReasons = [
  /** Throttled, internal error, network: the same call later. */
  'transient',
  /** The resource is in the middle of something: the same call later. */
  'busy',
  'missing',
  'taken',
  'quota',
  'capacity',
  'denied',
  'invalid',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Thrown by adapters; the only foreign error that the domain knows. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';

  constructor(
    readonly reason: RefusalReason,
    /** The service's own code, for example `DBInstanceAlreadyExistsFault`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
