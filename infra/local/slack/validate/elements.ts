import type { Dict } from '../wire';
import { boolean, type Check, integer, items, object, oneOf, type Place, type Shape, text } from './check';
import { richText } from './rich-text';
import {
  anyText,
  confirm,
  date,
  id,
  number,
  option,
  overflowOption,
  plain,
  plainOption,
  richOption,
  time,
  url,
} from './texts';

/** Slack: Block Kit, interactive elements; limits as on each element's page. */
const acted = { action_id: id };
const confirmed = { ...acted, confirm };
const focused = { ...confirmed, focus_on_load: boolean };
const chosen = { ...focused, placeholder: plain(150) };
const several = { ...chosen, max_selected_items: integer(1, 100) };
const typedIn = {
  ...acted,
  focus_on_load: boolean,
  placeholder: plain(150),
  dispatch_action_config: object({
    optional: { trigger_actions_on: items(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }) },
  }),
};

const groups = items(object({ required: { label: plain(75), options: items(plainOption, { max: 100 }) } }), {
  max: 100,
});
const conversationFilter = object({
  optional: {
    include: items(oneOf('im', 'mpim', 'private', 'public'), { max: 4 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
});

/** The options of a static menu, its groups flattened. */
export function optionsOf(element: Dict): Dict[] {
  const own = Array.isArray(element.options) ? (element.options as Dict[]) : [];
  const grouped = Array.isArray(element.option_groups) ? (element.option_groups as Dict[]) : [];
  return [...own, ...grouped.flatMap((group) => (Array.isArray(group.options) ? (group.options as Dict[]) : []))];
}

/** Slack: an initial option must match one of the options exactly. */
function initialIsOffered(element: Dict, at: Place): void {
  const offered = new Set(optionsOf(element).map((one) => canonical(one)));
  const initial = Array.isArray(element.initial_options)
    ? (element.initial_options as unknown[])
    : element.initial_option
      ? [element.initial_option]
      : [];
  if (initial.some((one) => !offered.has(canonical(one))))
    at.in(element.initial_option ? 'initial_option' : 'initial_options').say('must exactly match one of the options');
}

/** Key order and Slack's default of `emoji` do not make two options different. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'emoji') return undefined;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function menu(element: Dict, at: Place): void {
  if ((element.options === undefined) === (element.option_groups === undefined))
    at.say('must provide either options or option_groups');
  initialIsOffered(element, at);
}

function numberRange(element: Dict, at: Place): void {
  const { min_value: low, max_value: high, initial_value: initial } = element;
  if (low !== undefined && high !== undefined && Number(low) > Number(high))
    at.in('min_value').say('must not be greater than max_value');
  if (initial !== undefined && (Number(initial) < Number(low ?? initial) || Number(initial) > Number(high ?? initial)))
    at.in('initial_value').say('must be between min_value and max_value');
}

function lengthRange(element: Dict, at: Place): void {
  const { min_length: low, max_length: high } = element;
  if (typeof low === 'number' && typeof high === 'number' && low > high)
    at.in('min_length').say('must not be greater than max_length');
}

const button: Shape = {
  required: { text: plain(75) },
  optional: {
    ...confirmed,
    value: text(2000, 0),
    url,
    style: oneOf('primary', 'danger'),
    accessibility_label: text(75),
  },
};
const image: Shape = {
  required: { alt_text: text(2000) },
  optional: { image_url: url, slack_file: object({ optional: { id, url } }) },
  also: (element, at) => {
    if ((element.image_url === undefined) === (element.slack_file === undefined))
      at.say('must provide either image_url or slack_file');
  },
};

const menus: Record<string, Shape> = {
  static_select: {
    optional: {
      ...chosen,
      options: items(plainOption, { max: 100 }),
      option_groups: groups,
      initial_option: plainOption,
    },
    also: menu,
  },
  multi_static_select: {
    optional: {
      ...several,
      options: items(plainOption, { max: 100 }),
      option_groups: groups,
      initial_options: items(plainOption, { max: 100 }),
    },
    also: menu,
  },
  external_select: { optional: { ...chosen, min_query_length: integer(0, 255), initial_option: plainOption } },
  multi_external_select: {
    optional: { ...several, min_query_length: integer(0, 255), initial_options: items(plainOption, { max: 100 }) },
  },
  users_select: { optional: { ...chosen, initial_user: id } },
  multi_users_select: { optional: { ...several, initial_users: items(id, { max: 100 }) } },
  conversations_select: {
    optional: {
      ...chosen,
      initial_conversation: id,
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: conversationFilter,
    },
  },
  multi_conversations_select: {
    optional: {
      ...several,
      initial_conversations: items(id, { max: 100 }),
      default_to_current_conversation: boolean,
      filter: conversationFilter,
    },
  },
  channels_select: { optional: { ...chosen, initial_channel: id, response_url_enabled: boolean } },
  multi_channels_select: { optional: { ...several, initial_channels: items(id, { max: 100 }) } },
};

const pickers: Record<string, Shape> = {
  radio_buttons: {
    required: { options: items(richOption, { max: 10 }) },
    optional: { ...focused, initial_option: richOption },
    also: initialIsOffered,
  },
  checkboxes: {
    required: { options: items(richOption, { max: 10 }) },
    optional: { ...focused, initial_options: items(richOption, { max: 10 }) },
    also: initialIsOffered,
  },
  datepicker: { optional: { ...chosen, initial_date: date } },
  timepicker: { optional: { ...chosen, initial_time: time, timezone: text(255) } },
  datetimepicker: { optional: { ...focused, initial_date_time: integer(1_000_000_000, 9_999_999_999) } },
};

const writing: Record<string, Shape> = {
  plain_text_input: {
    optional: {
      ...typedIn,
      initial_value: text(3000, 0),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    also: lengthRange,
  },
  number_input: {
    required: { is_decimal_allowed: boolean },
    optional: { ...typedIn, initial_value: number, min_value: number, max_value: number },
    also: numberRange,
  },
  email_text_input: { optional: { ...typedIn, initial_value: text(3000, 0) } },
  url_text_input: { optional: { ...typedIn, initial_value: text(3000, 0) } },
  rich_text_input: {
    optional: { ...typedIn, initial_value: richText, min_lines: integer(1, 100), max_lines: integer(1, 100) },
  },
};

const overflow: Shape = { required: { options: items(overflowOption, { max: 5 }) }, optional: confirmed };

export const imageElement = image;
/** Slack: which elements an actions block, a section's accessory, an input block and a context block may hold. */
export const actionsElements: Record<string, Shape> = {
  button,
  overflow,
  ...menus,
  ...pickers,
  rich_text_input: writing.rich_text_input as Shape,
};
export const accessories: Record<string, Shape> = { button, overflow, image, ...menus, ...pickers };
export const inputElements: Record<string, Shape> = { ...menus, ...pickers, ...writing };
export const contextElements: Record<string, Shape> = {
  image,
  plain_text: { required: { text: text(3000) }, optional: { emoji: boolean } },
  mrkdwn: { required: { text: text(3000) }, optional: { verbatim: boolean } },
};

/** What a block_suggestion request may be answered with: at most 100 options, or groups of them. */
export const suggestion: Check = (value, at) =>
  object({
    optional: {
      options: items(option(anyText(75)), { min: 0, max: 100 }),
      option_groups: items(
        object({ required: { label: plain(75), options: items(plainOption, { min: 0, max: 100 }) } }),
        { min: 0, max: 100 },
      ),
    },
    also: (answer, place) => {
      if ((answer.options === undefined) === (answer.option_groups === undefined))
        place.say('must provide either options or option_groups');
    },
  })(value, at);
