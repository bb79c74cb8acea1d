import type { ModalView } from '@slack/types';
import * as z from 'zod/mini';
import { plainText, section, title } from './blocks';
import { code, md } from './mrkdwn';

export const denyFormId = 'deny-form';
export const reasonField = 'reason';

/** Asks why; `value` is what the Deny button carried. */
export function denyForm(value: string, run: string, reason = ''): ModalView {
  return {
    type: 'modal',
    callback_id: denyFormId,
    title: title('Deny the request'),
    submit: plainText('Deny'),
    close: plainText('Not now'),
    private_metadata: value,
    blocks: [
      section(md`Run ${code(run, 20)} ends, and the database stays as it is. The requester reads your reason.`),
      {
        type: 'input',
        block_id: reasonField,
        label: plainText('Why?'),
        element: {
          type: 'plain_text_input',
          action_id: reasonField,
          multiline: true,
          max_length: 500,
          ...(reason && { initial_value: reason.slice(0, 500) }),
        },
      },
    ],
  };
}

const Values = z.object({ [reasonField]: z.object({ [reasonField]: z.object({ value: z.nullish(z.string()) }) }) });

export function readDenial(values: unknown): string | undefined {
  return Values.parse(values)[reasonField][reasonField].value?.trim() || undefined;
}
