import type { KnownBlock, ModalView } from '@slack/types';
import { alert } from './alert';
import { plainText, section, title } from './blocks';
import type { Mrkdwn } from './mrkdwn';

/** What is asked before something that was typed is done. */
export interface Question {
  /** The form's `callback_id`. */
  form: string;
  title: string;
  /** What the button says that does it. */
  yes: string;
  /** What the answer carries back: opaque, and checked again by the door. */
  value: string;
  /** What will happen, in plain words. */
  says: Mrkdwn;
  /** What is lost by it. */
  warning?: Mrkdwn;
  /** Further fields and texts. */
  more?: KnownBlock[];
}

/** Asks once more: a typed line alone changes nothing. */
export function confirmForm({ form, title: heading, yes, value, says, warning, more = [] }: Question): ModalView {
  return {
    type: 'modal',
    callback_id: form,
    title: title(heading),
    submit: plainText(yes, 24),
    close: plainText('Not now'),
    private_metadata: value,
    blocks: [section(says), ...(warning === undefined ? [] : [alert('warning', warning)]), ...more],
  };
}
