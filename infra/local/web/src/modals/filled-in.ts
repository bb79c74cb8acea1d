import { elementsOf } from '../block-kit/elements-of';
import type { Block, StateValues } from '../sandbox/wire';

/** What was typed, as far as its field still stands in the view: an update may have taken fields away. */
export function filledIn(blocks: readonly Block[], typed: StateValues): StateValues {
  const standing = new Set(
    blocks.flatMap((block) => elementsOf(block).map((element) => `${block.block_id} ${element.action_id}`)),
  );
  const kept = Object.entries(typed).map(([blockId, values]) => {
    const ofBlock = Object.entries(values).filter(([actionId]) => standing.has(`${blockId} ${actionId}`));
    return [blockId, Object.fromEntries(ofBlock)] as const;
  });
  return Object.fromEntries(kept.filter(([, values]) => Object.keys(values).length > 0));
}
