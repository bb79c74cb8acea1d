import type { ReactNode } from 'react';

/** A person by initials, an app by its mark; the name stands beside it in words. */
export function Avatar({ id, name, isApp = false }: { id: string; name: string; isApp?: boolean }): ReactNode {
  if (isApp) {
    return (
      <span className="avatar avatar-app" aria-hidden="true">
        <Mark />
      </span>
    );
  }
  return (
    <span className={`avatar avatar-${hueOf(id)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" className="mark" aria-hidden="true" focusable="false">
      <path d="M9 12a7.500 7.500 0 1 1-.6 6" />
      <path d="M8 6.500v6.200h6.200" />
    </svg>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase();

const hues = 6;
const hueOf = (id: string): number =>
  [...id].reduce((sum, character) => (sum * 22 + (character.codePointAt(0) ?? 0)) % 9973, 0) % hues;
