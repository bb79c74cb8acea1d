import { type Surface, validateBlocks, validateMessage, validateView } from '../../../../infra/local/slack/validate';
import { actions, button, input, modal, plain, section } from './bench';

const long = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const option = (value: string) => ({ text: plain(value), value });
const element = (type: string, more: object = {}) => ({ type, action_id: 'value', ...more });
const field = (type: string, more: object = {}) => input('field', element(type, more));
const richText = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const task = (more: object = {}) => ({
  type: 'task_card',
  task_id: 't1',
  title: 'Snapshot',
  status: 'complete',
  ...more,
});
const found = (surface: Surface, ...blocks: object[]) =>
  validateBlocks(surface, blocks).map(({ pointer, message }) => `${pointer.replace('/blocks', '')} ${message}`);

describe('what Slack takes', () => {
  test.each<[string, Surface, object[]]>([
    [
      'a card',
      'message',
      [{ type: 'header', text: plain('Restore orders') }, section('*Waiting*'), { type: 'divider' }],
    ],
    [
      'fields and an accessory',
      'message',
      [
        {
          type: 'section',
          fields: [plain('a'), plain('b')],
          accessory: button('open', { url: 'https://example.com' }),
        },
      ],
    ],
    [
      'a button with confirm',
      'message',
      [
        actions(
          button('go', {
            style: 'danger',
            confirm: { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') },
          }),
        ),
      ],
    ],
    [
      'a context',
      'message',
      [
        {
          type: 'context',
          elements: [
            { type: 'mrkdwn', text: 'by ana' },
            { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'Ana' },
          ],
        },
      ],
    ],
    [
      'rich text',
      'message',
      [richText({ type: 'text', text: 'hi', style: { bold: true } }, { type: 'user', user_id: 'U1' })],
    ],
    [
      'a list in rich text',
      'message',
      [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_list',
              style: 'ordered',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] }],
            },
          ],
        },
      ],
    ],
    [
      'a table',
      'message',
      [
        {
          type: 'table',
          rows: [
            [
              { type: 'raw_text', text: 'a' },
              { type: 'raw_number', value: 1, text: '1' },
              richText({ type: 'text', text: 'c' }),
            ],
          ],
        },
      ],
    ],
    [
      'a plan',
      'message',
      [{ type: 'plan', title: 'Restore', tasks: [task({ details: richText({ type: 'text', text: '3 min' }) })] }],
    ],
    ['markdown', 'message', [{ type: 'markdown', text: '# hi' }]],
    ['an alert', 'modal', [{ type: 'alert', level: 'warning', text: plain('This replaces production') }]],
    [
      'a form',
      'modal',
      [
        input('a', element('plain_text_input', { multiline: true, max_length: 3000 })),
        input(
          'b',
          element('number_input', { is_decimal_allowed: false, min_value: '1', max_value: '72', initial_value: '24' }),
        ),
        input('c', element('external_select', { min_query_length: 0, initial_option: option('orders') })),
        input(
          'd',
          element('static_select', {
            option_groups: [{ label: plain('eu'), options: [option('x')] }],
            initial_option: option('x'),
          }),
        ),
        input('e', element('checkboxes', { options: [option('x')], initial_options: [option('x')] })),
        input('f', element('datetimepicker', { initial_date_time: 1_766_390_400 })),
        input('g', element('datepicker', { initial_date: '2025-12-22' })),
        input('h', element('timepicker', { initial_time: '08:30' })),
        input('i', element('multi_users_select', { max_selected_items: 3 })),
        input('j', element('conversations_select', { default_to_current_conversation: true })),
      ],
    ],
    ['a Home tab', 'home', many(100, () => ({ type: 'divider' }))],
  ])('%s', (_, surface, blocks) => {
    expect(validateBlocks(surface, blocks)).toEqual([]);
  });
});

