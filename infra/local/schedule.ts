import type { Timer, VirtualClock } from './clock';

/**
 * Runs something at every full multiple of `ms` of virtual time, as EventBridge Scheduler's `rate` does from a full
 * minute on. The next turn is set before `run` is called, so a turn that fails does not end the schedule.
 */
export function every(clock: VirtualClock, ms: number, run: () => unknown): { stop(): void } {
  let timer: Timer;
  const plan = () => {
    timer = clock.at((Math.floor(clock.now() / ms) + 1) * ms, () => {
      plan();
      return run();
    });
  };
  plan();
  return { stop: () => timer.cancel() };
}
