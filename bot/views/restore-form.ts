import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import * as z from 'zod/mini';
import { digest } from '../../orchestrator/digest';
import type { Snapshot, Window } from '../../orchestrator/ports';
import { isSetAsideFirst, type TargetKind, type Wish } from '../../orchestrator/wish';
import { utc } from '../../orchestrator/zones';
import { context, option, plainText, title } from './blocks';
import { clamp, conversation, escape, md } from './mrkdwn';
import { isStart, type Start, startField, startFields } from './start-field';
import { age, inZone } from './times';

/** Slack's ids of the form and its fields. */
export const restoreFormId = 'restore-form';
export const fields = {
  channel: 'channel',
  database: 'database',
  snapshot: 'snapshot',
  at: 'at',
  target: 'target',
  name: 'name',
  keep: 'keep',
  otherVersion: 'other-version',
  keepWrites: 'keep-writes',
  reason: 'reason',
  ...startFields,
} as const;
const snapshotBlock = /^snapshot(-|$)/;

/** Sources that are no snapshot yet; no identifier of a snapshot begins so. */
export const freshSource = '@now';
export const timeSource = '@time';
export const cloneSource = '@clone';

const targets = {
  replace: 'Its own name: replace it',
  new: 'A new database beside it (clone)',
  onto: 'Onto another database’s name',
};
const ChosenTarget = z.enum(['replace', 'new', 'onto']);

export interface Filled {
  /** Where it is asked for, and where the run's messages live unless a rule says otherwise. */
  channel: string | undefined;
  /** Opened where there is no channel: the form asks for one. */
  asksChannel?: boolean | undefined;
  database?: string | undefined;
  /** The value of a source option: a snapshot's id or its hash, `newest`, `@now`, `@time` or `@clone`. */
  snapshot?: string | undefined;
  /** How the chosen source reads in the menu; absent: its value says enough. */
  snapshotText?: string | undefined;
  /** The point in time, in seconds since the epoch. */
  at?: number | undefined;
  /** What to say beside the point in time: between which moments it may lie. */
  window?: string | undefined;
  target?: TargetKind | undefined;
  name?: string | undefined;
  keepHours?: number | undefined;
  /** No write is to be lost between the fresh snapshot and the swap. */
  keepsWrites?: boolean | undefined;
  /** Why an explicit yes is needed; absent: it is not. */
  otherVersion?: string | undefined;
  reason?: string | undefined;
  start?: Start | undefined;
  /** A time to start at, in seconds since the epoch. */
  startAt?: number | undefined;
}

export function restoreForm(filled: Filled): ModalView {
  const { channel, asksChannel = false, reason } = filled;
  const serves = offersKeepingWrites(filled)
    ? 'A copy is restored beside the database.'
    : 'The database keeps serving while a copy is restored beside it.';
  const isSnapshot = filled.target === 'none';
  const where =
    asksChannel || channel === undefined
      ? md`The request and everything that follows appear in that channel.`
      : md`The request and everything that follows appear in ${conversation(channel)}.`;
  return {
    type: 'modal',
    callback_id: restoreFormId,
    title: title(isSnapshot ? 'Take a snapshot' : 'Restore a database'),
    submit: plainText(isSnapshot ? 'Request' : 'Review'),
    close: plainText('Not now'),
    private_metadata: JSON.stringify({ ...(!asksChannel && { channel }), ...(isSnapshot && { only: 'snapshot' }) }),
    blocks: [
      ...(asksChannel ? [channelField(channel)] : []),
      databaseField(filled.database, !isSnapshot),
      ...(isSnapshot ? [] : wishFields(filled)),
      {
        type: 'input',
        block_id: fields.reason,
        label: plainText('Why?'),
        hint: plainText('The approvers and the audit read it.'),
        element: {
          type: 'plain_text_input',
          action_id: fields.reason,
          multiline: true,
          max_length: 1000,
          ...(reason && { initial_value: clamp(reason, 1000) }),
        },
      },
      ...startField(filled),
      context(
        isSnapshot
          ? md`${where} Nothing but the snapshot is made.`
          : md`${where} ${escape(serves)} The next page shows what is known before anything is sent.`,
      ),
    ],
  };
}

