import type { ModalView } from '@slack/types';
import { plainText, section, title } from './blocks';
import type { Mrkdwn } from './mrkdwn';

/**
 * A dialog that only says something.
 * `closesAll`: what lies below goes with it; `close`: what its only button says.
 */
export function notice(
  heading: string,
  text: Mrkdwn,
  { closesAll = false, close = 'Close' }: { closesAll?: boolean; close?: string } = {},
): ModalView {
  return {
    type: 'modal',
    title: title(heading),
    close: plainText(close, 24),
    ...(closesAll && { clear_on_close: true }),
    blocks: [section(text)],
  };
}
