import type { RadioButtons as RadioButtonsElement } from '@slack/types';
import { type ReactNode, useId } from 'react';
import type { SelectOption } from '../../sandbox/wire';
import { TextOf } from '../../text/mrkdwn-text';
import { type ElementProps, useValue } from '../field';

export function RadioButtons({ blockId, element, field }: ElementProps<RadioButtonsElement>): ReactNode {
  const name = useId();
  const [value, set] = useValue(blockId, element, field);
  const chosen = (value?.selected_option ?? element.initial_option) as SelectOption | null | undefined;
  return (
    <div
      className="choices"
      role="radiogroup"
      aria-labelledby={field?.labelledBy}
      aria-label={field ? undefined : 'Choose one'}
      aria-describedby={field?.describedBy}
      aria-invalid={field?.isInvalid || undefined}
    >
      {element.options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="radio"
            name={name}
            checked={chosen?.value === option.value}
            onChange={() => set({ selected_option: option })}
          />
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