function channelField(channel: string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: fields.channel,
    label: plainText('Channel'),
    hint: plainText('Where the people are who approve it. I have to be in it.'),
    element: {
      type: 'conversations_select',
      action_id: fields.channel,
      placeholder: plainText('Choose a channel'),
      filter: { include: ['public', 'private'], exclude_external_shared_channels: true, exclude_bot_users: true },
      ...(channel === undefined ? { default_to_current_conversation: true } : { initial_conversation: channel }),
    },
  };
}

/** The form as it was when this was asked for. */
export function filledFrom({ database, source, target, reason }: Wish & { reason: string }): Omit<Filled, 'channel'> {
  const from = {
    snapshot: { snapshot: source.kind === 'snapshot' ? source.snapshot : undefined },
    newest: {},
    now: { snapshot: freshSource, keepsWrites: isSetAsideFirst(source) },
    clone: { snapshot: cloneSource },
    time: { snapshot: timeSource, at: source.kind === 'time' ? source.at / 1000 : undefined },
  }[source.kind];
  const name = target.kind === 'new' || target.kind === 'onto' ? target.name : undefined;
  // What is gone is asked for like what is there; the door knows which it is.
  const kind = target.kind === 'back' ? 'replace' : target.kind;
  const keepMs = target.kind === 'new' ? target.keepMs : undefined;
  const keepHours = keepMs === undefined ? undefined : Math.max(1, Math.round(keepMs / 3_600_000));
  return { database, ...from, target: kind, name, keepHours, reason };
}

/** Where from and where to; a field that a choice does not need is not shown. */
function wishFields(filled: Filled): InputBlock[] {
  const { target = 'replace' } = filled;
  return [
    snapshotField(filled),
    ...(filled.snapshot === timeSource ? [atField(filled.at, filled.window)] : []),
    ...(filled.otherVersion === undefined ? [] : [otherVersionField(filled.otherVersion)]),
    targetField(target),
    ...(target === 'replace' ? [] : [nameField(target, filled.name)]),
    ...(target === 'new' ? [keepField(filled.keepHours)] : []),
    ...(offersKeepingWrites(filled) ? [keepWritesField(filled.keepsWrites ?? false)] : []),
  ];
}

/** What to say beside the field for a point in time. */
export function windowWords(window: Window | undefined, zone: string): string {
  if (window === undefined)
    return 'It cannot be restored to a point in time: automated backups are off, or the first is not finished.';
  return `From ${inZone(window.from, zone)} to ${inZone(window.to, zone)}, in your time zone.`;
}

/** Only what is replaced by its own fresh snapshot can be set aside before that is taken. */
export const offersKeepingWrites = ({ snapshot, target = 'replace' }: Pick<Filled, 'snapshot' | 'target'>): boolean =>
  snapshot === freshSource && target === 'replace';

function databaseField(database: string | undefined, hasSnapshots: boolean): InputBlock {
  return {
    type: 'input',
    block_id: fields.database,
    label: plainText('Database'),
    // Another database has other snapshots: the form has to hear of it.
    ...(hasSnapshots && { dispatch_action: true }),
    element: {
      type: 'external_select',
      action_id: fields.database,
      placeholder: plainText('Type a part of its name'),
      min_query_length: 0,
      ...(database && { initial_option: option(database, clamp(database, 75)) }),
    },
  };
}

/** The block's id changes with the database, so that Slack does not keep a snapshot of the one chosen before. */
function snapshotField({ database, snapshot = 'newest', snapshotText }: Filled): InputBlock {
  const known = [newestOption, freshOption, timeOption, cloneOption].find(({ value }) => value === snapshot);
  const value = isHashed(snapshot) ? snapshot : snapshotValue(snapshot);
  return {
    type: 'input',
    block_id: database === undefined ? fields.snapshot : `${fields.snapshot}-${digest(database).slice(0, 8)}`,
    label: plainText('Data from'),
    // A point in time needs one more field.
    dispatch_action: true,
    element: {
      type: 'external_select',
      action_id: fields.snapshot,
      min_query_length: 0,
      placeholder: plainText('Newest first'),
      initial_option: known ?? option(snapshotText ?? snapshot, value),
    },
  };
}

