import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { type ElementProps, labelsOf } from '../field';
import { useSurface } from '../surface';

type TextElement = PlainTextInput | NumberInput | EmailInput | URLInput;

const modes = {
  plain_text_input: 'text',
  number_input: 'decimal',
  email_text_input: 'email',
  url_text_input: 'url',
} as const;

/** Everything that is typed. The browser checks nothing: what is wrong is said under the field, in the app's words. */
export function TextInput({ blockId, element, field }: ElementProps<TextElement>): ReactNode {
  const surface = useSurface();
  const actionId = element.action_id ?? '';
  const held = surface.valueOf(blockId, actionId)?.value ?? element.initial_value ?? '';
  const value = String(held);
  const told = useRef(value);
  const isMultiline = element.type === 'plain_text_input' && element.multiline === true;
  const most = element.type === 'plain_text_input' ? element.max_length : undefined;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];

  const valueWith = (text: string) => ({ type: element.type, value: text });
  const tell = (text: string) => {
    if (!field?.dispatches || told.current === text) return;
    told.current = text;
    void surface.press({ blockId, actionId, value: valueWith(text) });
  };
  const change = (text: string) => {
    surface.change(blockId, actionId, valueWith(text));
    if (triggers.includes('on_character_entered')) tell(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !isMultiline && triggers.includes('on_enter_pressed')) tell(value);
  };
  const shared = {
    ...labelsOf(field, element.placeholder?.text ?? 'Text'),
    className: 'text-input',
    value,
    placeholder: element.placeholder?.text,
    'data-autofocus': element.focus_on_load === true || undefined,
    onKeyDown,
  };
  const left = most === undefined ? undefined : most - value.length;

  return (
    <>
      {isMultiline ? (
        <textarea {...shared} rows={3} onChange={(event) => change(event.target.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={modes[element.type]}
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
        />
      )}
      {left !== undefined && left < 50 && value !== '' && <div className="hint count">{left} characters left</div>}
    </>
  );
}
