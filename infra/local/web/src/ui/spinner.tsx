import type { ReactNode } from 'react';

/** Only for the eye: what waits says so in words or with aria-busy. */
export function Spinner(): ReactNode {
  return <span className="spinner" aria-hidden="true" />;
}
