import { boolean, type Check, matching, object, oneOf, type Shape, text, typed } from './check';

/** Slack: Block Kit, text object. */
const plainShape = (max: number): Shape => ({ required: { text: text(max) }, optional: { emoji: boolean } });
const mrkdwnShape = (max: number): Shape => ({ required: { text: text(max) }, optional: { verbatim: boolean } });

export const plain = (max: number): Check => typed({ plain_text: plainShape(max) });
export const anyText = (max: number): Check => typed({ plain_text: plainShape(max), mrkdwn: mrkdwnShape(max) });

export const url = text(3000);
/** Slack: block_id, action_id, callback_id and external_id are at most 255 characters. */
export const id = text(255);

/** Slack: Block Kit, confirmation dialog object. */
export const confirm = object({
  required: { text: anyText(300) },
  optional: { title: plain(100), confirm: plain(30), deny: plain(30), style: oneOf('primary', 'danger') },
});

/**
 * Slack: Block Kit, option object. A value may be 75 characters by the published types, while the page says 150: the
 * smaller one is certain.
 */
export const option = (words: Check, extra: Record<string, Check> = {}): Check =>
  object({ required: { text: words, value: text(75) }, optional: { description: plain(75), ...extra } });
export const plainOption = option(plain(75));
export const richOption = option(anyText(75));
export const overflowOption = option(plain(75), { url });

export const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'YYYY-MM-DD');
export const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:mm');
export const number = matching(/^-?\d+(\.\d+)?$/, 'of a number');
