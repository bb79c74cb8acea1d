import type { ReactNode } from 'react';
import { Icon } from './icon';

/** What went wrong with what somebody just did, said where it was done. */
export function Notice({ words, onDismiss }: { words: string; onDismiss?: () => void }): ReactNode {
  if (words === '') return null;
  return (
    <div className="notice" role="alert">
      <span className="notice-mark" aria-hidden="true">
        !
      </span>
      <span className="notice-words">{words}</span>
      {onDismiss && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}
