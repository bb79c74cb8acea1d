import type { Message } from '../sandbox/wire';

/** What a channel shows to one person: whispers to others are not there, and answers are in their thread. */
export interface Timeline {
  roots: Message[];
  /** Answers by the ts of their root, oldest first. */
  replies: ReadonlyMap<string, Message[]>;
}

const none: readonly Message[] = [];

export function timelineFor(messages: readonly Message[], user: string): Timeline {
  const seen = messages.filter((message) => message.ephemeral_to === undefined || message.ephemeral_to === user);
  const isReply = (message: Message) => message.thread_ts !== undefined && message.thread_ts !== message.ts;
  return {
    roots: seen.filter((message) => !isReply(message) || message.reply_broadcast === true),
    replies: Map.groupBy(seen.filter(isReply), (message) => message.thread_ts ?? ''),
  };
}

export const repliesTo = (timeline: Timeline, ts: string): readonly Message[] => timeline.replies.get(ts) ?? none;

export const millisecondsOf = (ts: string): number => Number(ts) * 1000;
