import type { KnownBlock, ModalView } from '@slack/types';
import * as z from 'zod/mini';
import { alert } from './alert';
import { plainText, section, title } from './blocks';
import { code, type Mrkdwn, md } from './mrkdwn';

export const glassFormId = 'break-glass-form';
export const glassRequestFormId = 'break-glass-request-form';
export const glassFields = { reason: 'reason', name: 'name' } as const;

export interface GlassQuestion {
  /** Which form answers it. */
  form: typeof glassFormId | typeof glassRequestFormId;
  /** What the form carries. */
  value: string;
  /** What has to be typed. */
  database: string;
  /** What is passed over, in a sentence. */
  passedOver: Mrkdwn;
  reason?: string;
}

/** An emergency: says what is passed over and who is told, asks why, and has the database's name typed by hand. */
export function glassForm({ form, value, database, passedOver, reason }: GlassQuestion): ModalView {
  return {
    type: 'modal',
    callback_id: form,
    title: title('Break the glass'),
    submit: plainText('Break the glass', 24),
    close: plainText('Not now', 24),
    private_metadata: value,
    blocks: [
      alert('error', md`For emergencies only: nobody looks at this plan but you.`),
      section(
        md`${passedOver} All approvers are told at once, with your name and your reason, and the record keeps it.`,
      ),
      input(glassFields.reason, 'Why can nobody be asked?', { multiline: true, max_length: 500 }, reason),
      input(glassFields.name, 'Type the name of the database', { max_length: 63 }),
      section(md`The name is ${code(database, 63)}.`),
    ],
  };
}

function input(
  id: string,
  label: string,
  limits: { multiline?: boolean; max_length: number },
  initial?: string,
): KnownBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label),
    element: { type: 'plain_text_input', action_id: id, ...limits, ...(initial && { initial_value: initial }) },
  };
}

const Field = z.object({ value: z.nullish(z.string()) });
const Values = z.object({
  [glassFields.reason]: z.object({ [glassFields.reason]: Field }),
  [glassFields.name]: z.object({ [glassFields.name]: Field }),
});

export function readGlass(values: unknown): { reason: string; typed: string } {
  const { reason, name } = Values.parse(values);
  return { reason: reason.reason.value?.trim() ?? '', typed: name.name.value?.trim() ?? '' };
}
