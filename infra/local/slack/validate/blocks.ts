import { type Dict, dicts } from '../wire';
import { boolean, integer, items, object, oneOf, type Place, type Shape, text, typed } from './check';
import { accessories, actionsElements, contextElements, imageElement, inputElements } from './elements';
import { richText, richTextShape } from './rich-text';
import { anyText, id, plain, url } from './texts';

export const surfaces = ['message', 'modal', 'home'] as const;
export type Surface = (typeof surfaces)[number];

const named = { block_id: id };

/** Slack: Block Kit, blocks that every surface takes. */
const everywhere: Record<string, Shape> = {
  section: {
    optional: {
      ...named,
      text: anyText(3000),
      fields: items(anyText(2000), { max: 10 }),
      accessory: typed(accessories),
      expand: boolean,
    },
    also: (block, at) => {
      if (block.text === undefined && block.fields === undefined) at.say('must provide either text or fields');
    },
  },
  header: { required: { text: plain(150) }, optional: { ...named, level: integer(1, 4) } },
  context: { required: { elements: items(typed(contextElements), { max: 10 }) }, optional: named },
  actions: { required: { elements: items(typed(actionsElements), { max: 25 }) }, optional: named },
  divider: { optional: named },
  image: { ...imageElement, optional: { ...imageElement.optional, ...named, title: plain(2000) } },
  input: {
    required: { label: plain(2000), element: typed(inputElements) },
    optional: { ...named, hint: plain(2000), optional: boolean, dispatch_action: boolean },
  },
  rich_text: richTextShape,
};

const cell = typed({
  raw_text: { required: { text: text(3000) } },
  raw_number: {
    required: {
      text: text(255),
      value: (value, at) => void (typeof value === 'number' || at.say('must provide a number')),
    },
  },
  rich_text: richTextShape,
});

const taskCard: Shape = {
  required: {
    task_id: id,
    title: text(3000),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: {
    ...named,
    details: richText,
    output: richText,
    sources: items(typed({ url: { required: { url, text: text(3000) } } }), { min: 0, max: 100 }),
  },
};

/** Slack: Block Kit, blocks that only messages take. */
const messageOnly: Record<string, Shape> = {
  markdown: { required: { text: text(12_000) }, optional: named },
  table: {
    required: { rows: items(items(cell, { max: 20 }), { max: 100 }) },
    optional: {
      ...named,
      column_settings: items(object({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: boolean } }), {
        max: 20,
      }),
    },
  },
  task_card: taskCard,
  plan: {
    required: { title: text(3000) },
    optional: { ...named, tasks: items(typed({ task_card: taskCard }), { min: 0, max: 100 }) },
    also: (block, at) => unique(dicts(block.tasks), 'task_id', at.in('tasks')),
  },
};

const modalOnly: Record<string, Shape> = {
  alert: {
    required: { text: anyText(3000) },
    optional: { ...named, level: oneOf('default', 'info', 'warning', 'error', 'success') },
  },
};

/** Which block types a surface takes; everything else is refused there. */
export const blockTypes: Record<Surface, ReturnType<typeof typed>> = {
  message: typed({ ...everywhere, ...messageOnly }),
  modal: typed({ ...everywhere, ...modalOnly }),
  home: typed(everywhere),
};

/** Slack: at most 50 blocks in a message, 100 in a modal or on the Home tab. */
export const blockLimit: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

/** The elements of a block that a person can act on or fill in. */
export function elementsOf(block: Dict): Dict[] {
  if (block.type === 'actions') return dicts(block.elements);
  if (block.type === 'section') return dicts([block.accessory]);
  if (block.type === 'input') return dicts([block.element]);
  return [];
}

/** Rules between the blocks of one surface. */
export function checkTogether(blocks: Dict[], at: Place): void {
  unique(blocks, 'block_id', at);
  for (const [index, block] of blocks.entries()) unique(elementsOf(block), 'action_id', at.in(index).in('elements'));
  const count = (type: string) => blocks.filter((block) => block.type === type).length;
  if (count('plan') > 1) at.say('Cannot have more than 1 plan block');
  if (count('table') > 1) at.say('only one table allowed');
  if (count('plan') > 0 && count('task_card') > 0) at.say('plan and task_card blocks cannot be in one message');
  const focused = blocks.flatMap(elementsOf).filter((element) => element.focus_on_load === true);
  if (focused.length > 1) at.say('only one element may have focus_on_load');
  const markdown = blocks.filter((block) => block.type === 'markdown').map((block) => String(block.text).length);
  if (markdown.length > 1 && markdown.reduce((sum, length) => sum + length, 0) > 12_000)
    at.say('markdown blocks must be less than 12001 characters together');
}

function unique(these: Dict[], key: string, at: Place): void {
  const seen = new Set<unknown>();
  for (const [index, one] of these.entries()) {
    if (one[key] === undefined) continue;
    if (seen.has(one[key]))
      at.in(index)
        .in(key)
        .say(`\`${key}\` ${String(one[key])} already exists`);
    seen.add(one[key]);
  }
}
