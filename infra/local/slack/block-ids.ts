import { elementsOf } from './validate/blocks';
import { type Dict, dicts } from './wire';

/** Slack fills in a block_id and an action_id where the app gave none; the app sees them in payloads. */
export function withIds(blocks: Dict[], next: () => string): Dict[] {
  return blocks.map((block) => {
    const filled: Dict = { ...block, block_id: block.block_id ?? next() };
    const named = (element: Dict): Dict =>
      elementsOf(block).includes(element) && element.type !== 'image'
        ? { ...element, action_id: element.action_id ?? next() }
        : element;
    if (block.type === 'actions') filled.elements = dicts(block.elements).map(named);
    if (block.accessory !== undefined) filled.accessory = named(block.accessory as Dict);
    if (block.type === 'input') filled.element = named(block.element as Dict);
    return filled;
  });
}
