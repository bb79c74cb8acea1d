import { blockLimit, blockTypes, checkTogether, type Surface } from './validate/blocks';
import { boolean, type Check, items, object, Place, type Problem, text, typed } from './validate/check';
import { suggestion } from './validate/elements';
import { id, plain } from './validate/texts';
import { type Dict, dicts, isDict, list } from './wire';

/**
 * What Slack would refuse in blocks, views and messages (Slack: Block Kit reference, each block's and element's page).
 * Empty means that Slack takes it. Unknown blocks, elements and fields are refused too.
 */
export type { Problem, Surface };

/** Slack: a message's text is cut at 40,000 characters; chat.update refuses more than 4,000. */
export const textLimit = 40_000;
/** The texts of all blocks of one message; not documented, measured by users of chat.postMessage (bolt-js issue 2509). */
export const blocksTextLimit = 13_200;
/** Slack: a view is at most 250 kB. */
export const viewBytesLimit = 250_000;

export function validateBlocks(surface: Surface, blocks: unknown, pointer = '/blocks'): Problem[] {
  const found: Problem[] = [];
  const at = new Place(found, pointer);
  items(blockTypes[surface], { min: 0, max: blockLimit[surface] })(blocks, at);
  checkTogether(dicts(blocks), at);
  return found;
}

const common = { private_metadata: text(3000, 0), callback_id: text(255, 0), external_id: id };
const blocksOf =
  (surface: Surface): Check =>
  (value, at) => {
    for (const { pointer, message } of validateBlocks(surface, value, at.pointer)) at.report(pointer, message);
  };
const viewTypes = typed({
  modal: {
    required: { title: plain(24), blocks: blocksOf('modal') },
    optional: {
      ...common,
      submit: plain(24),
      close: plain(24),
      clear_on_close: boolean,
      notify_on_close: boolean,
      submit_disabled: boolean,
    },
    also: (view, at) => {
      const asks = dicts(view.blocks).some((block) => block.type === 'input');
      if (asks && view.submit === undefined) at.in('submit').say('`submit` is required when the view has input blocks');
    },
  },
  home: { required: { blocks: blocksOf('home') }, optional: common },
});

export function validateView(view: unknown): Problem[] {
  const found: Problem[] = [];
  const at = new Place(found, '/view');
  if (isTooLarge(view)) at.say('must be less than 250 kB');
  viewTypes(view, at);
  return found;
}

export const isTooLarge = (view: unknown): boolean =>
  isDict(view) && Buffer.byteLength(JSON.stringify(view)) > viewBytesLimit;

/** The payload of chat.postMessage, chat.update, chat.postEphemeral and of a response_url. */
export function validateMessage(payload: unknown): Problem[] {
  const found: Problem[] = [];
  const at = new Place(found, '');
  if (!isDict(payload)) {
    at.say('must provide an object');
    return found;
  }
  if (isEmpty(payload)) at.in('text').say('no text: a message needs text, blocks or attachments');
  if (payload.text !== undefined) text(textLimit, 0)(payload.text, at.in('text'));
  if (payload.blocks !== undefined) {
    blocksOf('message')(payload.blocks, at.in('blocks'));
    if (textOf(payload.blocks) > blocksTextLimit)
      at.in('blocks').say(`the texts of all blocks must be less than ${blocksTextLimit + 1} characters`);
  }
  for (const [index, attachment] of list(payload.attachments).entries()) {
    const place = at.in('attachments').in(index);
    if (!isDict(attachment)) place.say('must provide an object');
    else if (attachment.blocks !== undefined) blocksOf('message')(attachment.blocks, place.in('blocks'));
  }
  if (payload.metadata !== undefined) metadata(payload.metadata, at.in('metadata'));
  return found;
}

const metadata = object({
  required: {
    event_type: text(255),
    event_payload: (value, at) => void (isDict(value) || at.say('must provide an object')),
  },
});

export const isEmpty = (payload: Dict): boolean =>
  !payload.text && list(payload.blocks).length === 0 && list(payload.attachments).length === 0;

/** How many characters the texts in these blocks have. */
export function textOf(value: unknown): number {
  if (Array.isArray(value)) return (value as unknown[]).reduce<number>((sum, one) => sum + textOf(one), 0);
  if (!isDict(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : textOf(inner)),
    0,
  );
}

/** The answer to a block_suggestion request. */
export function validateSuggestion(answer: unknown): Problem[] {
  const found: Problem[] = [];
  suggestion(answer, new Place(found, ''));
  return found;
}
