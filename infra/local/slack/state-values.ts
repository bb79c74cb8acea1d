import { elementsOf } from './validate/blocks';
import { optionsOf } from './validate/elements';
import { type Dict, dicts, isDict, list, string } from './wire';

/**
 * What people have filled in, as `state.values` carries it: by block_id and action_id, one value for every element that
 * can hold one, null or [] when untouched (Slack: View and block_actions payloads).
 */
export type StateValues = Record<string, Record<string, Dict>>;

interface Holds {
  /** The property of the state value. */
  key: string;
  /** The element's property with its first value. */
  initial: string;
  empty: null | [];
}

const holds: Record<string, Holds> = {
  plain_text_input: { key: 'value', initial: 'initial_value', empty: null },
  number_input: { key: 'value', initial: 'initial_value', empty: null },
  email_text_input: { key: 'value', initial: 'initial_value', empty: null },
  url_text_input: { key: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { key: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { key: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { key: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', empty: null },
  checkboxes: { key: 'selected_options', initial: 'initial_options', empty: [] },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { key: 'selected_options', initial: 'initial_options', empty: [] },
  users_select: { key: 'selected_user', initial: 'initial_user', empty: null },
  multi_users_select: { key: 'selected_users', initial: 'initial_users', empty: [] },
  conversations_select: { key: 'selected_conversation', initial: 'initial_conversation', empty: null },
  multi_conversations_select: { key: 'selected_conversations', initial: 'initial_conversations', empty: [] },
  channels_select: { key: 'selected_channel', initial: 'initial_channel', empty: null },
  multi_channels_select: { key: 'selected_channels', initial: 'initial_channels', empty: [] },
  datepicker: { key: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { key: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { key: 'selected_date_time', initial: 'initial_date_time', empty: null },
};

const holdsOf = (element: Dict): Holds | undefined => holds[String(element.type)];

export const holdsValue = (element: Dict): boolean => holdsOf(element) !== undefined;

export function initialValue(element: Dict): Dict | undefined {
  const how = holdsOf(element);
  if (how === undefined) return undefined;
  return { type: element.type, [how.key]: element[how.initial] ?? how.empty };
}

/** The values of all elements: the kept ones where block_id, action_id and type are the same, else the initial ones. */
export function stateOf(blocks: Dict[], kept: StateValues = {}): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const initial = initialValue(element);
      if (initial === undefined) continue;
      const blockId = String(block.block_id);
      const actionId = String(element.action_id);
      const before = kept[blockId]?.[actionId];
      const keeps = before !== undefined && before.type === element.type;
      values[blockId] = { ...values[blockId], [actionId]: keeps ? before : initial };
    }
  }
  return values;
}

export const isFilled = (element: Dict, value: Dict | undefined): boolean => {
  const how = holdsOf(element);
  const held = how && value?.[how.key];
  return held !== undefined && held !== null && held !== '' && !(Array.isArray(held) && held.length === 0);
};

/**
 * Reads what a program gives for an element: the state value itself, `{value}`, a plain string or number, or for menus
 * the value or the label of an option. `offered` are the options that an external menu was last given.
 */
export function readValue(element: Dict, given: unknown, offered: Dict[]): { value: Dict } | { error: string } {
  const how = holdsOf(element);
  if (how === undefined) return { error: `a ${String(element.type)} holds no value` };
  const inner = isDict(given) ? (how.key in given ? given[how.key] : given.value) : given;
  const made = (held: unknown) => ({ value: { type: element.type, [how.key]: held } });
  if (inner === null || inner === undefined || inner === '') return made(how.empty);
  if (how.key === 'selected_option') {
    const option = findOption(element, inner, offered);
    return 'error' in option ? option : made(option.option);
  }
  if (how.key === 'selected_options') {
    const options = (Array.isArray(inner) ? inner : [inner]).map((one) => findOption(element, one, offered));
    const wrong = options.find((one) => 'error' in one);
    return wrong ?? made(options.map((one) => ('option' in one ? one.option : undefined)));
  }
  if (how.key === 'selected_date_time') {
    const seconds = Number(inner);
    const at = Number.isFinite(seconds) ? seconds : Date.parse(String(inner)) / 1000;
    return Number.isFinite(at) ? made(Math.floor(at)) : { error: `${String(inner)} is no date and time` };
  }
  if (Array.isArray(how.empty)) return made(list(Array.isArray(inner) ? inner : [inner]).map(String));
  if (how.key === 'rich_text_value') return made(inner);
  if (isDict(inner)) return { error: `expected ${how.key}, a string or {value}; got ${Object.keys(inner).join(', ')}` };
  return made(String(inner));
}

function findOption(element: Dict, given: unknown, offered: Dict[]): { option: Dict } | { error: string } {
  const wanted = string(isDict(given) ? given.value : given);
  const isExternal = String(element.type).includes('external');
  const options = isExternal ? [...offered, ...initialsOf(element)] : optionsOf(element);
  const option =
    options.find((one) => one.value === wanted) ?? options.find((one) => isDict(one.text) && one.text.text === wanted);
  if (option !== undefined) return { option: { text: option.text, value: option.value } };
  // An external menu's options come from the app: a program that knows one may give it whole.
  if (isExternal && isDict(given) && isDict(given.text) && wanted !== undefined)
    return { option: { text: given.text, value: wanted } };
  const known = options.map((one) => String(one.value)).join(', ') || 'none';
  const hint = isExternal ? '; ask for its options first, or give {text, value}' : '';
  return { error: `${String(wanted)} is not among the options (${known})${hint}` };
}

const initialsOf = (element: Dict): Dict[] => [...dicts([element.initial_option]), ...dicts(element.initial_options)];

/** What Slack's own form says before it sends anything; undefined when the value may be sent. */
export function formError(block: Dict, element: Dict, value: Dict | undefined): string | undefined {
  if (!isFilled(element, value)) {
    return block.optional === true ? undefined : 'Please complete this required field.';
  }
  const written = string(value?.value);
  if (written === undefined) return undefined;
  if (typeof element.min_length === 'number' && written.length < element.min_length)
    return `This must be at least ${element.min_length} characters.`;
  const most = typeof element.max_length === 'number' ? element.max_length : 3000;
  if (written.length > most) return `This must be at most ${most} characters.`;
  if (element.type !== 'number_input') return undefined;
  const number = Number(written);
  if (!Number.isFinite(number)) return 'Please enter a number.';
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Please enter a number of at least ${String(element.min_value)}.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Please enter a number of at most ${String(element.max_value)}.`;
  return undefined;
}
