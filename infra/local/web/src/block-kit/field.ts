import type { StateValue } from '../sandbox/wire';
import { useSurface } from './surface';

/** What an input block tells its element, so that a screen reader hears label, hint and error together. */
export interface Field {
  id: string;
  labelledBy: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  isRequired: boolean;
  /** Slack: `dispatch_action`, the app hears of every change. */
  dispatches: boolean;
}

export interface ElementProps<Element> {
  blockId: string;
  element: Element;
  /** Only inside an input block. */
  field?: Field | undefined;
}

/** For the elements that an input block does not label. */
export function labelsOf(field: Field | undefined, otherwise: string) {
  if (field === undefined) return { 'aria-label': otherwise };
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.isInvalid || undefined,
    'aria-required': field.isRequired || undefined,
  };
}

/** A field's value, and how it changes: outside input blocks the app is told at once. */
export function useValue(
  blockId: string,
  element: { type: string; action_id?: string },
  field: Field | undefined,
): [StateValue | undefined, (value: StateValue) => void] {
  const surface = useSurface();
  const actionId = element.action_id ?? '';
  const set = (value: StateValue) => {
    const typed = { type: element.type, ...value };
    surface.change(blockId, actionId, typed);
    if (field === undefined || field.dispatches) void surface.press({ blockId, actionId, value: typed });
  };
  return [surface.valueOf(blockId, actionId), set];
}
