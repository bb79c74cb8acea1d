import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Log } from '../log';
import type { Meter } from '../measures';
import type { Clock } from '../ports';
import { type TracePlace, Traces } from './trace';

export interface Telemetry {
  log: Log;
  meter: Meter;
  /** Every line from here on carries this invocation's request id, and whether the function has just started. */
  begin(context: unknown): void;
}

export interface TelemetryParts {
  clock: Clock;
  place: TracePlace;
}

/**
 * Logs and figures by AWS Lambda Powertools: one line of JSON each, with the service, the request and the trace, and
 * figures in CloudWatch's Embedded Metric Format, which costs no call; what took time goes to X-Ray too. The service and the namespace are those of
 * POWERTOOLS_SERVICE_NAME and POWERTOOLS_METRICS_NAMESPACE (Powertools for AWS Lambda: Environment variables).
 */
export function telemetry({ clock, place }: TelemetryParts): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  const traces = new Traces(place);
  return {
    // `message` is the event's own field in a line of Powertools.
    log: (level, event, { message, ...fields } = {}) => {
      logger[level](event, { ...fields, ...(message !== undefined && { detail: message }) });
      const { ms } = fields;
      // What took time is a part of the trace, found by the same words as the line.
      if (typeof ms === 'number')
        traces.send({ name: event, endedAt: clock.now(), ms, isError: level === 'error', annotations: words(fields) });
    },
    meter: (measures) => {
      for (const { name, unit, value, dimensions } of measures) {
        const single = metrics.singleMetric();
        for (const [key, word] of Object.entries(dimensions)) single.addDimension(key, word);
        single.addMetric(name, unit, value);
      }
    },
    // Lambda hands every invocation its context.
    begin: (context) => logger.addContext(context as Context),
  };
}

function words(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

/** A handler that is made when it is first called, with its telemetry; every call begins with its own context. */
export function watched<Event, Context, Answer>(
  parts: TelemetryParts,
  make: (telemetry: Telemetry) => (event: Event, context: Context) => Answer,
): (event: Event, context: Context) => Answer {
  let made: { telemetry: Telemetry; handler: ReturnType<typeof make> } | undefined;
  return (event, context) => {
    if (made === undefined) {
      const own = telemetry(parts);
      made = { telemetry: own, handler: make(own) };
    }
    made.telemetry.begin(context);
    return made.handler(event, context);
  };
}
