import type { ClusterView } from '../../infra/local/rds/cluster';
import type { InstanceView } from '../../infra/local/rds/instance';
import type { CallRecord } from '../../infra/local/service';
import type { Drive } from '../stories/drive';
import { type Account, accountOf, endpointsOf, settingsOf, unequal } from './account';
import { answeredAhead } from './ahead';
import { lockOn } from './items';

/** Of which database a run is about. */
export interface Subject {
  kind: 'instance' | 'cluster';
  /** Whose data is wanted. */
  database: string;
  /** Under which name it is to be had: the database's own, or a new one. */
  name: string;
  /** The original is set aside before its snapshot is taken, as the plan that people approve says. */
  keepsWrites?: boolean;
}

/** A call that changed something in RDS, whoever made it and whatever its caller learnt of it. */
export interface Effect extends Account {
  operation: string;
  at: number;
  fields: URLSearchParams;
  /** On what it acted, by name as the call said it, and to which name it moves that. */
  on: string;
  to: string | undefined;
  /** In which settings the copy differs from what its model was before. */
  unequal: string[];
  /** Which run has the lock on the name. */
  lock: unknown;
}

/** What stood in the account before, and everything that was done since, as the services themselves saw it. */
export interface Journal {
  subject: Subject;
  before: Account;
  /** The settings of the database whose data is wanted, as they were before. */
  wanted: Record<string, string>;
  /** Its custom endpoints, as they were before. */
  endpoints: string[];
  effects: Effect[];
  /** Copies that a restore has made, by resource id. */
  copies: Set<string>;
  /** Copies that have answered under the name, by resource id: people may have met them there. */
  met: Set<string>;
  /** Databases that somebody else has made meanwhile, by resource id; told by who lets them. */
  others: Set<string>;
  /** When somebody who may has pressed Approve, each time. */
  approvals: number[];
  /** When people were told that the plan had changed, so that they had to look again. */
  askedAgainAt: number | undefined;
  /** When Slack first showed that the restore is done, and what was not yet true then. */
  restored: { at: number; early: string[] } | undefined;
  /** From the first rename that took the name away, and until when nobody was seen to answer under it. */
  silence: { from: number; until: number; isOver: boolean } | undefined;
  /** Posts of which nobody could learn, or write down, that Slack took them: each may stand there twice. */
  unknownPosts: number;
  /** States of which Step Functions was told how they ended before the record in the table said so. */
  answeredAhead: Set<string>;
  /** Executions that somebody else has stopped. */
  stoppedOutside: number;
}

const reads = /^(Describe|List)/;
const approvers = ['U0BEN00001', 'U0CHLOE001'];

export function keepJournal(drive: Drive, subject: Subject): Journal {
  const before = accountOf(drive);
  const known = new Set(before.things.map((one) => one.resourceId));
  const source = before.things.find((one) => one.name === subject.database && one.kind === subject.kind);
  const journal: Journal = {
    subject,
    before,
    wanted: settingsOf(drive, source?.resourceId),
    endpoints: endpointsOf(drive, source?.resourceId),
    effects: [],
    copies: new Set(),
    met: new Set(),
    others: new Set(),
    approvals: [],
    askedAgainAt: undefined,
    restored: undefined,
    silence: undefined,
    unknownPosts: 0,
    answeredAhead: new Set(),
    stoppedOutside: 0,
  };
  drive.sandbox.slack.onChange((change) => {
    if (change.kind !== 'request') return;
    const { entry } = change;
    if (pressedIn(entry.request.body) === 'approve' && approvers.includes(entry.user ?? ''))
      journal.approvals.push(entry.at);
  });
  const { world } = drive.sandbox.rds;
  drive.sandbox.onCall((call) => {
    const [instance, cluster] = [world.byName.get(subject.name), world.clustersByName.get(subject.name)];
    const holder = subject.kind === 'cluster' ? cluster && idOf(cluster.view) : instance && idOf(instance.view);
    if (holder?.status === 'available' && journal.copies.has(holder.id)) journal.met.add(holder.id);
    if (journal.silence && !journal.silence.isOver) {
      if (holder?.status === 'available' && journal.copies.has(holder.id)) journal.silence.isOver = true;
      else journal.silence.until = call.at;
    }
    if (isInDoubt(call)) journal.unknownPosts += 1;
    if (!tookEffect(call)) return;
    if (call.service === 'slack') heard(drive, journal, call);
    if (call.service === 'states' && call.operation === 'StopExecution') journal.stoppedOutside += 1;
    if (call.service === 'states' && /^SendTask(Success|Failure)$/.test(call.operation)) {
      const ahead = answeredAhead(drive, call);
      if (ahead) journal.answeredAhead.add(ahead);
    }
    if (call.service !== 'rds' || reads.test(call.operation)) return;
    const after = accountOf(drive);
    for (const one of after.things)
      if (one.kind === subject.kind && !known.has(one.resourceId) && !journal.others.has(one.resourceId))
        journal.copies.add(one.resourceId);
    const fields = new URLSearchParams(call.body);
    const { on, to } = namesIn(fields);
    if (on === subject.name && to !== undefined) journal.silence ??= { from: call.at, until: call.at, isOver: false };
    journal.effects.push({
      operation: call.operation,
      at: call.at,
      fields,
      on,
      to,
      unequal: unequal(journal.wanted, settingsOf(drive, [...journal.copies].at(-1))),
      lock: lockOn(drive, subject.name),
      ...after,
    });
  });
  return journal;
}