describe('what Slack refuses in blocks (Slack: Block Kit, each block and element)', () => {
  test.each<[string, Surface, object, string]>([
    ['an unknown block', 'message', { type: 'sectoin' }, '/0/type unsupported type: sectoin'],
    ['an unknown element', 'message', actions({ type: 'bouton' }), '/0/elements/0/type unsupported type: bouton'],
    ['an unknown field', 'message', { ...section('x'), colour: 'red' }, '/0 invalid additional property: colour'],
    ['an alert in a message', 'message', { type: 'alert', text: plain('x') }, '/0/type unsupported type: alert'],
    ['an alert on Home', 'home', { type: 'alert', text: plain('x') }, '/0/type unsupported type: alert'],
    ['a plan in a modal', 'modal', { type: 'plan', title: 'x' }, '/0/type unsupported type: plan'],
    ['a table on Home', 'home', { type: 'table', rows: [[]] }, '/0/type unsupported type: table'],
    ['markdown in a modal', 'modal', { type: 'markdown', text: 'x' }, '/0/type unsupported type: markdown'],
    ['a section of 3001 characters', 'message', section(long(3001)), '/0/text/text must be less than 3001 characters'],
    ['an empty section', 'message', section(''), '/0/text/text must be more than 0 characters'],
    ['a section of nothing', 'message', { type: 'section' }, '/0 must provide either text or fields'],
    [
      'eleven fields',
      'message',
      { type: 'section', fields: many(11, () => plain('x')) },
      '/0/fields no more than 10 items allowed',
    ],
    [
      'a field of 2001 characters',
      'message',
      { type: 'section', fields: [plain(long(2001))] },
      '/0/fields/0/text must be less than 2001 characters',
    ],
    [
      'a header of 151 characters',
      'message',
      { type: 'header', text: plain(long(151)) },
      '/0/text/text must be less than 151 characters',
    ],
    [
      'a header in mrkdwn',
      'message',
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      '/0/text/type unsupported type: mrkdwn',
    ],
    [
      'eleven context elements',
      'message',
      { type: 'context', elements: many(11, () => plain('x')) },
      '/0/elements no more than 10 items allowed',
    ],
    [
      '26 actions',
      'message',
      actions(...many(26, (n) => button(`b${n}`))),
      '/0/elements no more than 25 items allowed',
    ],
    [
      'an input among actions',
      'message',
      actions(element('plain_text_input')),
      '/0/elements/0/type unsupported type: plain_text_input',
    ],
    [
      'a button label of 76',
      'message',
      actions(button('x', { text: plain(long(76)) })),
      '/0/elements/0/text/text must be less than 76 characters',
    ],
    [
      'a button value of 2001',
      'message',
      actions(button('x', { value: long(2001) })),
      '/0/elements/0/value must be less than 2001 characters',
    ],
    [
      'an action_id of 256',
      'message',
      actions(button(long(256), { text: plain('x') })),
      '/0/elements/0/action_id must be less than 256 characters',
    ],
    [
      'a button style',
      'message',
      actions(button('x', { style: 'green' })),
      '/0/elements/0/style must be a valid enum value: one of primary, danger',
    ],
    [
      'an accessibility label of 76',
      'message',
      actions(button('x', { accessibility_label: long(76) })),
      '/0/elements/0/accessibility_label must be less than 76 characters',
    ],
    [
      'a confirm text of 301',
      'message',
      actions(button('x', { confirm: { text: plain(long(301)) } })),
      '/0/elements/0/confirm/text/text must be less than 301 characters',
    ],
    [
      'a confirm title of 101',
      'message',
      actions(button('x', { confirm: { text: plain('x'), title: plain(long(101)) } })),
      '/0/elements/0/confirm/title/text must be less than 101 characters',
    ],
    [
      'a confirm button of 31',
      'message',
      actions(button('x', { confirm: { text: plain('x'), deny: plain(long(31)) } })),
      '/0/elements/0/confirm/deny/text must be less than 31 characters',
    ],
    [
      'six overflow options',
      'message',
      actions(element('overflow', { options: many(6, (n) => option(`${n}`)) })),
      '/0/elements/0/options no more than 5 items allowed',
    ],
    [
      'an image without words',
      'message',
      { type: 'image', image_url: 'https://example.com/a.png' },
      '/0 missing required field: alt_text',
    ],
    [
      'an image without an image',
      'message',
      { type: 'image', alt_text: 'x' },
      '/0 must provide either image_url or slack_file',
    ],
    [
      '101 options',
      'modal',
      field('static_select', { options: many(101, (n) => option(`${n}`)) }),
      '/0/element/options no more than 100 items allowed',
    ],
    [
      'a menu without options',
      'modal',
      field('static_select'),
      '/0/element must provide either options or option_groups',
    ],
    [
      'an option of 76 characters',
      'modal',
      field('static_select', { options: [{ ...option('x'), text: plain(long(76)) }] }),
      '/0/element/options/0/text/text must be less than 76 characters',
    ],
    [
      'an option description of 76',
      'modal',
      field('radio_buttons', { options: [{ ...option('x'), description: plain(long(76)) }] }),
      '/0/element/options/0/description/text must be less than 76 characters',
    ],
    [
      'an initial option that is none',
      'modal',
      field('static_select', { options: [option('a')], initial_option: option('b') }),
      '/0/element/initial_option must exactly match one of the options',
    ],
    [
      'an initial option with another label',
      'modal',
      field('radio_buttons', { options: [option('a')], initial_option: { ...option('a'), text: plain('A') } }),
      '/0/element/initial_option must exactly match one of the options',
    ],
    [
      'eleven checkboxes',
      'modal',
      field('checkboxes', { options: many(11, (n) => option(`${n}`)) }),
      '/0/element/options no more than 10 items allowed',
    ],
    [
      'a placeholder of 151',
      'modal',
      field('plain_text_input', { placeholder: plain(long(151)) }),
      '/0/element/placeholder/text must be less than 151 characters',
    ],
    [
      'a first text of 3001',
      'modal',
      field('plain_text_input', { initial_value: long(3001) }),
      '/0/element/initial_value must be less than 3001 characters',
    ],
    [
      'lengths the wrong way round',
      'modal',
      field('plain_text_input', { min_length: 9, max_length: 3 }),
      '/0/element/min_length must not be greater than max_length',
    ],
    [
      'a number that may be anything',
      'modal',
      field('number_input'),
      '/0/element missing required field: is_decimal_allowed',
    ],
    [
      'a first number out of range',
      'modal',
      field('number_input', { is_decimal_allowed: true, max_value: '3', initial_value: '4' }),
      '/0/element/initial_value must be between min_value and max_value',
    ],
    [
      'a date',
      'modal',
      field('datepicker', { initial_date: '22.12.2025' }),
      '/0/element/initial_date must be in the form YYYY-MM-DD',
    ],
    [
      'a time',
      'modal',
      field('timepicker', { initial_time: '8:30' }),
      '/0/element/initial_time must be in the form HH:mm',
    ],
    [
      'a moment in milliseconds',
      'modal',
      field('datetimepicker', { initial_date_time: 1_766_390_400_000 }),
      '/0/element/initial_date_time must be between 1000000000 and 9999999999',
    ],
    [
      'a label of 2001',
      'modal',
      { ...field('plain_text_input'), label: plain(long(2001)) },
      '/0/label/text must be less than 2001 characters',
    ],
    [
      'a hint of 2001',
      'modal',
      { ...field('plain_text_input'), hint: plain(long(2001)) },
      '/0/hint/text must be less than 2001 characters',
    ],
    [
      'a block_id of 256',
      'message',
      { type: 'divider', block_id: long(256) },
      '/0/block_id must be less than 256 characters',
    ],
    [
      'rich text of another kind',
      'message',
      richText({ type: 'bold', text: 'x' }),
      '/0/elements/0/elements/0/type unsupported type: bold',
    ],
    [
      '101 rows',
      'message',
      { type: 'table', rows: many(101, () => [{ type: 'raw_text', text: 'x' }]) },
      '/0/rows no more than 100 items allowed',
    ],
    [
      '21 columns',
      'message',
      { type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] },
      '/0/rows/0 no more than 20 items allowed',
    ],
    [
      'a task that is completed and not complete',
      'message',
      { type: 'plan', title: 'x', tasks: [task({ status: 'completed' })] },
      '/0/tasks/0/status must be a valid enum value: one of pending, in_progress, complete, error',
    ],
    [
      'two tasks of one id',
      'message',
      { type: 'plan', title: 'x', tasks: [task(), task()] },
      '/0/tasks/1/task_id `task_id` t1 already exists',
    ],
    [
      'two actions of one id',
      'message',
      actions(button('go'), button('go')),
      '/0/elements/1/action_id `action_id` go already exists',
    ],
  ])('%s', (_, surface, block, problem) => {
    expect(found(surface, block)).toEqual([problem]);
  });
});

