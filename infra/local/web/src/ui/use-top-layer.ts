import { type RefObject, useLayoutEffect } from 'react';

interface Parts {
  isOpen: boolean;
  /** What the popup belongs to: it opens under it, or over it where there is more room. */
  anchor: RefObject<HTMLElement | null>;
  /** Has the attribute `popover`. */
  popup: RefObject<HTMLElement | null>;
  /** As wide as its anchor, or as its words, which then begin or end with the anchor, towards the middle of the page. */
  width: 'anchor' | 'words';
  /** Whatever decides how high the popup is. */
  content?: unknown;
}

const gap = 4;
const margin = 12;
const most = 320;
const comfortable = 220;

/** Lifts a popup over everything, so that no scrolling frame and no contained message cuts it off. */
export function useTopLayer({ isOpen, anchor, popup, width, content }: Parts): void {
  useLayoutEffect(() => {
    const [field, list] = [anchor.current, popup.current];
    if (!isOpen || field === null || list === null) return;
    if (!list.matches(':popover-open')) list.showPopover();
    const place = () => {
      const box = field.getBoundingClientRect();
      const below = window.innerHeight - box.bottom - margin;
      const above = box.top - margin;
      const wanted = Math.max(list.scrollHeight, list.firstElementChild?.scrollHeight ?? 0);
      const goesUp = below < Math.min(wanted, comfortable) && above > below;
      if (width === 'anchor') list.style.width = `${box.width}px`;
      const beginsWithIt = width === 'anchor' || box.left < window.innerWidth / 2;
      list.style.left = `${beginsWithIt ? box.left : Math.max(margin, box.right - list.offsetWidth)}px`;
      list.style.maxHeight = `${Math.min(most, goesUp ? above : below)}px`;
      list.style.top = goesUp ? '' : `${box.bottom + gap}px`;
      list.style.bottom = goesUp ? `${window.innerHeight - box.top + gap}px` : '';
    };
    place();
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  }, [isOpen, anchor, popup, width, content]);
}
