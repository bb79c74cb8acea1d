import type { ReactNode } from 'react';

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'quiet';

/** A state in a word, with a shape beside its colour. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className={`status status-${tone}`}>
      <span className="status-shape" aria-hidden="true" />
      {children}
    </span>
  );
}
