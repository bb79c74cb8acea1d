import type { Block } from '../sandbox/wire';

interface AnyElement {
  type: string;
  action_id?: string;
  value?: string;
}

/** The elements of a block that a person can press or fill in. */
export function elementsOf(block: Block): AnyElement[] {
  if (block.type === 'actions') return block.elements;
  if (block.type === 'section') return block.accessory === undefined ? [] : [block.accessory];
  if (block.type === 'input') return [block.element];
  return [];
}
