import type { ComponentType, ReactNode } from 'react';
import { Button } from './elements/button';
import { Checkboxes } from './elements/checkboxes';
import { DatePicker, DateTimePicker, TimePicker } from './elements/dates';
import { Overflow } from './elements/overflow';
import { RadioButtons } from './elements/radio-buttons';
import { Select } from './elements/select';
import { TextInput } from './elements/text-input';
import type { ElementProps, Field } from './field';
import { Unknown } from './unknown';

interface AnyElement {
  type: string;
}

/** Each entry's component takes the element of exactly the type that it is named for (Slack: Block elements). */
const drawings: Record<string, unknown> = {
  button: Button,
  checkboxes: Checkboxes,
  channels_select: Select,
  conversations_select: Select,
  datepicker: DatePicker,
  datetimepicker: DateTimePicker,
  email_text_input: TextInput,
  external_select: Select,
  image: Picture,
  multi_channels_select: Select,
  multi_conversations_select: Select,
  multi_external_select: Select,
  multi_static_select: Select,
  multi_users_select: Select,
  number_input: TextInput,
  overflow: Overflow,
  plain_text_input: TextInput,
  radio_buttons: RadioButtons,
  static_select: Select,
  timepicker: TimePicker,
  url_text_input: TextInput,
  users_select: Select,
};

export function ElementOf({
  blockId,
  element,
  field,
}: {
  blockId: string;
  element: AnyElement;
  field?: Field;
}): ReactNode {
  const Drawing = drawings[element.type] as ComponentType<ElementProps<AnyElement>> | undefined;
  if (Drawing === undefined) return <Unknown what="element" type={element.type} />;
  return <Drawing blockId={blockId} element={element} field={field} />;
}

function Picture({ element }: ElementProps<{ type: 'image'; image_url?: string; alt_text: string }>): ReactNode {
  return <img className="accessory-image" src={element.image_url} alt={element.alt_text} />;
}
