import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Lets what changed its place travel there, so that people see who went where (first, last, invert, play). */
export function useFlip(frame: RefObject<HTMLElement | null>): void {
  const before = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const element = frame.current;
    // What is not shown stands nowhere.
    if (element === null || element.offsetParent === null) return before.current.clear();
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const now = new Map<string, number>();
    for (const item of element.querySelectorAll<HTMLElement>('[data-flip]')) {
      const name = item.dataset.flip ?? '';
      // Where it stands, whatever way it is still on: the frame is its offset parent.
      const at = item.offsetTop;
      now.set(name, at);
      const was = before.current.get(name);
      if (was === undefined || Math.abs(was - at) < 2 || isStill) continue;
      item.animate([{ transform: `translateY(${was - at}px)` }, { transform: 'none' }], {
        duration: 700,
        easing: 'cubic-bezier(.3,0,.2,1)',
      });
    }
    before.current = now;
  });
}
