import { type ReactNode, useEffect, useRef } from 'react';
import type { Message } from '../sandbox/wire';
import { Icon } from '../ui/icon';
import { MessageItem } from './message';

interface Props {
  channel: { id: string; name: string };
  root: Message;
  replies: readonly Message[];
  onClose: () => void;
  onInspect: (message: Message) => void;
  onDismiss: (ts: string) => void;
}

export function ThreadPane({ channel, root, replies, onClose, onInspect, onDismiss }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const rule = useRef<HTMLDivElement>(null);
  useEffect(() => {
    heading.current?.focus();
    // A card may be longer than the pane: what people come for stands below it.
    const body = rule.current?.parentElement;
    if (body) body.scrollTop = (rule.current?.offsetTop ?? 0) - 120;
  }, []);
  const shared = { channel: channel.id, onInspect, onDismiss };
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
    >
      <header className="pane-head">
        <div className="pane-title">
          <h2 ref={heading} tabIndex={-1}>
            Thread
          </h2>
          <span className="muted">#{channel.name}</span>
        </div>
        <button type="button" className="icon-button" aria-label="Close the thread" title="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div
        className="thread-body"
        role="log"
        aria-label="Messages in the thread"
        aria-relevant="additions"
        tabIndex={0}
      >
        <MessageItem message={root} {...shared} />
        <div className="thread-rule" ref={rule}>
          <span>
            {replies.length === 0 ? 'No replies yet' : replies.length === 1 ? '1 reply' : `${replies.length} replies`}
          </span>
        </div>
        {replies.map((message) => (
          <MessageItem key={message.ts} message={message} {...shared} />
        ))}
        <p className="thread-note muted">Slack takes no app commands in threads: type them in the channel.</p>
      </div>
    </aside>
  );
}
