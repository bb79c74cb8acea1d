/** One of everything that Slack's surfaces take, for the page to draw. */
const plain = (text: string) => ({ type: 'plain_text', text });
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() });
const options = ['Apple', 'Banana', 'Cherry'].map(option);
const picture =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='80' height='40'%3E%3Crect width='80' height='40' fill='teal'/%3E%3C/svg%3E";

const richText = {
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'Bold', style: { bold: true } },
        { type: 'text', text: ' and ' },
        { type: 'link', url: 'https://example.com/', text: 'a link' },
        { type: 'user', user_id: 'U0ANA00001' },
        { type: 'channel', channel_id: 'C0ORDERS01' },
        { type: 'emoji', name: 'rocket' },
        { type: 'broadcast', range: 'here' },
        { type: 'date', timestamp: 1_795_341_600, format: '{date_short} at {time}', fallback: 'then' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'ordered',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] },
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'second' }] },
      ],
    },
    { type: 'rich_text_quote', elements: [{ type: 'text', text: 'quoted' }] },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'SELECT 1;' }] },
  ],
};

const acting = [
  { type: 'button', action_id: 'plain', text: plain('Plain') },
  { type: 'button', action_id: 'primary', style: 'primary', text: plain('Primary') },
  {
    type: 'button',
    action_id: 'danger',
    style: 'danger',
    text: plain('Danger'),
    confirm: {
      title: plain('Sure?'),
      text: plain('It cannot be undone.'),
      confirm: plain('Do it'),
      deny: plain('Keep it'),
    },
  },
  { type: 'overflow', action_id: 'more', options: options.slice(0, 2) },
  { type: 'static_select', action_id: 'fruit', placeholder: plain('A fruit'), options },
  { type: 'users_select', action_id: 'person', placeholder: plain('A person') },
  { type: 'conversations_select', action_id: 'place', placeholder: plain('A channel') },
  { type: 'datepicker', action_id: 'day' },
  { type: 'timepicker', action_id: 'hour' },
  { type: 'datetimepicker', action_id: 'moment' },
  { type: 'radio_buttons', action_id: 'one', options },
  { type: 'checkboxes', action_id: 'some', options },
];

export const mrkdwn =
  '*bold* _italic_ ~strike~ `code` 10:30:00 a_b_c <https://example.com/|link> <@U0BEN00001> <#C0ORDERS01> ' +
  '<!date^1795341600^{date_short} {time}|then> :white_check_mark: :nobody_knows: &lt;b&gt;\n> a quote\n• a bullet\n```pre\n  formatted```';

const messageBlocks = [
  { type: 'header', text: plain(':rocket: A header') },
  {
    type: 'section',
    text: { type: 'mrkdwn', text: mrkdwn },
    accessory: { type: 'image', image_url: picture, alt_text: 'A teal box' },
  },
  { type: 'section', fields: ['*One*\n1', '*Two*\n2', '*Three*\n3'].map((text) => ({ type: 'mrkdwn', text })) },
  { type: 'divider' },
  {
    type: 'context',
    elements: [
      { type: 'image', image_url: picture, alt_text: 'A mark' },
      { type: 'mrkdwn', text: 'some *context*' },
    ],
  },
  { type: 'actions', elements: acting },
  { type: 'image', image_url: picture, alt_text: 'A picture', title: plain('A picture') },
  richText,
  { type: 'markdown', text: '## A heading\n- **strong** and *soft*\n- `code`\n\n```sql\nSELECT 1\n```' },
  {
    type: 'table',
    column_settings: [{ align: 'left' }, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'Name' },
        { type: 'raw_text', text: 'Size' },
      ],
      [
        { type: 'raw_text', text: 'orders' },
        { type: 'raw_number', value: 100, text: '100 GiB' },
      ],
    ],
  },
];

const planBlocks = [
  {
    type: 'plan',
    title: 'A plan',
    tasks: ['complete', 'in_progress', 'pending', 'error'].map((status) => ({
      type: 'task_card',
      task_id: status,
      title: `Task ${status}`,
      status,
      details: {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'in detail' }] }],
      },
    })),
  },
];

export const messages = [messageBlocks, planBlocks];

const field = (label: string, element: object) => ({
  type: 'input',
  block_id: label,
  optional: true,
  label: plain(label),
  hint: plain(`About ${label}`),
  element: { ...element, action_id: label },
});

export const modal = {
  type: 'modal',
  callback_id: 'kitchen-sink',
  title: plain('One of everything'),
  submit: plain('Send'),
  close: plain('Close'),
  blocks: [
    { type: 'alert', level: 'warning', text: { type: 'mrkdwn', text: 'This replaces *production*.' } },
    field('Words', { type: 'plain_text_input', max_length: 40 }),
    field('Story', { type: 'plain_text_input', multiline: true }),
    field('Number', { type: 'number_input', is_decimal_allowed: false }),
    field('Mail', { type: 'email_text_input' }),
    field('Address', { type: 'url_text_input' }),
    field('Fruit', { type: 'static_select', options }),
    field('Fruits', { type: 'multi_static_select', option_groups: [{ label: plain('Sweet'), options }] }),
    field('Person', { type: 'users_select' }),
    field('Channel', { type: 'conversations_select' }),
    field('Day', { type: 'datepicker' }),
    field('Hour', { type: 'timepicker' }),
    field('Moment', { type: 'datetimepicker' }),
    field('One', { type: 'radio_buttons', options }),
    field('Some', { type: 'checkboxes', options }),
  ],
};