function atField(at: number | undefined, window: string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: fields.at,
    label: plainText('As of'),
    hint: plainText(window ?? 'In your own time zone. The last minutes before now are not restorable yet.', 500),
    element: {
      type: 'datetimepicker',
      action_id: fields.at,
      ...(at !== undefined && { initial_date_time: at }),
    },
  };
}

function targetField(target: TargetKind): InputBlock {
  const options = Object.entries(targets).map(([value, text]) => option(text, value));
  const chosen = options.find(({ value }) => value === target);
  return {
    type: 'input',
    block_id: fields.target,
    label: plainText('Restore to'),
    dispatch_action: true,
    element: {
      type: 'static_select',
      action_id: fields.target,
      options,
      ...(chosen && { initial_option: chosen }),
    },
  };
}

function nameField(target: TargetKind, name: string | undefined): InputBlock {
  const isNew = target === 'new';
  return {
    type: 'input',
    block_id: fields.name,
    label: plainText(isNew ? 'Name of the clone' : 'Onto which database'),
    hint: plainText(
      isNew
        ? 'Small letters, digits and hyphens; nobody may have it yet.'
        : 'It keeps its settings and gets the data; what it is now is set aside for Undo.',
    ),
    element: {
      type: 'plain_text_input',
      action_id: fields.name,
      max_length: 63,
      ...(name && { initial_value: clamp(name, 63) }),
    },
  };
}

function keepField(hours: number | undefined): InputBlock {
  return {
    type: 'input',
    block_id: fields.keep,
    optional: true,
    label: plainText('Keep it for how many hours?'),
    hint: plainText('Empty: as policy.yml says. You are warned before it is removed.'),
    element: {
      type: 'number_input',
      action_id: fields.keep,
      is_decimal_allowed: false,
      min_value: '1',
      ...(hours !== undefined && { initial_value: String(hours) }),
    },
  };
}

function keepWritesField(isChosen: boolean): InputBlock {
  const yes = option('Keep every write: nobody answers until the copy has its name', 'yes');
  return {
    type: 'input',
    block_id: fields.keepWrites,
    optional: true,
    label: plainText('Writes after the snapshot'),
    hint: plainText(
      'Without it, writes between the fresh snapshot and the swap are lost. With it, the database is set aside first, and the outage lasts as long as the whole restore.',
    ),
    element: {
      type: 'checkboxes',
      action_id: fields.keepWrites,
      options: [yes],
      ...(isChosen && { initial_options: [yes] }),
    },
  };
}

function otherVersionField(why: string): InputBlock {
  return {
    type: 'input',
    block_id: fields.otherVersion,
    label: plainText('Another major version'),
    hint: plainText(clamp(why, 500)),
    element: {
      type: 'checkboxes',
      action_id: fields.otherVersion,
      options: [option('Yes, RDS’s default parameter and option groups will do', 'yes')],
    },
  };
}

export const newestOption: PlainTextOption = option('Newest available', 'newest');
export const freshOption: PlainTextOption = option('A fresh snapshot, taken now', freshSource);
export const timeOption: PlainTextOption = option('A point in time', timeSource);
export const cloneOption: PlainTextOption = option('An Aurora clone of what it holds now', cloneSource);

/** Slack: an option's value has at most 75 characters; the id of a snapshot may have 255, and never a # in it. */
const hashed = '#';
export function snapshotValue(id: string): string {
  return id.length <= 75 ? id : hashed + digest(id);
}
export const isHashed = (value: string): boolean => value.startsWith(hashed);

