import * as z from 'zod/mini';

/** Requests that were taken: whoever takes one first answers it, and nobody else does. */
export interface Seen {
  take(key: string, holder: string, nowMs: number): Promise<boolean>;
  giveBack(key: string): Promise<void>;
}

const Event = z.object({ type: z.literal('event_callback'), event_id: z.string() });

/** What does nothing may be asked as often as anybody likes. */
const harmless = ['url_verification', 'block_suggestion'];

/**
 * What a request has in common with its copies. An event that was not answered in time comes again under another
 * signature (Slack: Events API, Retries; `X-Slack-Retry-Num`), so its id counts. Everything else comes once; a second
 * time, with the same signature, it is a copy that somebody has recorded. Undefined: it may come as often as it likes.
 */
export function onceKey(payload: Record<string, unknown>, signature: string): string | undefined {
  if (typeof payload.type === 'string' && harmless.includes(payload.type)) return undefined;
  const event = Event.safeParse(payload);
  return event.success ? `event#${event.data.event_id}` : signature;
}
