import type { ReactNode } from 'react';
import { Icon } from '../ui/icon';

interface Props {
  workspace: { name: string; url: string };
  command: string;
}

/** In the place of the channels, when people talk to the bot in a workspace of Slack itself. */
export function Elsewhere({ workspace, command }: Props): ReactNode {
  return (
    <div className="channel">
      <div className="elsewhere">
        <Icon name="thread" />
        <h2>Slack is the real one: {workspace.name}</h2>
        <p>Invite the bot to a channel there and type a command, for example</p>
        <p>
          <code>{command} restore orders-staging</code>
        </p>
        <p>
          <a href={workspace.url}>Open {workspace.name}</a>
        </p>
        <p className="muted">The databases beside this are simulated; nothing in AWS is touched.</p>
      </div>
    </div>
  );
}
