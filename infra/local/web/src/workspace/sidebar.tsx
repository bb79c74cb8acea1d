import type { ReactNode } from 'react';
import type { Channel, Person } from '../sandbox/wire';
import { Avatar, Mark } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { ActingAs } from './acting-as';
import type { Unread } from './unread';

export type Where = { kind: 'channel'; id: string } | { kind: 'home' };

interface Props {
  channels: readonly Channel[];
  where: Where;
  unreadIn: (channel: Channel) => Unread;
  people: readonly Person[];
  me: Person;
  onGo: (where: Where) => void;
  onActAs: (id: string) => void;
  children: ReactNode;
}

export function Sidebar({ channels, where, unreadIn, people, me, onGo, onActAs, children }: Props): ReactNode {
  const places = channels.filter(({ kind }) => kind !== 'im');
  const direct = channels.filter(({ kind, name }) => kind === 'im' && name === me.name);
  return (
    <nav className="sidebar" aria-label="Workspace">
      <div className="workspace-name">
        <span className="avatar avatar-app" aria-hidden="true">
          <Mark />
        </span>
        <div>
          <strong>Trapheus</strong>
          <span className="sandbox-badge" title="Nothing here leaves this machine: AWS and Slack are simulated.">
            SANDBOX
          </span>
        </div>
      </div>
      <ActingAs people={people} me={me} onActAs={onActAs} />
      <div className="sidebar-scroll">
        <h2 className="sidebar-heading">Channels</h2>
        <ul>
          {places.map((channel) => (
            <ChannelRow
              key={channel.id}
              name={channel.name}
              icon={<Icon name="hash" size={15} />}
              unread={unreadIn(channel)}
              isHere={where.kind === 'channel' && where.id === channel.id}
              note={channel.is_ext_shared ? 'shared' : undefined}
              onGo={() => onGo({ kind: 'channel', id: channel.id })}
            />
          ))}
        </ul>
        <h2 className="sidebar-heading">Apps</h2>
        <ul>
          <ChannelRow
            name="Trapheus"
            icon={<Icon name="home" size={15} />}
            unread={{ count: 0, mentions: 0 }}
            isHere={where.kind === 'home'}
            note="Home"
            onGo={() => onGo({ kind: 'home' })}
          />
          {direct.map((channel) => (
            <ChannelRow
              key={channel.id}
              name="Trapheus"
              icon={<Avatar id="app" name="Trapheus" isApp />}
              unread={unreadIn(channel)}
              isHere={where.kind === 'channel' && where.id === channel.id}
              note="Messages"
              onGo={() => onGo({ kind: 'channel', id: channel.id })}
            />
          ))}
        </ul>
      </div>
      <div className="sidebar-foot">{children}</div>
    </nav>
  );
}

interface RowProps {
  name: string;
  icon: ReactNode;
  unread: Unread;
  isHere: boolean;
  note: string | undefined;
  onGo: () => void;
}

function ChannelRow({ name, icon, unread, isHere, note, onGo }: RowProps): ReactNode {
  const isUnread = unread.count > 0 && !isHere;
  return (
    <li>
      <button
        type="button"
        className={isUnread ? 'channel-row is-unread' : 'channel-row'}
        aria-current={isHere ? 'page' : undefined}
        onClick={onGo}
      >
        {icon}
        <span className="channel-name" title={name}>
          {name}
        </span>
        {note && <span className="channel-note">{note}</span>}
        {isUnread && (
          <span className={unread.mentions > 0 ? 'unread unread-mention' : 'unread'}>
            {unread.mentions > 0 ? unread.mentions : unread.count}
            <span className="hidden"> {unread.mentions > 0 ? 'mentions' : 'unread'}</span>
          </span>
        )}
      </button>
    </li>
  );
}
