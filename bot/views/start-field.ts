import type { InputBlock } from '@slack/types';
import { readMoment } from '../when';
import { option, plainText } from './blocks';

/** Slack's ids of the two fields that say when a run begins. */
export const startFields = { start: 'start', startAt: 'start-at' } as const;

const starts = {
  now: 'As soon as it is approved',
  tonight: 'Tonight at 22:00, in my time zone',
  time: 'At a time that I choose',
};
export type Start = keyof typeof starts;

export const isStart = (value: string): value is Start => value in starts;

/** When it is to begin; the time itself is asked for only where one is to be chosen. */
export function startField({
  start = 'now',
  startAt,
}: {
  start?: Start | undefined;
  startAt?: number | undefined;
}): InputBlock[] {
  const options = Object.entries(starts).map(([value, text]) => option(text, value));
  const chosen = options.find(({ value }) => value === start);
  const when: InputBlock = {
    type: 'input',
    block_id: startFields.start,
    label: plainText('Start'),
    // A time of one's own needs one more field.
    dispatch_action: true,
    element: {
      type: 'static_select',
      action_id: startFields.start,
      options,
      ...(chosen && { initial_option: chosen }),
    },
  };
  const time: InputBlock = {
    type: 'input',
    block_id: startFields.startAt,
    label: plainText('Start at'),
    hint: plainText('In your own time zone. What is restored is chosen now; it is approved before it starts.'),
    element: {
      type: 'datetimepicker',
      action_id: startFields.startAt,
      ...(startAt !== undefined && { initial_date_time: startAt }),
    },
  };
  return start === 'time' ? [when, time] : [when];
}

/** The moment that was chosen, in milliseconds since the epoch; undefined: at once. */
export function chosenStart(
  { start, startAt }: { start: Start; startAt: number | undefined },
  sense: { now: number; zone: string },
): number | undefined {
  if (start === 'tonight') return readMoment('tonight', { ...sense, toward: 'future' });
  return start === 'time' && startAt !== undefined ? startAt * 1000 : undefined;
}
