import { formError, initialValue, readValue, type StateValues } from '../state-values';
import { elementsOf } from '../validate/blocks';
import { optionsOf } from '../validate/elements';
import type { OpenView } from '../views';
import { type Dict, dict, isDict } from '../wire';
import { blocksIn, NotPossible, offeredIn, type Scene } from './scene';

/** The state with what the person gives, which may be state values or shorter forms. */
export function fill(scene: Scene, kept: StateValues, given: Dict): StateValues {
  const filled: StateValues = { ...kept };
  const fillable = blocksIn(scene).filter((block) => elementsOf(block).some((element) => initialValue(element)));
  for (const [blockId, values] of Object.entries(given)) {
    const block = fillable.find((one) => one.block_id === blockId);
    if (block === undefined) {
      const known = fillable.map((one) => String(one.block_id));
      throw new NotPossible(`no field with block_id ${blockId}; there are: ${known.join(', ') || 'none'}`);
    }
    const elements = elementsOf(block).filter((element) => initialValue(element));
    for (const [actionId, value] of Object.entries(byAction(elements, values))) {
      const element = elements.find((one) => one.action_id === actionId);
      if (element === undefined) {
        const known = elements.map((one) => String(one.action_id));
        throw new NotPossible(`block ${blockId} has no field with action_id ${actionId}; it has: ${known.join(', ')}`);
      }
      const offered = offeredIn(scene, blockId, actionId);
      const read = readValue(element, value, offered);
      if ('error' in read) throw new NotPossible(`block ${blockId}, ${actionId}: ${read.error}`);
      filled[blockId] = { ...filled[blockId], [actionId]: read.value };
    }
  }
  return filled;
}

/** `{action_id: value}`, or for a block with one field the value alone. */
function byAction(elements: Dict[], values: unknown): Dict {
  const only = elements.length === 1 ? elements[0] : undefined;
  if (isDict(values) || only === undefined) return dict(values);
  return { [String(only.action_id)]: values };
}

export function findElement(
  blocks: Dict[],
  input: { action_id: string; block_id?: string | undefined; value?: unknown },
  accepts: (element: Dict, block: Dict) => boolean,
): { block: Dict; element: Dict } {
  const all = blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => accepts(element, block))
      .map((element) => ({ block, element })),
  );
  const named = all.filter(
    ({ block, element }) =>
      element.action_id === input.action_id && (input.block_id === undefined || block.block_id === input.block_id),
  );
  const exact = named.filter(({ element }) => element.type === 'button' && element.value === input.value);
  const found = named.length > 1 && exact.length > 0 ? exact : named;
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    const known = [...new Set(all.map(({ element }) => String(element.action_id)))].join(', ') || 'nothing';
    throw new NotPossible(`${input.action_id} is not there (any more); what can be pressed or filled in: ${known}`);
  }
  const where = found.map(({ block, element }) => `${String(block.block_id)} (value ${String(element.value)})`);
  throw new NotPossible(`${input.action_id} is there ${found.length} times: say which block_id: ${where.join(', ')}`);
}

/** Slack: elements in an input block act only when the block says `dispatch_action`. */
export const findActed = (
  blocks: Dict[],
  input: { action_id: string; block_id?: string | undefined; value?: unknown },
) =>
  findElement(
    blocks,
    input,
    (element, block) => element.type !== 'image' && (block.type !== 'input' || block.dispatch_action === true),
  );

/** The entry of `actions`, and the element's new state value when it holds one. */
export function chosen(element: Dict, given: unknown, offered: Dict[]): { action: Dict; value?: Dict } {
  const { options: _, option_groups: __, style: ___, accessibility_label: ____, ...action } = element;
  if (element.type === 'button') {
    if (typeof given === 'string' && given !== element.value)
      throw new NotPossible(
        `${String(element.action_id)} is there with the value ${String(element.value)}, not ${given}`,
      );
    return { action };
  }
  if (element.type === 'overflow') {
    const options = optionsOf(element);
    const option = options.find((one) => one.value === given || dict(one.text).text === given);
    if (option === undefined)
      throw new NotPossible(`say which option as value: ${options.map((one) => String(one.value)).join(', ')}`);
    return { action: { ...action, selected_option: { text: option.text, value: option.value } } };
  }
  const read = readValue(element, given, offered);
  if ('error' in read) throw new NotPossible(`${String(element.action_id)}: ${read.error}`);
  return { action: { ...action, ...read.value }, value: read.value };
}

/** What Slack's own form says, by block_id. */
export function formErrors(open: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of open.blocks) {
    if (block.type !== 'input') continue;
    const element = dict(block.element);
    const value = open.state[String(block.block_id)]?.[String(element.action_id)];
    const error = formError(block, element, value);
    if (error !== undefined) errors[String(block.block_id)] = error;
  }
  return errors;
}
