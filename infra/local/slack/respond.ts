import { ApiError } from './api-error';
import { content } from './methods/chat';
import { isTrue } from './methods/method';
import type { ResponseUrl } from './response-urls';
import type { Store } from './store';
import { isEmpty } from './validate';
import { type Dict, string } from './wire';

/**
 * What an app says through a response_url, or in the answer to a slash command (Slack: Handling user interaction,
 * message responses): by default only the acting person sees it.
 */
export function respond(store: Store, target: ResponseUrl, payload: Dict): void {
  const original = target.original === undefined ? undefined : store.messages.find(target.channel, target.original);
  if (isTrue(payload.delete_original)) {
    if (original === undefined) throw new ApiError('message_not_found');
    return store.remove(original);
  }
  if (isEmpty(payload)) throw new ApiError('no_text');
  const parts = content(payload);
  if (isTrue(payload.replace_original) && original !== undefined) return store.edit(original, parts);
  const message = store.post({
    channel: target.channel,
    ...parts,
    thread_ts: string(payload.thread_ts),
    ephemeral_to: payload.response_type === 'in_channel' ? undefined : target.user,
  });
  target.original ??= message.ts;
}
