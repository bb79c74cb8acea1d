import type { Policy } from '../policy';
import type { Clock, Databases, Executions, Freezes, Inventory, OwnSnapshots, Runs, Ticks } from '../ports';

export interface DoorParts {
  runs: Runs;
  databases: Databases;
  snapshots: OwnSnapshots;
  executions: Executions;
  ticks: Ticks;
  inventory: Inventory;
  freezes: Freezes;
  policy: Policy;
  clock: Clock;
  /**
   * Whether so many calls outside, one after another, can still be waited for; absent: nobody waits. What the watcher
   * does by itself within minutes is not worth an answer that comes too late.
   */
  hasTimeFor?: (calls: number) => boolean;
}

/** Whether so many calls outside can still be made before the answer. */
export function hasTimeFor({ hasTimeFor: has }: DoorParts, calls: number): boolean {
  return has?.(calls) ?? true;
}
