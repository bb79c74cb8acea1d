import { memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Blocks } from '../block-kit/blocks';
import { type Surface, SurfaceProvider } from '../block-kit/surface';
import { useActing } from '../block-kit/use-acting';
import type { Message, StateValues } from '../sandbox/wire';
import { clockSeconds, clockTime } from '../text/date';
import { nameOf, useDirectory } from '../text/directory';
import { Mrkdwn } from '../text/mrkdwn-text';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { Shortcuts } from './shortcuts';
import { millisecondsOf } from './threads';

export interface MessageProps {
  message: Message;
  channel: string;
  /** Answers in its thread; only for messages of the channel itself. */
  replies?: { count: number; lastTs: string | undefined } | undefined;
  /** The same author as just before: without avatar and name. */
  isFollowing?: boolean;
  isPointedAt?: boolean;
  onThread?: ((ts: string) => void) | undefined;
  onInspect: (message: Message) => void;
  onDismiss: (ts: string) => void;
}

export const MessageItem = memo(function MessageItem(props: MessageProps): ReactNode {
  const { message, channel, replies, isFollowing = false, isPointedAt = false } = props;
  const directory = useDirectory();
  const { me } = directory;
  const acting = useActing(me, { message_ts: message.ts, channel }, message.blocks);
  const [values, setValues] = useState<StateValues>({});
  const [trouble, setTrouble] = useState('');
  const frame = useFocusKept(message);
  const isApp = message.bot_id !== undefined || !directory.people.has(message.user);
  const author = message.bot_id === undefined ? nameOf(directory, message.user) : 'Trapheus';
  const at = millisecondsOf(message.ts);
  const { press, suggest } = acting;

  const surface = useMemo<Surface>(
    () => ({
      kind: 'message',
      valueOf: (blockId, actionId) => values[blockId]?.[actionId],
      change: (blockId, actionId, value) =>
        setValues((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } })),
      press: (pressed) => press(pressed),
      suggest,
      errors: {},
    }),
    [values, press, suggest],
  );
  const classes = [
    'message',
    isFollowing && 'is-following',
    message.ephemeral_to && 'is-whisper',
    isPointedAt && 'is-pointed-at',
  ];

  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      ref={frame}
      tabIndex={-1}
      aria-label={`${author}, ${clockTime(at)}`}
      data-ts={message.ts}
    >
      <div className="message-side">
        {isFollowing ? (
          <span className="message-time">{clockTime(at)}</span>
        ) : (
          <Avatar id={message.user} name={author} isApp={message.bot_id !== undefined} />
        )}
      </div>
      <div className="message-main">
        {!isFollowing && (
          <header className="message-head">
            <strong className="author">{author}</strong>
            {isApp && <span className="badge">APP</span>}
            <time dateTime={new Date(at).toISOString()} title={`${new Date(at).toDateString()}, ${clockSeconds(at)}`}>
              {clockTime(at)}
            </time>
          </header>
        )}
        {message.ephemeral_to && (
          <div className="whisper">
            <Icon name="eye" size={14} /> Only visible to you ·{' '}
            <button type="button" className="link" onClick={() => props.onDismiss(message.ts)}>
              Dismiss
            </button>
          </div>
        )}
        <SurfaceProvider value={surface}>
          {message.blocks.length > 0 ? <Blocks blocks={message.blocks} /> : <Mrkdwn source={message.text} />}
        </SurfaceProvider>
        {message.edited && <span className="muted edited">(edited)</span>}
        <Notice words={acting.notice} onDismiss={acting.forget} />
        <Notice words={trouble} onDismiss={() => setTrouble('')} />
        {replies && replies.count > 0 && (
          <button type="button" className="thread-bar" onClick={() => props.onThread?.(message.ts)}>
            <Icon name="thread" size={15} />
            <strong>{replies.count === 1 ? '1 reply' : `${replies.count} replies`}</strong>
            {replies.lastTs && <span className="muted">Last at {clockTime(millisecondsOf(replies.lastTs))}</span>}
            <span className="thread-open">View thread</span>
          </button>
        )}
      </div>
      <div className="message-tools" role="toolbar" aria-label="Message">
        {props.onThread && !message.ephemeral_to && (
          <button
            type="button"
            title="Open the thread"
            aria-label="Open the thread"
            onClick={() => props.onThread?.(message.thread_ts ?? message.ts)}
          >
            <Icon name="thread" />
          </button>
        )}
        <button
          type="button"
          title="Show the blocks"
          aria-label="Show the blocks"
          onClick={() => props.onInspect(message)}
        >
          <Icon name="code" />
        </button>
        {!message.ephemeral_to && <Shortcuts message={{ ts: message.ts, channel }} onNotice={setTrouble} />}
      </div>
    </article>
  );
});

/** When an update takes the pressed button away, the keyboard stays at the message instead of the top of the page. */
function useFocusKept(message: Message) {
  const frame = useRef<HTMLElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    if (hadFocus.current && document.activeElement === document.body) element.focus({ preventScroll: true });
    const remember = () => {
      hadFocus.current = true;
    };
    const forget = (event: FocusEvent) => {
      // Without a next target the focus may have been lost with its button.
      if (event.relatedTarget !== null) hadFocus.current = false;
    };
    element.addEventListener('focusin', remember);
    element.addEventListener('focusout', forget);
    return () => {
      element.removeEventListener('focusin', remember);
      element.removeEventListener('focusout', forget);
    };
  }, [message]);
  return frame;
}
