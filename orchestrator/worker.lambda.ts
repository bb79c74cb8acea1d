import * as z from 'zod/mini';
import { arrive, causeOf } from './arrival';
import { readAncestorInput } from './aws/ancestor-input';
import { createParts } from './aws/parts';
import { SharedReads } from './aws/shared-reads';
import { watched } from './aws/telemetry';
import { tracePlace } from './aws/trace';
import { type Environment, readConfig } from './config';
import { Door } from './door/door';
import { jsonLog, type Log } from './log';
import type { Meter } from './measures';
import { failedError, passBy, perform, stopError } from './perform';
import { pipeline } from './pipeline';
import type { Clock, Executions } from './ports';
import { readsOf } from './reads';
import { type Phase, phases } from './run';
import { readScheduledInput } from './scheduled-input';
import { fillMinute } from './watch';

/** What the state machine passes (state-machine.ts, Payload). */
const Task = z.object({
  input: z.unknown(),
  execution: z.string(),
  step: z.string(),
  phase: z.enum(phases),
  token: z.string(),
  entered: z.string(),
  retry: z.number(),
});

/** Executions that no run of ours has started: by a schedule, or by hand in the ancestor's words. */
const readInput = (input: unknown) => readScheduledInput(input) ?? readAncestorInput(input);

/** As many states in ten seconds are looked at as they come. */
const fewArrivals = 8;

/** A Step Functions task with its token: keep the token, look once, and leave the waiting to the watcher. */
export function create(environment: Environment, clock: Clock, log: Log = jsonLog, meter?: Meter) {
  const parts = { ...createParts(readConfig(environment), clock), stages: pipeline, log, ...(meter && { meter }) };
  const arrival = { ...parts, door: new Door(parts), readInput };
  const arrivals = new SharedReads(clock, 0);
  return async (event: unknown, context: { awsRequestId: string }): Promise<void> => {
    const { input, execution, step, phase, token, entered, retry } = Task.parse(event);
    const isFirst = step === pipeline[0]?.id;
    const arrived = await arrive(arrival, { input, execution, phase, isFirst });
    if (!arrived.ok) {
      log('warn', 'input refused', { execution, step, phase, problem: arrived.problem.code });
      await refuse(parts.executions, { phase, token, cause: causeOf(input, arrived.problem) });
      return;
    }
    const runId = arrived.run;
    if (await passBy(parts, runId, { step, phase, token })) return;
    // Where many come at once, the watcher looks for all of them together: RDS takes twelve calls a second.
    const isCrowd = phase === 'do' && arrivals.isCrowded('states', fewArrivals);
    const run = isCrowd ? await parts.runs.load(runId) : undefined;
    const watching = run && readsOf(run);
    const isNewer = await parts.runs.storeToken(runId, { token, step, phase, entered, retry }, clock.now(), watching);
    // An older attempt of the same state: the holder of the newer token goes on.
    if (!isNewer) return;
    const later = { state: 'waiting', nextAt: clock.now(), isNameInFlight: false, isBrief: false } as const;
    const performed = watching ? later : await perform(parts, runId, context.awsRequestId);
    await fillMinute(parts, 0, [performed]);
  };
}

/** Without a run there is nothing to take back: the first state fails, the lane passes, and `close` tells the cause. */
async function refuse(
  executions: Executions,
  { phase, token, cause }: { phase: Phase; token: string; cause: string },
): Promise<void> {
  if (phase === 'undo') await executions.succeed(token);
  else await executions.fail(token, phase === 'close' ? failedError : stopError, cause);
}

const systemClock: Clock = { now: () => Date.now() };

export const handler = watched({ clock: systemClock, place: tracePlace(process.env) }, ({ log, meter }) =>
  create(process.env, systemClock, log, meter),
);
