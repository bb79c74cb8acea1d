import * as z from 'zod/mini';
import { createParts } from './aws/parts';
import { watched } from './aws/telemetry';
import { tracePlace } from './aws/trace';
import { type Environment, readConfig } from './config';
import { jsonLog, type Log } from './log';
import type { Meter } from './measures';
import { pipeline } from './pipeline';
import type { Clock } from './ports';
import { executionEnded } from './watch';

/** EventBridge: "Step Functions Execution Status Change". */
const StatusChange = z.object({
  detail: z.object({ name: z.string(), status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']) }),
});

const words = { FAILED: 'failed', TIMED_OUT: 'timed-out', ABORTED: 'aborted' } as const;

/** An execution ended without us: stopped by a person, timed out, failed on the way. */
export function create(environment: Environment, clock: Clock, log: Log = jsonLog, meter?: Meter) {
  const parts = { ...createParts(readConfig(environment), clock), stages: pipeline, log, ...(meter && { meter }) };
  return async (event: unknown, _context: unknown): Promise<void> => {
    const { name, status } = StatusChange.parse(event).detail;
    log('info', 'execution ended', { execution: name, status });
    await executionEnded(parts, name, words[status]);
  };
}

const systemClock: Clock = { now: () => Date.now() };

export const handler = watched({ clock: systemClock, place: tracePlace(process.env) }, ({ log, meter }) =>
  create(process.env, systemClock, log, meter),
);
