import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { Message } from '../sandbox/wire';
import { dayTitle } from '../text/date';
import { useDirectory } from '../text/directory';
import { MessageItem } from './message';
import { millisecondsOf, repliesTo, type Timeline } from './threads';

interface Props {
  channel: { id: string; name: string };
  timeline: Timeline;
  pointedAt: string | undefined;
  onThread: (ts: string) => void;
  onInspect: (message: Message) => void;
  onDismiss: (ts: string) => void;
  /** Stands before the first message. */
  children: ReactNode;
}

/** Messages that follow each other within this time share one head. */
const followingMs = 5 * 60_000;

export function MessageList({ channel, timeline, pointedAt, children, ...on }: Props): ReactNode {
  const { today } = useDirectory();
  const list = useRef<HTMLDivElement>(null);
  const { roots } = timeline;
  useStickToEnd(list, channel.id, roots.at(-1)?.ts);
  useEffect(() => {
    if (pointedAt === undefined) return;
    list.current?.querySelector(`[data-ts="${pointedAt}"]`)?.scrollIntoView({ block: 'center' });
  }, [pointedAt]);

  return (
    // The frame scrolls, so the keyboard must be able to reach it.
    <div
      className="messages"
      ref={list}
      role="log"
      aria-label={`Messages in ${channel.name}`}
      aria-relevant="additions"
      tabIndex={0}
    >
      <div className="messages-inner">
        {children}
        {roots.map((message, index) => {
          const before = roots[index - 1];
          const day = dayTitle(millisecondsOf(message.ts), today);
          const isNewDay = before === undefined || dayTitle(millisecondsOf(before.ts), today) !== day;
          const replies = repliesTo(timeline, message.ts);
          return (
            <div className="entry" key={message.ts}>
              {isNewDay && (
                <div className="day">
                  <span>{day}</span>
                </div>
              )}
              <WithReplies
                message={message}
                channel={channel.id}
                count={replies.length}
                lastTs={replies.at(-1)?.ts}
                isFollowing={!isNewDay && follows(before, message)}
                isPointedAt={pointedAt === message.ts}
                {...on}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Plain values, so that a message is not drawn again because its neighbour changed. */
function WithReplies({
  count,
  lastTs,
  ...props
}: {
  message: Message;
  channel: string;
  count: number;
  lastTs: string | undefined;
  isFollowing: boolean;
  isPointedAt: boolean;
  onThread: (ts: string) => void;
  onInspect: (message: Message) => void;
  onDismiss: (ts: string) => void;
}): ReactNode {
  const replies = useRef<{ count: number; lastTs: string | undefined }>(undefined);
  if (replies.current?.count !== count || replies.current.lastTs !== lastTs) replies.current = { count, lastTs };
  return <MessageItem {...props} replies={replies.current} />;
}

function follows(before: Message, message: Message): boolean {
  const isNear = millisecondsOf(message.ts) - millisecondsOf(before.ts) < followingMs;
  return (
    isNear &&
    before.user === message.user &&
    before.ephemeral_to === message.ephemeral_to &&
    before.blocks.length < 4 &&
    message.blocks.length < 4
  );
}

/** A list that shows its end keeps showing it; one that somebody has scrolled stays where it is. */
function useStickToEnd(list: RefObject<HTMLDivElement | null>, channel: string, newest: string | undefined): void {
  const isAtEnd = useRef(true);
  const shown = useRef<{ channel: string; newest: string | undefined }>(undefined);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const toEnd = () => {
      element.scrollTop = element.scrollHeight;
    };
    const sizeOf = () => `${element.clientWidth} ${element.clientHeight} ${element.scrollHeight}`;
    let size = sizeOf();
    const watch = () => {
      // A thread that opens beside it makes it narrower: that moves the messages, and nobody has scrolled.
      if (sizeOf() !== size) return;
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
    };
    const resized = new ResizeObserver(() => {
      size = sizeOf();
      if (isAtEnd.current) toEnd();
    });
    element.addEventListener('scroll', watch, { passive: true });
    resized.observe(element);
    if (element.firstElementChild) resized.observe(element.firstElementChild);
    return () => {
      element.removeEventListener('scroll', watch);
      resized.disconnect();
    };
  }, [list]);

  useLayoutEffect(() => {
    const element = list.current;
    const isOther = shown.current?.channel !== channel;
    if (element !== null && (isOther || (isAtEnd.current && shown.current?.newest !== newest))) {
      element.scrollTop = element.scrollHeight;
      isAtEnd.current = true;
    }
    shown.current = { channel, newest };
  }, [list, channel, newest]);
}
