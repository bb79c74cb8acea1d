import { type ReactNode, useCallback, useState } from 'react';
import type { OpenView, StateValue, StateValues } from '../sandbox/wire';
import { Modal } from './modal';

/** The views that lie open on one person's screen; only the one on top can be seen and used. */
export function ModalStack({
  views,
  onInspect,
}: {
  views: readonly OpenView[];
  onInspect: (view: OpenView) => void;
}): ReactNode {
  /** What was typed in every open view, so that a view that lay under another is as it was left. */
  const [typed, setTyped] = useState<Readonly<Record<string, StateValues>>>({});
  const change = useCallback(
    (viewId: string, blockId: string, actionId: string, value: StateValue) =>
      setTyped((before) => {
        const view = before[viewId] ?? {};
        return { ...before, [viewId]: { ...view, [blockId]: { ...view[blockId], [actionId]: value } } };
      }),
    [],
  );
  const top = views.at(-1);
  if (top === undefined) return null;
  return (
    <Modal
      key={top.view_id}
      open={top}
      depth={views.length}
      typed={typed[top.view_id] ?? noValues}
      onChange={change}
      onInspect={onInspect}
    />
  );
}

const noValues: StateValues = {};
