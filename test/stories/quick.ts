import { resolve } from 'node:path';
import type { DriveOptions } from './drive';

/** A small database: stories about failures need no long waits, only the order of things. */
export const quick: DriveOptions = {
  policyFile: resolve(__dirname, 'policy.yml'),
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
