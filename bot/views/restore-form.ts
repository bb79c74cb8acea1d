import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import * as z from 'zod';
import { digest } from '../../orchestrator/digest';
import type { Snapshot } from '../../orchestrator/ports';
import { context, option, plainText, title } from './blocks';
import { clamp, conversation, md } from './mrkdwn';
import { age, utc } from './times';

/** Slack's ids of the form and its fields. */
export const restoreFormId = 'restore-form';
export const fields = { database: 'database', snapshot: 'snapshot', reason: 'reason' } as const;
const snapshotBlock = /^snapshot(-|$)/;

export interface Filled {
  /** Where the run's messages will live. */
  channel: string;
  database?: string | undefined;
  /** A snapshot's id, or `newest`. */
  snapshot?: string | undefined;
  reason?: string | undefined;
}

export function restoreForm(filled: Filled): ModalView {
  const { channel, database, snapshot, reason } = filled;
  return {
    type: 'modal',
    callback_id: restoreFormId,
    title: title('Restore a database'),
    submit: plainText('Request'),
    close: plainText('Not now'),
    private_metadata: JSON.stringify({ channel }),
    blocks: [
      databaseField(database),
      snapshotField(database, snapshot),
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
      context(
        md`The request and everything that follows appear in ${conversation(channel)}. The database keeps serving while a copy is restored beside it.`,
      ),
    ],
  };
}

function databaseField(database: string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: fields.database,
    label: plainText('Database'),
    // Another database has other snapshots: the form has to hear of it.
    dispatch_action: true,
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
function snapshotField(database: string | undefined, snapshot: string | undefined): InputBlock {
  const chosen =
    snapshot === undefined || snapshot === 'newest' ? newestOption : option(snapshot, snapshotValue(snapshot));
  return {
    type: 'input',
    block_id: database === undefined ? fields.snapshot : `${fields.snapshot}-${digest(database).slice(0, 8)}`,
    label: plainText('Snapshot'),
    element: {
      type: 'external_select',
      action_id: fields.snapshot,
      min_query_length: 0,
      placeholder: plainText('Newest first'),
      initial_option: chosen,
    },
  };
}

export const newestOption: PlainTextOption = option('Newest available', 'newest');

/** Slack: an option's value has at most 75 characters; the id of a snapshot may have 255, and never a # in it. */
const hashed = '#';
export function snapshotValue(id: string): string {
  return id.length <= 75 ? id : hashed + digest(id);
}
export const isHashed = (value: string): boolean => value.startsWith(hashed);

export function snapshotOption(snapshot: Snapshot, now: number): PlainTextOption {
  const { id, createdAt, sizeGib, engine, version, type } = snapshot;
  const taken = createdAt === undefined ? 'time unknown' : `${age(now - createdAt)} ago · ${utc(createdAt)}`;
  const about = ` · ${sizeGib} GiB · ${engine} ${version} · ${type}`;
  return option(taken, snapshotValue(id), `${clamp(id, Math.max(20, 75 - about.length))}${about}`);
}

/** What Slack sends of a form's state, as far as this form has it (Slack: View submission payload, `state.values`). */
const Values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string(), text: z.object({ text: z.string() }).optional() }).nullish(),
    }),
  ),
);

export interface FormState {
  database: string | undefined;
  /** The value of the option: a snapshot's id, its hash, or `newest`. */
  snapshot: string | undefined;
  reason: string;
  /** The id under which the snapshot field stands now: errors name it. */
  snapshotBlock: string;
}

export function readForm(values: unknown): FormState {
  const read = Values.parse(values);
  const snapshotBlockId = Object.keys(read).find((id) => snapshotBlock.test(id)) ?? fields.snapshot;
  return {
    database: read[fields.database]?.[fields.database]?.selected_option?.value,
    snapshot: read[snapshotBlockId]?.[fields.snapshot]?.selected_option?.value,
    reason: read[fields.reason]?.[fields.reason]?.value ?? '',
    snapshotBlock: snapshotBlockId,
  };
}

const Metadata = z.object({ channel: z.string() });

/** @throws when the form is not ours. */
export function channelOf(view: { private_metadata: string }): string {
  return Metadata.parse(JSON.parse(view.private_metadata)).channel;
}
