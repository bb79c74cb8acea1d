import type { ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { Freeze } from '../../orchestrator/ports';
import { plainText } from './blocks';
import { confirmForm } from './confirm-form';
import { escape, md, user } from './mrkdwn';
import { moment } from './times';

export const freezeFormId = 'freeze-form';
export const unfreezeFormId = 'unfreeze-form';
export const freezeReason = 'reason';

/** `channel`: where it was typed, and where people are told. */
export function freezeForm(channel: string, reason: string): ModalView {
  return confirmForm({
    form: freezeFormId,
    title: 'Freeze everything?',
    yes: 'Freeze',
    value: channel,
    says: md`No run starts and no gate opens, for anybody, until an administrator unfreezes. What runs already goes on, and can be cancelled run by run.`,
    more: [
      {
        type: 'input',
        block_id: freezeReason,
        label: plainText('Why?'),
        hint: plainText('Everybody who is refused reads it.'),
        element: {
          type: 'plain_text_input',
          action_id: freezeReason,
          max_length: 300,
          ...(reason && { initial_value: reason.slice(0, 300) }),
        },
      },
    ],
  });
}

export function unfreezeForm(channel: string, { by, at, reason }: Freeze): ModalView {
  return confirmForm({
    form: unfreezeFormId,
    title: 'Unfreeze?',
    yes: 'Unfreeze',
    value: channel,
    says: md`${user(by)} froze everything ${moment(at)}: ${escape(reason, 400)}\nRuns can be requested again, and gates with enough approvals open at once.`,
  });
}

const Values = z.object({
  [freezeReason]: z.object({ [freezeReason]: z.object({ value: z.nullish(z.string()) }) }),
});

export function readFreezeReason(values: unknown): string {
  return Values.parse(values)[freezeReason][freezeReason].value?.trim() ?? '';
}