export function snapshotOption(snapshot: Snapshot, now: number): PlainTextOption {
  const { id, createdAt, sizeGib, engine, version, type, encrypted } = snapshot;
  const taken = createdAt === undefined ? 'time unknown' : `${age(now - createdAt)} ago · ${utc(createdAt)}`;
  const safety = encrypted ? 'encrypted' : 'not encrypted';
  const about = ` · ${sizeGib} GiB · ${engine} ${version} · ${type}`;
  return option(`${taken} · ${safety}`, snapshotValue(id), `${clamp(id, Math.max(20, 75 - about.length))}${about}`);
}

/** What Slack sends of a form's state, as far as this form has it (Slack: View submission payload, `state.values`). */
const Values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.nullish(z.string()),
      selected_option: z.nullish(z.object({ value: z.string(), text: z.optional(z.object({ text: z.string() })) })),
      selected_options: z.nullish(z.array(z.object({ value: z.string() }))),
      selected_date_time: z.nullish(z.number()),
      selected_conversation: z.nullish(z.string()),
    }),
  ),
);

export interface FormState {
  database: string | undefined;
  /** The value of the source option: a snapshot's id or its hash, `newest`, `@now`, `@time` or `@clone`. */
  snapshot: string | undefined;
  snapshotText: string | undefined;
  at: number | undefined;
  target: z.infer<typeof ChosenTarget>;
  name: string | undefined;
  keepHours: number | undefined;
  acceptsOtherVersion: boolean;
  keepsWrites: boolean;
  reason: string;
  start: Start;
  startAt: number | undefined;
  /** The id under which the snapshot field stands now: errors name it. */
  snapshotBlock: string;
  /** Ids of the blocks that the form shows. */
  shown: string[];
}

/** @throws when a choice is none that the form offers. */
export function readForm(values: unknown): FormState {
  const read = Values.parse(values);
  const snapshotBlockId = Object.keys(read).find((id) => snapshotBlock.test(id)) ?? fields.snapshot;
  const field = (id: string, block = id) => read[block]?.[id];
  const source = field(fields.snapshot, snapshotBlockId)?.selected_option;
  const hours = field(fields.keep)?.value;
  const start = field(fields.start)?.selected_option?.value ?? 'now';
  const isYes = (id: string) => field(id)?.selected_options?.some(({ value }) => value === 'yes') ?? false;
  return {
    database: field(fields.database)?.selected_option?.value,
    snapshot: source?.value,
    snapshotText: source?.text?.text,
    at: field(fields.at)?.selected_date_time ?? undefined,
    target: ChosenTarget.parse(field(fields.target)?.selected_option?.value ?? 'replace'),
    name: field(fields.name)?.value?.trim().toLowerCase() ?? undefined,
    keepHours: hours ? Number(hours) : undefined,
    acceptsOtherVersion: isYes(fields.otherVersion),
    keepsWrites: isYes(fields.keepWrites),
    reason: field(fields.reason)?.value ?? '',
    start: isStart(start) ? start : 'now',
    startAt: field(fields.startAt)?.selected_date_time ?? undefined,
    snapshotBlock: snapshotBlockId,
    shown: Object.keys(read),
  };
}

const Metadata = z.object({ channel: z.optional(z.string()), only: z.optional(z.literal('snapshot')) });

/** A view of ours, as Slack sends it back. */
interface Sent {
  private_metadata: string;
  state: { values: unknown };
}

/**
 * Where it is asked for: where the form was opened, or what was chosen in it.
 * @throws when the form is not ours.
 */
export function placeOf({ private_metadata, state }: Sent): Pick<Filled, 'channel' | 'asksChannel'> {
  const { channel } = Metadata.parse(JSON.parse(private_metadata));
  if (channel !== undefined) return { channel };
  const chosen = Values.parse(state.values)[fields.channel]?.[fields.channel]?.selected_conversation;
  return { channel: chosen ?? undefined, asksChannel: true };
}

/** The form asks for a snapshot and for nothing else. */
export function asksForSnapshot(view: { private_metadata: string }): boolean {
  return Metadata.parse(JSON.parse(view.private_metadata)).only === 'snapshot';
}
