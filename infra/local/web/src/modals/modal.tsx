import { type FormEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Blocks } from '../block-kit/blocks';
import { type Surface, SurfaceProvider } from '../block-kit/surface';
import { useActing } from '../block-kit/use-acting';
import { store } from '../sandbox/store';
import type { OpenView, StateValue, StateValues } from '../sandbox/wire';
import { Mark } from '../ui/avatar';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { Spinner } from '../ui/spinner';
import { filledIn } from './filled-in';

interface Props {
  open: OpenView;
  /** How many views lie on each other, this one counted. */
  depth: number;
  typed: StateValues;
  onChange: (viewId: string, blockId: string, actionId: string, value: StateValue) => void;
  onInspect: (view: OpenView) => void;
}

const noErrors: Record<string, string> = {};

export function Modal({ open, depth, typed, onChange, onInspect }: Props): ReactNode {
  const id = useId();
  const { view, view_id: viewId, user } = open;
  const body = useRef<HTMLDivElement>(null);
  const closer = useRef<HTMLButtonElement>(null);
  const acting = useActing(user, { view_id: viewId }, view.blocks);
  const [isSubmitting, setSubmitting] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [corrected, setCorrected] = useState<readonly string[]>([]);
  const { press, suggest } = acting;
  const errors = useMemo(
    () =>
      Object.fromEntries(Object.entries(open.errors ?? noErrors).filter(([blockId]) => !corrected.includes(blockId))),
    [open.errors, corrected],
  );

  const surface = useMemo<Surface>(
    () => ({
      kind: 'modal',
      valueOf: (blockId, actionId) => typed[blockId]?.[actionId] ?? view.state.values[blockId]?.[actionId],
      change: (blockId, actionId, value) => {
        setCorrected((before) => [...before, blockId]);
        onChange(viewId, blockId, actionId, value);
      },
      press: (pressed) => press(pressed, withoutPressed(filledIn(view.blocks, typed), pressed)),
      suggest,
      errors,
    }),
    [typed, view, viewId, errors, onChange, press, suggest],
  );

  useEffect(() => {
    setCorrected([]);
    if (open.errors === undefined) return;
    body.current?.querySelector<HTMLElement>('.has-error :is(input, textarea)')?.focus();
  }, [open.errors]);

  // An update may take the pressed button away: the keyboard stays inside, at the harmless end.
  useEffect(() => {
    if (document.activeElement === document.body) closer.current?.focus();
  }, [view.blocks]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSubmitting || view.submit === null) return;
    setSubmitting(true);
    setTrouble('');
    const answer = await store.act({ user, view_id: viewId, submit: filledIn(view.blocks, typed) });
    setSubmitting(false);
    setTrouble(answer.notice ?? answer.error ?? '');
  };
  const close = async () => {
    const answer = await store.act({ user, view_id: viewId, close: true });
    setTrouble(answer.notice ?? answer.error ?? '');
  };
  const isOnTop = depth > 1;

  return (
    <Dialog labelledBy={`${id}-title`} className={`modal stack-${Math.min(3, depth)}`} onEscape={() => void close()}>
      <form
        className="modal-form"
        noValidate
        onSubmit={(event) => void submit(event)}
        aria-busy={isSubmitting || undefined}
      >
        <header className="modal-head">
          {isOnTop ? (
            <button type="button" className="icon-button" aria-label="Back" onClick={() => void close()}>
              <Icon name="back" />
            </button>
          ) : (
            <span className="avatar avatar-app avatar-small" aria-hidden="true">
              <Mark />
            </span>
          )}
          <h2 className="dialog-title" id={`${id}-title`}>
            {view.title.text}
          </h2>
          <button
            type="button"
            className="icon-button"
            aria-label="Show the blocks"
            title="Show the blocks"
            onClick={() => onInspect(open)}
          >
            <Icon name="code" />
          </button>
          <button type="button" className="icon-button" aria-label="Close" title="Close" onClick={() => void close()}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body" ref={body}>
          <SurfaceProvider value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceProvider>
        </div>
        <footer className="dialog-foot">
          <Notice words={trouble || acting.notice} />
          <button type="button" ref={closer} className="button button-default" onClick={() => void close()}>
            {view.close?.text ?? (isOnTop ? 'Back' : 'Close')}
          </button>
          {view.submit && (
            <button
              type="submit"
              className="button button-primary"
              aria-busy={isSubmitting || undefined}
              aria-disabled={isSubmitting || undefined}
            >
              <span className="button-words">{view.submit.text}</span>
              {isSubmitting && <Spinner />}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** The value of the pressed element itself goes with the press. */
function withoutPressed(values: StateValues, pressed: { blockId: string; actionId: string }): StateValues {
  const { [pressed.blockId]: block, ...others } = values;
  if (block === undefined) return values;
  const { [pressed.actionId]: _, ...rest } = block;
  return Object.keys(rest).length === 0 ? others : { ...others, [pressed.blockId]: rest };
}
