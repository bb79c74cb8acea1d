import * as z from 'zod/mini';
import { createParts } from './aws/parts';
import { watched } from './aws/telemetry';
import { tracePlace } from './aws/trace';
import { type Environment, readConfig } from './config';
import { jsonLog, type Log } from './log';
import type { Meter } from './measures';
import { pipeline } from './pipeline';
import type { Clock } from './ports';
import { watch } from './watch';

const Tick = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('minute') }),
  z.object({ kind: z.literal('look'), depth: z.number(), every: z.optional(z.number()) }),
  z.object({ kind: z.literal('run'), run: z.string(), depth: z.number() }),
]);

const QueueEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/** Ticks from the queue: the schedule's, delayed ones, clicks and RDS events, all of one shape. */
export function create(environment: Environment, clock: Clock, log: Log = jsonLog, meter?: Meter) {
  const parts = { ...createParts(readConfig(environment), clock), stages: pipeline, log, ...(meter && { meter }) };
  return async (
    event: unknown,
    context: { awsRequestId: string },
  ): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of QueueEvent.parse(event).Records) {
      try {
        await watch(parts, Tick.parse(JSON.parse(body)), `${context.awsRequestId}/${messageId}`);
      } catch (error) {
        log('error', 'tick failed', { error: error instanceof Error ? error.name : 'Error', detail: String(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}

const systemClock: Clock = { now: () => Date.now() };

export const handler = watched({ clock: systemClock, place: tracePlace(process.env) }, ({ log, meter }) =>
  create(process.env, systemClock, log, meter),
);
