import type { ReactNode } from 'react';
import type { Person } from '../sandbox/wire';
import { Avatar } from '../ui/avatar';

/** In a narrow window the switch lies in the folded menu; who acts is said all the same, since buttons depend on it. */
export function PaneWho({ me, onMenu }: { me: Person; onMenu: () => void }): ReactNode {
  return (
    <button type="button" className="pane-who" onClick={onMenu}>
      <Avatar id={me.id} name={me.realName} />
      <span>
        <span className="hidden">You are </span>
        {me.realName.split(' ')[0]}
        <span className="hidden">. Change</span>
      </span>
    </button>
  );
}
