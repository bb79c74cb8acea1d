import { useCallback, useState } from 'react';
import type { Channel, Message, UserGroup } from '../sandbox/wire';
import { timelineFor } from './threads';

export interface Unread {
  count: number;
  /** How many of them name this person. */
  mentions: number;
}

/** Up to which ts each person has read each channel, for as long as the page is open. */
export function useReadMarks(groups: readonly UserGroup[]) {
  const [marks, setMarks] = useState<Readonly<Record<string, string>>>({});
  const markRead = useCallback((user: string, channel: string, ts: string) => {
    const key = `${user} ${channel}`;
    setMarks((before) => ((before[key] ?? '') >= ts ? before : { ...before, [key]: ts }));
  }, []);
  const unreadIn = (channel: Channel, user: string): Unread => {
    const read = marks[`${user} ${channel.id}`] ?? '';
    const fresh = timelineFor(channel.messages, user).roots.filter(
      ({ ts, user: author }) => ts > read && author !== user,
    );
    return { count: fresh.length, mentions: fresh.filter((message) => names(message, user, groups)).length };
  };
  return { markRead, unreadIn };
}

function names({ text, ephemeral_to }: Message, user: string, groups: readonly UserGroup[]): boolean {
  const mine = groups.filter(({ users }) => users.includes(user)).map(({ id }) => `<!subteam^${id}`);
  return ephemeral_to === user || [`<@${user}>`, ...mine].some((mention) => text.includes(mention));
}
