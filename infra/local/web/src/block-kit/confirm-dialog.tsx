import type { ConfirmationDialog } from '@slack/types';
import { type ReactNode, useId } from 'react';
import { TextOf } from '../text/mrkdwn-text';
import { Dialog } from '../ui/dialog';

/** Asks before the app hears of it; the focus waits on the harmless answer. */
export function ConfirmDialog({
  confirm,
  onYes,
  onNo,
}: {
  confirm: ConfirmationDialog;
  onYes: () => void;
  onNo: () => void;
}): ReactNode {
  const id = useId();
  return (
    <Dialog
      labelledBy={`${id}-title`}
      describedBy={`${id}-text`}
      className="confirm"
      role="alertdialog"
      onEscape={onNo}
    >
      <h2 className="dialog-title" id={`${id}-title`}>
        {confirm.title?.text ?? 'Are you sure?'}
      </h2>
      <div className="dialog-body" id={`${id}-text`}>
        <TextOf text={confirm.text} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button button-default" data-autofocus onClick={onNo}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          className={`button button-${confirm.style === 'danger' ? 'danger-solid' : 'primary'}`}
          onClick={onYes}
        >
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
