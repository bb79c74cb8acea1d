import { type ReactNode, type RefObject, useEffect, useMemo } from 'react';
import type { Channel, Message, Person } from '../sandbox/wire';
import { Icon } from '../ui/icon';
import type { Vocabulary } from './completions';
import { Composer } from './composer';
import { MessageList } from './message-list';
import { ThreadPane } from './thread-pane';
import { repliesTo, timelineFor } from './threads';

interface Props {
  channel: Channel;
  me: Person;
  /** The pinned guide, where it belongs. */
  guide: ReactNode;
  vocabulary: Vocabulary;
  composer: RefObject<HTMLInputElement | null>;
  draft: string;
  onDraft: (text: string) => void;
  thread: string | undefined;
  onThread: (ts: string | undefined) => void;
  pointedAt: string | undefined;
  dismissed: ReadonlySet<string>;
  onDismiss: (ts: string) => void;
  onInspect: (message: Message) => void;
  onRead: (user: string, channel: string, ts: string) => void;
  onMenu: () => void;
}

export function ChannelView(props: Props): ReactNode {
  const { channel, me, guide, dismissed, thread, onThread, onRead } = props;
  const timeline = useMemo(
    () =>
      timelineFor(
        channel.messages.filter(({ ts }) => !dismissed.has(ts)),
        me.id,
      ),
    [channel.messages, dismissed, me.id],
  );
  const newest = timeline.roots.at(-1)?.ts;
  useEffect(() => {
    if (newest !== undefined) onRead(me.id, channel.id, newest);
  }, [newest, me.id, channel.id, onRead]);
  const root = thread === undefined ? undefined : channel.messages.find(({ ts }) => ts === thread);
  const title = channel.kind === 'im' ? 'Trapheus' : channel.name;

  return (
    <div className="channel">
      <div className="channel-main">
        <header className="pane-head">
          <button type="button" className="icon-button only-narrow" aria-label="Channels" onClick={props.onMenu}>
            <Icon name="menu" />
          </button>
          <div className="pane-title">
            <h2 title={title}>
              {channel.kind !== 'im' && <span className="hash">#</span>}
              {title}
            </h2>
            {channel.is_ext_shared && <span className="tag">Shared with another company</span>}
          </div>
          <span className="pane-me muted" title={me.note}>
            You are {me.realName}: {me.note}
          </span>
        </header>
        {guide}
        <MessageList
          channel={channel}
          timeline={timeline}
          pointedAt={props.pointedAt}
          onThread={onThread}
          onInspect={props.onInspect}
          onDismiss={props.onDismiss}
        >
          <Beginning name={title} isEmpty={timeline.roots.length === 0} isDirect={channel.kind === 'im'} />
        </MessageList>
        <Composer
          me={me.id}
          myName={me.realName}
          channel={{ id: channel.id, name: title }}
          draft={props.draft}
          onDraft={props.onDraft}
          vocabulary={props.vocabulary}
          field={props.composer}
        />
      </div>
      {root && (
        <ThreadPane
          channel={channel}
          root={root}
          replies={repliesTo(timeline, root.ts)}
          onClose={() => onThread(undefined)}
          onInspect={props.onInspect}
          onDismiss={props.onDismiss}
        />
      )}
    </div>
  );
}

function Beginning({ name, isEmpty, isDirect }: { name: string; isEmpty: boolean; isDirect: boolean }): ReactNode {
  return (
    <div className={isEmpty ? 'beginning is-empty' : 'beginning'}>
      <span className="beginning-mark" aria-hidden="true">
        {isDirect ? '@' : '#'}
      </span>
      <p className="beginning-title">{isDirect ? `Your messages with ${name}` : `This is the beginning of #${name}`}</p>
      <p className="muted">
        {isEmpty
          ? 'Nothing has been said yet. Type / below to see what Trapheus can do.'
          : 'Requests, decisions and results stand here for everybody; the details are in their threads.'}
      </p>
    </div>
  );
}
