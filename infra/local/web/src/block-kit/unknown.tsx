import type { ReactNode } from 'react';

/** What the page cannot draw must be seen: the browser tests fail on it. */
export function Unknown({ what, type }: { what: 'block' | 'element'; type: string }): ReactNode {
  return (
    <div className="unknown" role="alert" data-unknown-block={type}>
      This page does not know the {what} type “{type}”.
    </div>
  );
}
