import type { InputBlock } from '@slack/types';
import { type ReactNode, useId } from 'react';
import { withEmoji } from '../../text/emoji';
import { ElementOf } from '../element';
import { useSurface } from '../surface';

/** A labelled field; what the app or Slack's own form has against its value stands under it. */
export function Input({ block }: { block: InputBlock }): ReactNode {
  const id = useId();
  const { errors } = useSurface();
  const error = errors[block.block_id ?? ''];
  const isGroup = block.element.type === 'radio_buttons' || block.element.type === 'checkboxes';
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const words = (
    <>
      {withEmoji(block.label.text)}
      {block.optional === true && <span className="muted"> (optional)</span>}
    </>
  );
  return (
    <div className={error ? 'block input has-error' : 'block input'} data-block-id={block.block_id}>
      {isGroup ? (
        <div className="label" id={`${id}-label`}>
          {words}
        </div>
      ) : (
        <label className="label" id={`${id}-label`} htmlFor={id}>
          {words}
        </label>
      )}
      <ElementOf
        blockId={block.block_id ?? ''}
        element={block.element}
        field={{
          id,
          labelledBy: `${id}-label`,
          describedBy,
          isInvalid: error !== undefined,
          isRequired: block.optional !== true,
          dispatches: block.dispatch_action === true,
        }}
      />
      {error && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
      {block.hint && (
        <div className="hint" id={`${id}-hint`}>
          {block.hint.text}
        </div>
      )}
    </div>
  );
}
