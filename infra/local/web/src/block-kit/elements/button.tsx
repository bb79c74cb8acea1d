import type { Button as ButtonElement } from '@slack/types';
import { type ReactNode, useState } from 'react';
import { withEmoji } from '../../text/emoji';
import { Spinner } from '../../ui/spinner';
import { ConfirmDialog } from '../confirm-dialog';
import type { ElementProps } from '../field';
import { useSurface } from '../surface';

/** Shows that it waits until the app has answered; a link opens beside the page and tells the app as well. */
export function Button({ blockId, element }: ElementProps<ButtonElement>): ReactNode {
  const surface = useSurface();
  const [isWaiting, setWaiting] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const { text, style, url, confirm, value, accessibility_label: label } = element;

  const press = async () => {
    setAsking(false);
    setWaiting(true);
    await surface.press({ blockId, actionId: element.action_id ?? '', ...(value !== undefined && { value }) });
    setWaiting(false);
  };
  const start = () => {
    if (isWaiting) return;
    if (url !== undefined) window.open(url, '_blank', 'noreferrer');
    if (confirm === undefined) void press();
    else setAsking(true);
  };

  return (
    <>
      <button
        type="button"
        className={`button button-${style ?? 'default'}`}
        aria-label={label}
        aria-busy={isWaiting || undefined}
        aria-disabled={isWaiting || undefined}
        data-action-id={element.action_id}
        onClick={start}
      >
        <span className="button-words">{withEmoji(text.text)}</span>
        {isWaiting && <Spinner />}
      </button>
      {isAsking && confirm && (
        <ConfirmDialog confirm={confirm} onYes={() => void press()} onNo={() => setAsking(false)} />
      )}
    </>
  );
}
