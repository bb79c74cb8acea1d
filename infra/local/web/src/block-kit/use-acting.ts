import { useCallback, useRef, useState } from 'react';
import { store } from '../sandbox/store';
import type { ActAnswer, Block, SelectOption } from '../sandbox/wire';
import { elementsOf } from './elements-of';
import type { Pressed } from './surface';

/** Where an act goes: the fields by which the sandbox finds the blocks. */
export type Target = { message_ts: string; channel: string } | { view_id: string };

export interface Acting {
  press: (pressed: Pressed, state?: Record<string, unknown>) => Promise<ActAnswer>;
  suggest: (asked: { blockId: string; actionId: string; query: string }) => Promise<SelectOption[]>;
  /** In Slack's words, why the last press came to nothing; empty when it did not. */
  notice: string;
  /** Takes the notice away. */
  forget: () => void;
}

export function useActing(user: string, target: Target, blocks: readonly Block[]): Acting {
  const [notice, setNotice] = useState('');
  const newest = useRef({ user, target, blocks });
  newest.current = { user, target, blocks };
  const pressing = useRef<Promise<unknown>>(undefined);

  const press = useCallback(async (pressed: Pressed, state?: Record<string, unknown>) => {
    const { user, target, blocks } = newest.current;
    setNotice('');
    const acting = store.act({
      user,
      ...target,
      action_id: pressed.actionId,
      // A card's block ids change with every update: they are only told where the action id alone says too little.
      ...(isShared(blocks, pressed) && { block_id: pressed.blockId }),
      ...(pressed.value !== undefined && { value: pressed.value }),
      ...(state && Object.keys(state).length > 0 && { state }),
    });
    pressing.current = acting;
    const answer = await acting;
    setNotice(answer.notice ?? answer.error ?? '');
    return answer;
  }, []);

  const suggest = useCallback(async (asked: { blockId: string; actionId: string; query: string }) => {
    // What was chosen just now may put another menu into this one's place, which then asks for itself.
    await pressing.current;
    const { user, target, blocks } = newest.current;
    if (!blocks.some(({ block_id }) => block_id === asked.blockId)) return [];
    const options = { ...target, block_id: asked.blockId, action_id: asked.actionId, value: asked.query };
    const answer = await store.act({ user, options });
    const trouble = answer.notice ?? answer.error;
    if (trouble !== undefined) throw new Error(trouble);
    return answer.options ?? [];
  }, []);

  return { press, suggest, notice, forget: useCallback(() => setNotice(''), []) };
}

function isShared(blocks: readonly Block[], { actionId, value }: Pressed): boolean {
  const same = blocks
    .flatMap(elementsOf)
    .filter((element) => element.action_id === actionId && (typeof value !== 'string' || element.value === value));
  return same.length > 1;
}
