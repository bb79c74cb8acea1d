import type { Overflow as OverflowElement } from '@slack/types';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { withEmoji } from '../../text/emoji';
import { Icon } from '../../ui/icon';
import { Spinner } from '../../ui/spinner';
import { useTopLayer } from '../../ui/use-top-layer';
import { ConfirmDialog } from '../confirm-dialog';
import type { ElementProps } from '../field';
import { useSurface } from '../surface';

/** A menu of at most five things to do (WAI-ARIA: menu button). */
export function Overflow({ blockId, element }: ElementProps<OverflowElement>): ReactNode {
  const surface = useSurface();
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isWaiting, setWaiting] = useState(false);
  const [asked, setAsked] = useState<string>();

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

  const press = async (value: string) => {
    setAsked(undefined);
    setWaiting(true);
    await surface.press({ blockId, actionId: element.action_id ?? '', value });
    setWaiting(false);
  };
  const choose = (value: string) => {
    setOpen(false);
    button.current?.focus();
    if (element.confirm === undefined) void press(value);
    else setAsked(value);
  };
  const move = (event: KeyboardEvent) => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      items.at((at + step) % items.length)?.focus();
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
        className="button button-default button-icon"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-busy={isWaiting || undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {isWaiting ? <Spinner /> : <Icon name="dots" />}
      </button>
      {isOpen && (
        <div className="menu" ref={menu} popover="manual" role="menu" id={id} aria-label="More actions">
          {element.options.map((option) => (
            <button
              type="button"
              role="menuitem"
              key={option.value ?? option.text.text}
              onClick={() => choose(option.value ?? '')}
            >
              {withEmoji(option.text.text)}
              {option.description && <small>{option.description.text}</small>}
            </button>
          ))}
        </div>
      )}
      {asked !== undefined && element.confirm && (
        <ConfirmDialog confirm={element.confirm} onYes={() => void press(asked)} onNo={() => setAsked(undefined)} />
      )}
    </div>
  );
}
