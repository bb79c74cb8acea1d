/** Where a permalink of the workspace leads: a channel and a message, or the thread that the message stands in. */
export interface Place {
  channel: string;
  ts: string;
}

export function placeOf(url: string): Place | undefined {
  const [, channel, digits] = /\/archives\/([A-Z0-9]+)\/p(\d{16})/.exec(url) ?? [];
  if (channel === undefined || digits === undefined) return undefined;
  const thread = /[?&]thread_ts=([\d.]+)/.exec(url)?.[1];
  return { channel, ts: thread ?? `${digits.slice(0, 10)}.${digits.slice(10)}` };
}