/** Which button a request of Slack tells of (Slack: block_actions payloads). */
function pressedIn(body: string): string | undefined {
  const payload = new URLSearchParams(body).get('payload');
  const { actions } = JSON.parse(payload ?? '{}') as { actions?: { action_id: string }[] };
  return actions?.[0]?.action_id;
}

function heard(drive: Drive, journal: Journal, call: CallRecord): void {
  if (!call.operation.startsWith('chat.')) return;
  const text = decodeURIComponent(call.body.replaceAll('+', ' '));
  if (text.includes('The plan has changed, so please look again')) journal.askedAgainAt = call.at;
  if (journal.restored === undefined && /(Restored|Cloned)(, with leftovers)?: [a-z]/.test(text))
    journal.restored = { at: call.at, early: notYet(drive, journal) };
}

/** What people are told when they read “Restored” or “Cloned”, and is not true at this moment. */
function notYet(drive: Drive, { subject, before, copies, wanted }: Journal): string[] {
  const holder = accountOf(drive).things.find(
    ({ name, kind, answersByName }) => name === subject.name && kind === subject.kind && answersByName,
  );
  if (holder === undefined || !copies.has(holder.resourceId)) return ['the copy does not answer'];
  const original = before.things.find(({ name, kind }) => name === subject.name && kind === subject.kind);
  // It serves in each of these; what a change of settings has not brought about yet is found below.
  const early = /^(available|backing-up|modifying)$/.test(holder.status) ? [] : [`the copy is ${holder.status}`];
  if (original === undefined) return early;
  if (holder.tags['trapheus:run'] !== undefined) early.push('the working tag is on');
  if (holder.deletionProtection !== original.deletionProtection) early.push('its deletion protection differs');
  return [...early, ...unequal(wanted, settingsOf(drive, holder.resourceId)).map((key) => `${key} differs`)];
}

/** A post whose answer came to nobody, or that could not be written down, or that Slack says it has lost. */
function isInDoubt({ service, operation, body, status, fault }: CallRecord): boolean {
  if (fault === undefined) return false;
  if (service === 'slack' && operation === 'chat.postMessage') return fault === 'slow' || typeof status === 'string';
  // A card of which Slack says that it is not there, or nobody's to change, is posted anew.
  if (service === 'slack' && operation === 'chat.update') return fault === 'not-found' || fault === 'wrong-state';
  return service === 'dynamodb' && operation === 'UpdateItem' && body.includes('"card#');
}

function idOf(view: InstanceView | ClusterView): { id: string; status: string } {
  return 'DbiResourceId' in view
    ? { id: view.DbiResourceId, status: view.DBInstanceStatus }
    : { id: view.DbClusterResourceId, status: view.Status };
}

/** RDS names what a call is about in one of these, and in this order of weight. */
function namesIn(fields: URLSearchParams): { on: string; to: string | undefined } {
  // A cluster's member is made with the cluster's name beside its own.
  const on =
    fields.get('DBInstanceIdentifier') ?? fields.get('DBClusterIdentifier') ?? fields.get('ResourceName') ?? '';
  const to = fields.get('NewDBInstanceIdentifier') ?? fields.get('NewDBClusterIdentifier') ?? undefined;
  return { on, to };
}

/** Whatever its caller learnt of it. A refusal that nobody heard changed nothing either. */
export function tookEffect({ answered }: CallRecord): boolean {
  return answered === 200;
}
