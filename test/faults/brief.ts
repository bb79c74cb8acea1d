import { resolve } from 'node:path';
import { MemoryEngine } from '../fast/memory-engine';
import { wiredFront } from '../fast/wires';
import type { DriveOptions } from '../stories/drive';

/** Everything as it is, only shorter: what a fault meets depends on the order of things, not on how long they take. */
export function brief(): DriveOptions {
  return {
    policyFile: resolve(__dirname, 'policy.yml'),
    front: wiredFront,
    tableEngine: new MemoryEngine(),
    knobs: {
      snapshotSeconds: 15,
      restoreSeconds: 20,
      baselineBackupSeconds: 15,
      modifySeconds: 8,
      configureSeconds: 4,
      instantModifySeconds: 4,
      staleSeconds: 4,
      deleteSeconds: 15,
      roleSeconds: 4,
      rebootSeconds: 8,
      renameOldGoneSeconds: 6,
      renameNewVisibleSeconds: 10,
      renameOldFreeSeconds: 10,
      renameFlashSeconds: 3,
      renameRebootSeconds: 10,
      storageInitializationSeconds: 60,
    },
  };
}
