import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Person } from '../sandbox/wire';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';

/** Whose screen this is; everybody else is one choice away (WAI-ARIA: select-only listbox). */
export function ActingAs({
  people,
  me,
  onActAs,
}: {
  people: readonly Person[];
  me: Person;
  onActAs: (id: string) => void;
}): ReactNode {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);

  useEffect(() => {
    if (!isOpen) return;
    setAt(Math.max(0, people.indexOf(me)));
    root.current?.querySelector<HTMLElement>('[role=listbox]')?.focus();
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen, people, me]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (person: Person | undefined) => {
    if (person) onActAs(person.id);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: people.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt((to + people.length) % people.length);
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(people[at]);
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
    }
    if (event.key === 'Tab') setOpen(false);
  };

  return (
    <div className="acting-as" ref={root}>
      <button
        type="button"
        ref={button}
        className="acting-button"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Avatar id={me.id} name={me.realName} />
        <span className="acting-words">
          <span className="acting-label">Acting as</span>
          <strong>{me.realName}</strong>
        </span>
        <Icon name="chevron" />
      </button>
      {isOpen && (
        <div
          className="acting-list"
          role="listbox"
          id={id}
          aria-label="Act as"
          tabIndex={-1}
          aria-activedescendant={`${id}-${at}`}
          onKeyDown={onKeyDown}
        >
          {people.map((person, index) => (
            <div
              role="option"
              key={person.id}
              id={`${id}-${index}`}
              className={index === at ? 'person is-active' : 'person'}
              aria-selected={person === me}
              onClick={() => choose(person)}
              onMouseMove={() => setAt(index)}
            >
              <Avatar id={person.id} name={person.realName} />
              <span className="person-words">
                <strong>{person.realName}</strong>
                <span>{person.note}</span>
              </span>
              {person === me && <Icon name="check" />}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
