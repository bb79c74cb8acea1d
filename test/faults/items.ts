import { unmarshall } from '@aws-sdk/util-dynamodb';
import { unpacked } from '../../orchestrator/aws/packed';
import type { Drive } from '../stories/drive';

/** An item of the simulated table, in plain words; empty when it is not there. */
export function itemOf({ sandbox }: Drive, key: string): Record<string, unknown> {
  const item = sandbox.item(key);
  // The sandbox keeps items as the protocol spells them.
  return item ? unmarshall(item as Parameters<typeof unmarshall>[0]) : {};
}

export function recordOf(drive: Drive, run: string): Record<string, unknown> {
  return (unpacked(itemOf(drive, `run#${run}`).record) ?? {}) as Record<string, unknown>;
}

/** Which run has the lock on a name. */
export function lockOn(drive: Drive, name: string): unknown {
  return itemOf(drive, `lock#${name}`).run;
}
