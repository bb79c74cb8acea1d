import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import { clamp, join, type Mrkdwn } from './mrkdwn';

/** A message as Slack takes it. `text` is what notifications and screen readers say: always a whole sentence. */
export interface Message {
  text: Mrkdwn;
  blocks: KnownBlock[];
}

/** Slack: at most 150 characters in a header, 75 on a button and in an option, 24 in a modal's title. */
const limits = {
  header: 150,
  button: 75,
  option: 75,
  title: 24,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
};

export function plainText(text: string, max = 3000): PlainTextElement {
  return { type: 'plain_text', text: clamp(text, max), emoji: true };
}

export const title = (text: string): PlainTextElement => plainText(text, limits.title);

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, limits.header) };
}

export function section(text: Mrkdwn): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

/** All lines, in as many sections as they need: Slack takes 3000 characters in each. */
export function sections(all: readonly Mrkdwn[], most = 2900): SectionBlock[] {
  const parts: Mrkdwn[][] = [];
  let length = most;
  for (const line of all) {
    length += line.length + 1;
    if (length > most) {
      parts.push([]);
      length = line.length + 1;
    }
    parts.at(-1)?.push(line);
  }
  return parts.map((part) => section(join(part, '\n')));
}

export function fields(all: Mrkdwn[]): SectionBlock {
  return { type: 'section', fields: all.map((text) => ({ type: 'mrkdwn', text })) };
}

export function context(text: Mrkdwn): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] };
}

export function actions(elements: Button[]): ActionsBlock {
  return { type: 'actions', elements };
}

export interface ButtonParts {
  action: string;
  text: string;
  value: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
}

export function button({ action, text, value, style, confirm }: ButtonParts): Button {
  return {
    type: 'button',
    action_id: action,
    text: plainText(text, limits.button),
    value,
    ...(style && { style }),
    ...(confirm && { confirm }),
  };
}

/** Asks before something is done; the words say exactly what. */
export function confirm(ask: { title: string; text: string; yes: string; danger?: boolean }): ConfirmationDialog {
  return {
    title: plainText(ask.title, limits.confirmTitle),
    text: plainText(ask.text, limits.confirmText),
    confirm: plainText(ask.yes, limits.confirmButton),
    deny: plainText('Not now', limits.confirmButton),
    ...(ask.danger && { style: 'danger' as const }),
  };
}

export function option(text: string, value: string, description?: string): PlainTextOption {
  return {
    text: plainText(text, limits.option),
    value,
    ...(description && { description: plainText(description, limits.option) }),
  };
}
