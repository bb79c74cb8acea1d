import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from './icon';
import { Spinner } from './spinner';
import { useTopLayer } from './use-top-layer';

export interface MenuItem {
  value: string;
  label: ReactNode;
  note?: string | undefined;
}

interface Props {
  label: string;
  icon: IconName;
  className: string;
  items: readonly MenuItem[];
  onChoose: (value: string) => void;
  isBusy?: boolean;
}

/** A button with things to do behind it (WAI-ARIA: menu button). */
export function MenuButton({ label, icon, className, items, onChoose, isBusy = false }: Props): ReactNode {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  useTopLayer({ isOpen, anchor: button, popup: menu, width: 'words' });
  useEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const choose = (value: string) => {
    setOpen(false);
    button.current?.focus();
    onChoose(value);
  };
  const move = (event: KeyboardEvent) => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      all.at((at + step) % all.length)?.focus();
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
    if (event.key === 'Tab') setOpen(false);
  };

  return (
    <div className="overflow" ref={root} onKeyDown={isOpen ? move : undefined}>
      <button
        type="button"
        ref={button}
        className={className}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-busy={isBusy || undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {isBusy ? <Spinner /> : <Icon name={icon} />}
      </button>
      {isOpen && (
        <div className="menu" ref={menu} popover="manual" role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <button type="button" role="menuitem" key={item.value} onClick={() => choose(item.value)}>
              {item.label}
              {item.note && <small>{item.note}</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
