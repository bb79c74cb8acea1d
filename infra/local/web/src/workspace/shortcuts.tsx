import { type ReactNode, useState } from 'react';
import { store } from '../sandbox/store';
import { useDirectory } from '../text/directory';
import { MenuButton } from '../ui/menu-button';

interface Props {
  /** The message whose menu this is; absent: from anywhere. */
  message?: { ts: string; channel: string };
  onNotice: (words: string) => void;
}

/** What the app offers from anywhere, or for one message; nothing when it offers nothing there. */
export function Shortcuts({ message, onNotice }: Props): ReactNode {
  const { me, shortcuts } = useDirectory();
  const [isWaiting, setWaiting] = useState(false);
  const offered = shortcuts.filter(({ type }) => type === (message === undefined ? 'global' : 'message'));
  if (offered.length === 0) return null;
  const run = async (shortcut: string) => {
    setWaiting(true);
    const where = message && { message_ts: message.ts, channel: message.channel };
    const answer = await store.act({ user: me, shortcut, ...where });
    setWaiting(false);
    onNotice(answer.notice ?? answer.error ?? '');
  };
  return (
    <MenuButton
      label={message === undefined ? 'Shortcuts' : 'More actions'}
      icon={message === undefined ? 'fault' : 'dots'}
      className={message === undefined ? 'shortcuts' : ''}
      isBusy={isWaiting}
      items={offered.map((one) => ({ value: one.callback_id, label: one.name, note: one.description }))}
      onChoose={(value) => void run(value)}
    />
  );
}
