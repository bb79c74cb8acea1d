import type { ReactNode } from 'react';

const paths = {
  check: 'M4 10.5l4 4 8-9',
  chevron: 'M6 8l4 4 4-4',
  back: 'M12 5l-5 5 5 5',
  close: 'M5 5l10 10M15 5L5 15',
  clock: 'M10 3a7 7 0 1 1 0 14a7 7 0 0 1 0-14zM10 6v4l3 2',
  cross: 'M6 6l8 8M14 6l-8 8',
  skip: 'M4 5l6 5-6 5zM10 5l6 5-6 5z',
  dots: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12a2 2 0 1 0 0-4a2 2 0 0 0 0 4z',
  hash: 'M7.5 3l-1.5 14M14 3l-1.500 14M3.500 7.500h14M2.500 12.500h14',
  home: 'M3 9.500l7-6 7 6M5 8v8h10V8',
  menu: 'M3 5h14M3 10h14M3 15h14',
  moon: 'M16 12a7 7 0 1 1-8-9a5.500 5.500 0 0 0 8 9z',
  sun: 'M10 6.500a3.500 3.500 0 1 1 0 7a3.500 3.500 0 0 1 0-7zM10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600L16 16M4 16l1.400-1.400M14.600 5.400L16 4',
  send: 'M3 10l14-7-5 14-3-6z',
  code: 'M7 5l-5 5 5 5M13 5l5 5-5 5',
  thread: 'M3 4h14v9H9l-4 4v-4H3z',
  database:
    'M4 5c0-1.500 2.700-2.500 6-2.500s6 1 6 2.500v10c0 1.500-2.700 2.500-6 2.500s-6-1-6-2.500zM4 5c0 1.500 2.700 2.500 6 2.500s6-1 6-2.500M4 10c0 1.500 2.700 2.500 6 2.500s6-1 6-2.500',
  fault: 'M11 2L4 11h5l-1 7 7-9h-5z',
  list: 'M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01',
  pin: 'M7 3h6l-1 5 3 3H5l3-3zM10 11v6',
  undo: 'M5 8h7a4 4 0 0 1 0 8H8M5 8l3-3M5 8l3 3',
} as const;

export type IconName = keyof typeof paths;

/** Drawn in the colour of the words beside it, and silent for screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
