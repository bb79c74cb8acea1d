import { createContext, useContext } from 'react';
import type { ActAnswer, SelectOption, StateValue } from '../sandbox/wire';

/** What an element asks the app to be told. */
export interface Pressed {
  blockId: string;
  actionId: string;
  /** A button's value, or the state value of what was chosen. */
  value?: unknown;
}

/** Where blocks stand: a message, a modal or the Home tab; and how their elements reach the app. */
export interface Surface {
  kind: 'message' | 'modal' | 'home';
  /** What stands in a field now, with what the person has typed and nobody has been told yet. */
  valueOf: (blockId: string, actionId: string) => StateValue | undefined;
  change: (blockId: string, actionId: string, value: StateValue) => void;
  press: (pressed: Pressed) => Promise<ActAnswer>;
  /** What the app offers for an external menu. */
  suggest: (pressed: { blockId: string; actionId: string; query: string }) => Promise<SelectOption[]>;
  /** Under the fields, by block_id. */
  errors: Readonly<Record<string, string>>;
}

const SurfaceContext = createContext<Surface | undefined>(undefined);
export const SurfaceProvider = SurfaceContext.Provider;

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === undefined) throw new Error('Blocks stand outside a surface');
  return surface;
}
