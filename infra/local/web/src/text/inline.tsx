import type { ReactNode } from 'react';
import { placeOf } from '../workspace/place';
import { formatDate } from './date';
import { nameOf, useDirectory } from './directory';
import { emojiFor } from './emoji';
import type { Inline } from './mrkdwn';

export function Inlines({ items }: { items: Inline[] }): ReactNode {
  // A text is drawn anew as a whole: the place in it is what names a part.
  return items.map((item, index) => <InlineItem key={index} item={item} />);
}

function InlineItem({ item }: { item: Inline }): ReactNode {
  switch (item.kind) {
    case 'text':
      return item.text;
    case 'bold':
      return (
        <strong>
          <Inlines items={item.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines items={item.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines items={item.children} />
        </s>
      );
    case 'code':
      return <code className="code">{item.text}</code>;
    case 'link':
      return <Anchor url={item.url} text={item.text} />;
    case 'user':
      return <UserMention id={item.id} label={item.label} />;
    case 'channel':
      return <ChannelMention id={item.id} label={item.label} />;
    case 'group':
      return <GroupMention id={item.id} label={item.label} />;
    case 'broadcast':
      return <span className="mention mention-me">@{item.range}</span>;
    case 'date':
      return <Moment seconds={item.seconds} format={item.format} url={item.url} />;
    case 'emoji':
      return <Emoji name={item.name} />;
  }
}

export function Emoji({ name }: { name: string }): ReactNode {
  const character = emojiFor(name);
  if (character === undefined) return `:${name}:`;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')}>
      {character}
    </span>
  );
}

/** Links of the workspace stay on the page; every other one opens beside it. */
export function Anchor({ url, text }: { url: string; text: string }): ReactNode {
  const { goTo } = useDirectory();
  const place = placeOf(url);
  if (place !== undefined) {
    return (
      <button type="button" className="link" onClick={() => goTo(place.channel, place.ts)}>
        {text}
      </button>
    );
  }
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

export function UserMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const directory = useDirectory();
  const known = directory.people.has(id);
  const isMe = directory.me === id;
  return (
    <span className={isMe ? 'mention mention-me' : 'mention'}>@{known ? nameOf(directory, id) : (label ?? id)}</span>
  );
}

function GroupMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const { groups, me } = useDirectory();
  const group = groups.get(id);
  const isMine = group?.users.includes(me) ?? false;
  return (
    <span className={isMine ? 'mention mention-me' : 'mention'}>
      @{group?.handle ?? label?.replace(/^@/, '') ?? id}
    </span>
  );
}

export function ChannelMention({ id, label }: { id: string; label?: string | undefined }): ReactNode {
  const { channels, goTo } = useDirectory();
  const name = channels.get(id);
  if (name === undefined) return <span className="mention">#{label ?? id}</span>;
  return (
    <button type="button" className="mention mention-channel" onClick={() => goTo(id)}>
      #{name}
    </button>
  );
}

export function Moment({
  seconds,
  format,
  url,
}: {
  seconds: number;
  format: string;
  url?: string | undefined;
}): ReactNode {
  const { today } = useDirectory();
  const words = formatDate(seconds, format, today);
  const time = (
    <time dateTime={new Date(seconds * 1000).toISOString()} title={new Date(seconds * 1000).toUTCString()}>
      {words}
    </time>
  );
  return url === undefined ? time : <a href={url}>{time}</a>;
}