describe('what Slack refuses between blocks', () => {
  test.each<[string, Surface, object[], string]>([
    ['51 blocks in a message', 'message', many(51, () => ({ type: 'divider' })), ' no more than 50 items allowed'],
    ['101 blocks in a modal', 'modal', many(101, () => ({ type: 'divider' })), ' no more than 100 items allowed'],
    [
      'a block_id twice',
      'message',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '/1/block_id `block_id` a already exists',
    ],
    [
      'two plans',
      'message',
      [
        { type: 'plan', title: 'a' },
        { type: 'plan', title: 'b' },
      ],
      ' Cannot have more than 1 plan block',
    ],
    [
      'two tables',
      'message',
      many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
      ' only one table allowed',
    ],
    [
      'a plan and a task beside it',
      'message',
      [{ type: 'plan', title: 'a' }, task()],
      ' plan and task_card blocks cannot be in one message',
    ],
    [
      'more than 12,000 characters of markdown',
      'message',
      many(2, () => ({ type: 'markdown', text: long(6001) })),
      ' markdown blocks must be less than 12001 characters together',
    ],
    [
      'two fields with the focus',
      'modal',
      many(2, (n) => input(`${n}`, element('plain_text_input', { focus_on_load: true }))),
      ' only one element may have focus_on_load',
    ],
  ])('%s', (_, surface, blocks, problem) => {
    expect(found(surface, ...blocks)).toEqual([problem]);
  });

  test('the same action_id in two blocks is fine', () => {
    const row = (id: string) => ({ ...actions(button('go')), block_id: id });
    expect(found('message', row('a'), row('b'))).toEqual([]);
  });
});

