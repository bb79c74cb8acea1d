import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';

const focusable =
  'button:not([disabled]), [href], input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"])';

/**
 * The browser's own modal dialog: everything behind it is inert, and the focus goes back to where it came from. Escape
 * asks the owner, who may have to tell somebody before the dialog goes.
 */
export function Dialog({
  labelledBy,
  describedBy,
  className = '',
  role,
  onEscape,
  children,
}: {
  labelledBy: string;
  describedBy?: string | undefined;
  className?: string;
  role?: 'alertdialog';
  onEscape: () => void;
  children: ReactNode;
}): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    if (dialog === null) return;
    dialog.showModal();
    const first =
      dialog.querySelector<HTMLElement>('[data-autofocus]') ??
      dialog.querySelector<HTMLElement>('.dialog-body input, .dialog-body textarea') ??
      dialog.querySelector<HTMLElement>('.dialog-foot button');
    first?.focus();
    return () => {
      dialog.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  /** Without this Tab would leave the page for the browser's own buttons. */
  const keepInside = (event: KeyboardEvent<HTMLDialogElement>) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onEscape();
      return;
    }
    if (event.key !== 'Tab') return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(focusable)].filter((one) =>
      one.checkVisibility(),
    );
    const [first, last] = [all[0], all.at(-1)];
    const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
    if (!leaves || first === undefined || last === undefined) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  };

  return (
    <dialog
      ref={ref}
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className={`dialog ${className}`}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={keepInside}
    >
      {children}
    </dialog>
  );
}
