import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { store } from '../sandbox/store';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { Spinner } from '../ui/spinner';
import { completions, isComplete, type Vocabulary } from './completions';
import { Shortcuts } from './shortcuts';

interface Props {
  me: string;
  myName: string;
  channel: { id: string; name: string; isDirect: boolean };
  draft: string;
  onDraft: (text: string) => void;
  vocabulary: Vocabulary;
  field: RefObject<HTMLInputElement | null>;
}

/** Where people type. Nothing but commands goes anywhere: this workspace has no people who would read. */
export function Composer({ me, myName, channel, draft, onDraft, vocabulary, field }: Props): ReactNode {
  const id = useId();
  const [isWaiting, setWaiting] = useState(false);
  const [notice, setNotice] = useState('');
  const [moved, setMoved] = useState<number>();
  const [isFolded, setFolded] = useState(false);
  const offers = isFolded ? [] : completions(draft, vocabulary);
  const at = moved ?? (isComplete(draft, vocabulary) ? -1 : 0);
  const active = offers[Math.min(at, offers.length - 1)];
  /** What Enter takes over; without it Enter sends. */
  const taken = active !== undefined && active.text.trim() !== draft.trim() ? active : undefined;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  const change = (text: string) => {
    onDraft(text);
    setMoved(undefined);
    setFolded(false);
    setNotice('');
  };
  const send = async () => {
    const text = draft.trim();
    if (text === '' || isWaiting) return;
    if (!text.startsWith('/')) {
      setNotice('Nobody here reads messages: this workspace takes commands, such as /trapheus restore orders-staging.');
      return;
    }
    const [command = '', ...words] = text.split(' ');
    onDraft('');
    setWaiting(true);
    const answer = await store.act({ user: me, channel: channel.id, command, text: words.join(' ') });
    setWaiting(false);
    // A command's own failure stands in the channel, as a whisper of Slackbot's.
    setNotice(answer.error ?? '');
  };
  const take = (text: string) => {
    change(text);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && offers.length > 0) {
      event.preventDefault();
      const from = at < 0 && step < 0 ? 0 : Math.min(at, offers.length - 1);
      setMoved((from + step + offers.length) % offers.length);
    } else if (event.key === 'Tab' && !event.shiftKey && (active ?? offers[0]) !== undefined) {
      event.preventDefault();
      take((active ?? offers[0])?.text ?? draft);
    } else if (event.key === 'Escape' && offers.length > 0) {
      event.preventDefault();
      setFolded(true);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (taken !== undefined) take(taken.text);
      else void send();
    }
  };

  return (
    <div className="composer-frame">
      {offers.length > 0 && (
        <div className="completions">
          <div ref={list} role="listbox" id={`${id}-list`} aria-label="Commands">
            {offers.map((offer, index) => (
              <div
                role="option"
                id={`${id}-${index}`}
                key={offer.text}
                className="option"
                aria-selected={offer === active}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(offer.text)}
              >
                <span className="option-label">
                  <code>{offer.label}</code>
                </span>
                <span className="option-note">{offer.note}</span>
              </div>
            ))}
          </div>
          <div className="completions-foot" aria-hidden="true">
            <kbd>↑</kbd> <kbd>↓</kbd> to choose · <kbd>Tab</kbd>
            {taken === undefined ? (
              <>
                {' '}
                to fill in · <kbd>Enter</kbd> to send
              </>
            ) : (
              <>
                {' '}
                or <kbd>Enter</kbd> to fill in · <kbd>Esc</kbd> to close
              </>
            )}
          </div>
        </div>
      )}
      <Notice words={notice} onDismiss={() => setNotice('')} />
      <div className="composer" aria-busy={isWaiting || undefined}>
        <Shortcuts onNotice={setNotice} />
        <input
          ref={field}
          type="text"
          autoComplete="off"
          spellCheck={false}
          role="combobox"
          aria-label={`Command in ${channel.name}, as ${myName}`}
          aria-autocomplete="list"
          aria-expanded={offers.length > 0}
          aria-controls={offers.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={active && `${id}-${offers.indexOf(active)}`}
          placeholder={
            channel.isDirect ? `Type / for commands to ${channel.name}` : `Type / for commands in #${channel.name}`
          }
          value={draft}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setFolded(true)}
          onFocus={() => setFolded(false)}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          disabled={draft.trim() === '' || isWaiting}
          onClick={() => void send()}
        >
          {isWaiting ? <Spinner /> : <Icon name="send" />}
        </button>
      </div>
      <div className="composer-status" role="status">
        {isWaiting ? 'Trapheus has three seconds to answer …' : ''}
      </div>
    </div>
  );
}
