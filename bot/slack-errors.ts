import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** Slack errors after which trying again changes nothing (Slack: chat.postMessage, Errors). */
const closedDoors = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
  'cannot_reply_to_message',
  'no_permission',
];
/** Slack does not take the blocks; it would not take them later either. */
const badBlocks = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];
/** The message that we knew is not there any more, or not ours to change. */
const lostMessages = ['message_not_found', 'cant_update_message', 'thread_not_found', 'edit_window_closed'];
/** Slack's own words for “not now” come as errors of the method too. */
const passing = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

/** Slack's word for what is wrong; undefined when it is no answer of a method. */
export function platformError(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** Why Slack will take no message here; undefined when that is not what is wrong. */
export function closedDoor(error: unknown): string | undefined {
  const code = platformError(error);
  return code !== undefined && closedDoors.includes(code) ? code : undefined;
}

export const areBlocksRefused = (error: unknown): boolean => badBlocks.includes(platformError(error) ?? '');

export const isMessageLost = (error: unknown): boolean => lostMessages.includes(platformError(error) ?? '');

/** How many seconds Slack wants to be left alone (Retry-After); undefined when it did not say so. */
export const retryAfterSeconds = (error: unknown): number | undefined =>
  error instanceof WebAPIRateLimitedError ? error.retryAfter : undefined;

/** The same call may do in a while. */
export function isPassing(error: unknown): boolean {
  const isTransport =
    error instanceof WebAPIRateLimitedError || error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError;
  return isTransport || isMessageLost(error) || passing.includes(platformError(error) ?? '');
}
