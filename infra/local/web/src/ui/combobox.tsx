import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './icon';
import { Spinner } from './spinner';
import { useTopLayer } from './use-top-layer';

export interface Choice {
  value: string;
  label: string;
  description?: string;
  /** What an app gets back for it. */
  option?: unknown;
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

export interface ComboboxProps {
  id?: string | undefined;
  labelledBy?: string | undefined;
  /** Says what it is where nothing labels it. */
  label: string;
  describedBy?: string | undefined;
  isInvalid: boolean;
  isRequired: boolean;
  placeholder: string;
  /** From how many characters on there is something to choose from. */
  fewest: number;
  chosen: Choice[];
  isMultiple: boolean;
  load: (query: string) => Promise<ChoiceGroup[]>;
  /** Somebody else is asked for the choices, so not with every letter. */
  isRemote: boolean;
  onChange: (chosen: Choice[]) => void;
}

type Found = { kind: 'loading' } | { kind: 'found'; groups: ChoiceGroup[] } | { kind: 'trouble'; message: string };

/** How long somebody must pause before the app is asked. */
const pauseMs = 150;

/** A text field with a list under it that the keyboard moves through (WAI-ARIA: editable combobox with list). */
export function Combobox(props: ComboboxProps): ReactNode {
  const { chosen, isMultiple, placeholder } = props;
  const own = useId();
  const listId = `${own}-list`;
  const input = useRef<HTMLInputElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState<string>();
  const [at, setAt] = useState(0);
  const label = isMultiple ? '' : (chosen[0]?.label ?? '');
  const found = useFound(isOpen, query ?? '', props);
  const choices = found.kind === 'found' ? found.groups.flatMap((group) => group.choices) : [];
  const active = isOpen ? choices[Math.min(at, choices.length - 1)] : undefined;

  useTopLayer({ isOpen, anchor: input, popup, width: 'anchor', content: found });
  useEffect(() => {
    if (isOpen) popup.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  const open = () => {
    if (isOpen) return;
    setQuery(undefined);
    setAt(0);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    setQuery(undefined);
  };
  const pick = (choice: Choice) => {
    const others = chosen.filter((one) => one.value !== choice.value);
    props.onChange(!isMultiple ? [choice] : others.length < chosen.length ? others : [...chosen, choice]);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) return open();
      const count = Math.max(1, choices.length);
      return setAt((Math.min(at, count - 1) + step + count) % count);
    }
    if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      if (active !== undefined) pick(active);
    }
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
    if (event.key === 'Tab' && isOpen) close();
    if (event.key === 'Backspace' && isMultiple && !query) props.onChange(chosen.slice(0, -1));
  };

  return (
    <div className={props.isInvalid ? 'combobox is-invalid' : 'combobox'}>
      {isMultiple && chosen.length > 0 && (
        <div className="chips">
          {chosen.map((choice) => (
            <button
              type="button"
              className="chip"
              key={choice.value}
              aria-label={`Remove ${choice.label}`}
              onClick={() => props.onChange(chosen.filter((one) => one.value !== choice.value))}
            >
              {choice.label} <Icon name="cross" size={12} />
            </button>
          ))}
        </div>
      )}
      <input
        ref={input}
        id={props.id}
        className="text-input"
        role="combobox"
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-label={props.labelledBy ? undefined : props.label}
        aria-labelledby={props.labelledBy}
        aria-describedby={props.describedBy}
        aria-invalid={props.isInvalid || undefined}
        aria-required={props.isRequired || undefined}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={active && `${own}-${choices.indexOf(active)}`}
        placeholder={placeholder}
        value={query ?? label}
        title={label || undefined}
        onClick={open}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <span className="combobox-mark" aria-hidden="true">
        {isOpen && found.kind === 'loading' ? <Spinner /> : <Icon name="chevron" />}
      </span>
      {isOpen && (
        <div
          ref={popup}
          popover="manual"
          className="listbox"
          // The list may not take the focus from the field that drives it.
          onMouseDown={(event) => event.preventDefault()}
        >
          <div role="listbox" id={listId} aria-label={props.label} aria-multiselectable={isMultiple || undefined}>
            {found.kind === 'found' &&
              found.groups.map((group) => (
                <Group key={group.label} label={group.label}>
                  {group.choices.map((choice) => (
                    <div
                      role="option"
                      className="option"
                      key={choice.value}
                      id={`${own}-${choices.indexOf(choice)}`}
                      aria-selected={choice === active}
                      onClick={() => pick(choice)}
                      onMouseMove={() => choice !== active && setAt(choices.indexOf(choice))}
                    >
                      <span className="option-label" title={choice.label}>
                        {choice.label}
                      </span>
                      {choice.description && (
                        <span className="option-note" title={choice.description}>
                          {choice.description}
                        </span>
                      )}
                      {chosen.some((one) => one.value === choice.value) && (
                        <span className="option-chosen">
                          <Icon name="check" size={14} />
                          <span className="hidden">chosen</span>
                        </span>
                      )}
                    </div>
                  ))}
                </Group>
              ))}
          </div>
          <div className="listbox-note" role="status">
            {noteOf(found, choices.length, query ?? '', props.fewest)}
          </div>
        </div>
      )}
    </div>
  );
}

function Group({ label, children }: { label: string; children: ReactNode }): ReactNode {
  if (label === '') return children;
  return (
    <div role="group" aria-label={label}>
      <div className="option-group" aria-hidden="true">
        {label}
      </div>
      {children}
    </div>
  );
}

function noteOf(found: Found, count: number, query: string, fewest: number): string {
  if (query.length < fewest) return `Type at least ${fewest} characters.`;
  if (found.kind === 'loading') return 'Looking …';
  if (found.kind === 'trouble') return found.message;
  return count === 0 ? 'No results.' : '';
}

/** Asks for the choices after a pause; an answer that comes too late is not shown. */
function useFound(isOpen: boolean, query: string, { load, fewest, isRemote }: ComboboxProps): Found {
  const [found, setFound] = useState<Found>({ kind: 'loading' });
  const newest = useRef(load);
  newest.current = load;
  useEffect(() => {
    if (!isOpen) return;
    setFound({ kind: 'loading' });
    if (query.length < fewest) return;
    let isWanted = true;
    const show = (next: Found) => {
      if (isWanted) setFound(next);
    };
    const timer = setTimeout(
      () =>
        void newest.current(query).then(
          (groups) => show({ kind: 'found', groups }),
          (error: unknown) =>
            show({ kind: 'trouble', message: error instanceof Error ? error.message : String(error) }),
        ),
      query === '' || !isRemote ? 0 : pauseMs,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [isOpen, query, fewest, isRemote]);
  return found;
}
