/** One event as GetExecutionHistory shows it; `timestamp` in virtual milliseconds. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: HistoryEventType;
  /** Under the key that the API gives the details of this type, for example `taskFailedEventDetails`. */
  details: Record<string, object>;
}

export const historyEventTypes = [
  'ExecutionStarted',
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionAborted',
  'ExecutionTimedOut',
  'TaskStateEntered',
  'TaskStateExited',
  'TaskScheduled',
  'TaskStarted',
  'TaskSubmitted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'SucceedStateEntered',
  'SucceedStateExited',
  'FailStateEntered',
] as const;
export type HistoryEventType = (typeof historyEventTypes)[number];

/** "If the event number 25,000 isn't ExecutionSucceeded, the ExecutionFailed event is logged" (AWS: Best practices). */
export const historyLimit = 25_000;

/** Thrown when an event would not fit any more; the execution then fails with the last event. */
export class HistoryFull extends Error {
  constructor(limit: number) {
    super(`The execution reached the maximum number of history events (${limit}).`);
  }
}

export class History {
  readonly events: HistoryEvent[] = [];
  readonly #limit: number;

  constructor(limit = historyLimit) {
    this.#limit = limit;
  }

  add(type: HistoryEventType, timestamp: number, details: object): void {
    const ends = type === 'ExecutionSucceeded' || type === 'ExecutionFailed';
    if (!ends && !type.startsWith('Execution') && this.events.length >= this.#limit - 1)
      throw new HistoryFull(this.#limit);
    const id = this.events.length + 1;
    // The first state entered names event 0, as AWS records it; our machines have no branches, so the rest is a line.
    this.events.push({
      id,
      previousEventId: id === 2 ? 0 : id - 1,
      timestamp,
      type,
      details: { [detailsKey(type)]: details },
    });
  }
}

function detailsKey(type: HistoryEventType): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type[0]?.toLowerCase()}${type.slice(1)}EventDetails`;
}
