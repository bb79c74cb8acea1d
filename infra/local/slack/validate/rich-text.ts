import { boolean, type Check, integer, items, object, oneOf, type Shape, text, typed } from './check';
import { id, url } from './texts';

/** Slack: Block Kit, rich text block and its elements. */
const style = object({
  optional: { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean, highlight: boolean },
});
const many = 1000;

const leaves: Record<string, Shape> = {
  text: { required: { text: text(12_000) }, optional: { style } },
  link: { required: { url }, optional: { text: text(3000), style, unsafe: boolean } },
  user: { required: { user_id: id }, optional: { style } },
  usergroup: { required: { usergroup_id: id }, optional: { style } },
  channel: { required: { channel_id: id }, optional: { style } },
  team: { required: { team_id: id }, optional: { style } },
  emoji: { required: { name: text(255) }, optional: { unicode: text(255), url, style } },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') }, optional: { style } },
  date: {
    required: { timestamp: integer(0, Number.MAX_SAFE_INTEGER), format: text(255) },
    optional: { url, fallback: text(3000), style },
  },
  color: { required: { value: text(255) }, optional: { style } },
};
const preformattedLeaves: Record<string, Shape> = { text: leaves.text as Shape, link: leaves.link as Shape };

const border = oneOf(0, 1);
const section: Shape = { required: { elements: items(typed(leaves), { min: 0, max: many }) } };

const parts = typed({
  rich_text_section: section,
  rich_text_quote: { ...section, optional: { border } },
  rich_text_preformatted: {
    required: { elements: items(typed(preformattedLeaves), { min: 0, max: many }) },
    optional: { border, language: text(255) },
  },
  rich_text_list: {
    required: {
      style: oneOf('bullet', 'ordered'),
      elements: items(typed({ rich_text_section: section }), { max: many }),
    },
    optional: { indent: integer(0, 8), offset: integer(0, many), border },
  },
});

export const richTextShape: Shape = {
  required: { elements: items(parts, { max: many }) },
  optional: { block_id: id },
};
export const richText: Check = typed({ rich_text: richTextShape });
