import type { AlertBlock } from '@slack/types';
import type { Mrkdwn } from './mrkdwn';

/** What nobody should overlook. Slack: Alert block, in modals only. */
export function alert(level: 'info' | 'warning' | 'error', text: Mrkdwn): AlertBlock {
  return { type: 'alert', level, text: { type: 'mrkdwn', text } };
}
