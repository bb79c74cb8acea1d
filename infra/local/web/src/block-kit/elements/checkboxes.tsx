import type { Checkboxes as CheckboxesElement } from '@slack/types';
import type { ReactNode } from 'react';
import type { SelectOption } from '../../sandbox/wire';
import { TextOf } from '../../text/mrkdwn-text';
import { type ElementProps, useValue } from '../field';

export function Checkboxes({ blockId, element, field }: ElementProps<CheckboxesElement>): ReactNode {
  const [value, set] = useValue(blockId, element, field);
  const chosen = (value?.selected_options ?? element.initial_options ?? []) as SelectOption[];
  const isChosen = (option: SelectOption) => chosen.some((one) => one.value === option.value);
  const toggle = (option: SelectOption) => {
    const after = element.options.filter((one) => (one.value === option.value ? !isChosen(option) : isChosen(one)));
    set({ selected_options: after });
  };
  return (
    <div
      className="choices"
      role="group"
      aria-labelledby={field?.labelledBy}
      aria-label={field ? undefined : 'Choose any'}
      aria-describedby={field?.describedBy}
    >
      {element.options.map((option) => (
        <label className="choice" key={option.value}>
          <input type="checkbox" checked={isChosen(option)} onChange={() => toggle(option)} />
          <span>
            <TextOf text={option.text} />
            {option.description && (
              <small>
                <TextOf text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