describe('views (Slack: View objects)', () => {
  const problems = (view: object) => validateView(view).map(({ pointer, message }) => `${pointer} ${message}`);

  test.each<[string, object, string]>([
    ['a title of 25', modal([], { title: plain(long(25)) }), '/view/title/text must be less than 25 characters'],
    ['a submit of 25', modal([], { submit: plain(long(25)) }), '/view/submit/text must be less than 25 characters'],
    ['a close of 25', modal([], { close: plain(long(25)) }), '/view/close/text must be less than 25 characters'],
    [
      'private_metadata of 3001',
      modal([], { private_metadata: long(3001) }),
      '/view/private_metadata must be less than 3001 characters',
    ],
    [
      'a callback_id of 256',
      modal([], { callback_id: long(256) }),
      '/view/callback_id must be less than 256 characters',
    ],
    [
      'inputs without submit',
      modal([field('plain_text_input')], { submit: undefined }),
      '/view/submit `submit` is required when the view has input blocks',
    ],
    ['a title on Home', { type: 'home', title: plain('x'), blocks: [] }, '/view invalid additional property: title'],
    ['no title', { type: 'modal', blocks: [] }, '/view missing required field: title'],
    ['another type', { type: 'dialog', blocks: [] }, '/view/type unsupported type: dialog'],
    ['a wrong block', modal([{ type: 'plan', title: 'x' }]), '/view/blocks/0/type unsupported type: plan'],
  ])('%s', (_, view, problem) => {
    expect(problems(view)).toEqual([problem]);
  });
});

describe('messages', () => {
  const problems = (payload: unknown) =>
    validateMessage(payload).map(({ pointer, message }) => `${pointer} ${message}`);

  test.each<[string, unknown, string]>([
    ['nothing to say', {}, '/text no text: a message needs text, blocks or attachments'],
    ['40,001 characters', { text: long(40_001) }, '/text must be less than 40001 characters'],
    ['a wrong block', { text: 'x', blocks: [{ type: 'x' }] }, '/blocks/0/type unsupported type: x'],
    [
      'a wrong block in an attachment',
      { text: 'x', attachments: [{ blocks: [{ type: 'x' }] }] },
      '/attachments/0/blocks/0/type unsupported type: x',
    ],
    [
      'metadata without its event',
      { text: 'x', metadata: { event_payload: {} } },
      '/metadata missing required field: event_type',
    ],
    // Found by users of chat.postMessage: bolt-js issue 2509.
    [
      'too much text in all blocks',
      { blocks: many(5, () => section(long(2900))) },
      '/blocks the texts of all blocks must be less than 13201 characters',
    ],
  ])('%s', (_, payload, problem) => {
    expect(problems(payload)).toEqual([problem]);
  });
});
