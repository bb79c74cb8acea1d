import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import type { ReactNode } from 'react';
import { type ElementProps, labelsOf, useValue } from '../field';

/** The browser's own pickers: they are what people know, and keyboard and screen reader work in them. */
export function DatePicker({ blockId, element, field }: ElementProps<Datepicker>): ReactNode {
  const [value, set] = useValue(blockId, element, field);
  return (
    <input
      {...labelsOf(field, element.placeholder?.text ?? 'Date')}
      className="text-input date-input"
      type="date"
      value={String(value?.selected_date ?? element.initial_date ?? '')}
      onChange={(event) => set({ selected_date: event.target.value || null })}
    />
  );
}

export function TimePicker({ blockId, element, field }: ElementProps<Timepicker>): ReactNode {
  const [value, set] = useValue(blockId, element, field);
  return (
    <input
      {...labelsOf(field, element.placeholder?.text ?? 'Time')}
      className="text-input date-input"
      type="time"
      value={String(value?.selected_time ?? element.initial_time ?? '')}
      onChange={(event) => set({ selected_time: event.target.value || null })}
    />
  );
}

/** Slack counts in seconds since the epoch; people pick in their own time zone. */
export function DateTimePicker({ blockId, element, field }: ElementProps<DateTimepicker>): ReactNode {
  const [value, set] = useValue(blockId, element, field);
  const seconds = value?.selected_date_time ?? element.initial_date_time;
  return (
    <input
      {...labelsOf(field, 'Date and time')}
      className="text-input date-input"
      type="datetime-local"
      value={typeof seconds === 'number' ? local(seconds) : ''}
      onChange={(event) => set({ selected_date_time: secondsOf(event.target.value) })}
    />
  );
}

function local(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function secondsOf(given: string): number | null {
  const ms = new Date(given).getTime();
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : null;
}
