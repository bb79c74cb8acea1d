import type { ModalView } from '@slack/types';
import { plainText, section, title } from './blocks';
import type { Mrkdwn } from './mrkdwn';

/** A dialog that only says something. */
export function notice(heading: string, text: Mrkdwn): ModalView {
  return { type: 'modal', title: title(heading), close: plainText('Close', 24), blocks: [section(text)] };
}
