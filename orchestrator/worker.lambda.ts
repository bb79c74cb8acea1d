import * as z from 'zod';
import { createParts } from './aws/parts';
import { type Environment, readConfig } from './config';
import { jsonLog, type Log } from './log';
import { perform } from './perform';
import { pipeline } from './pipeline';
import type { Clock } from './ports';
import { phases } from './run';
import { fillMinute } from './watch';

/** What the state machine passes (state-machine.ts, Payload). */
const Task = z.object({
  runId: z.string(),
  step: z.string(),
  phase: z.enum(phases),
  token: z.string(),
  entered: z.string(),
  retry: z.number(),
});

/** A Step Functions task with its token: keep the token, look once, and leave the waiting to the watcher. */
export function create(environment: Environment, clock: Clock, log: Log = jsonLog) {
  const parts = { ...createParts(readConfig(environment), clock), stages: pipeline, log };
  return async (event: unknown, context: { awsRequestId: string }): Promise<void> => {
    const { runId, step, phase, token, entered, retry } = Task.parse(event);
    const isNewer = await parts.runs.storeToken(runId, { token, step, phase, entered, retry }, clock.now());
    // An older attempt of the same state: the holder of the newer token goes on.
    if (!isNewer) return;
    const performed = await perform(parts, runId, context.awsRequestId);
    await fillMinute(parts, 0, [performed]);
  };
}

const systemClock: Clock = { now: () => Date.now() };
let made: ReturnType<typeof create> | undefined;

export const handler: ReturnType<typeof create> = (event, context) => {
  made ??= create(process.env, systemClock);
  return made(event, context);
};
