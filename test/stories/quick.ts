import { resolve } from 'node:path';
import { MemoryEngine } from '../fast/memory-engine';
import { wiredFront } from '../fast/wires';
import type { DriveOptions } from './drive';

/**
 * A small database on short wires: stories about failures need no long waits and no sockets, only the order of things.
 * That a run is the same on short wires and on long ones is a test of its own (test/fast).
 */
export const quick: DriveOptions = {
  policyFile: resolve(__dirname, 'policy.yml'),
  front: wiredFront,
  /** Read anew for each sandbox, which begins with an empty table. */
  get tableEngine() {
    return new MemoryEngine();
  },
  knobs: {
    snapshotSeconds: 25,
    restoreSeconds: 35,
    baselineBackupSeconds: 15,
    modifySeconds: 20,
    configureSeconds: 10,
    instantModifySeconds: 10,
    deleteSeconds: 40,
    roleSeconds: 10,
    rebootSeconds: 15,
    renameOldGoneSeconds: 15,
    renameNewVisibleSeconds: 20,
    renameOldFreeSeconds: 20,
    renameRebootSeconds: 15,
  },
};
