import { resolve } from 'node:path';
import { pipeline } from '../../orchestrator/pipeline';
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
      snapshotSeconds: 10,
      restoreSeconds: 10,
      baselineBackupSeconds: 8,
      modifySeconds: 5,
      configureSeconds: 3,
      instantModifySeconds: 3,
      staleSeconds: 3,
      deleteSeconds: 10,
      roleSeconds: 3,
      rebootSeconds: 4,
      failoverSeconds: 4,
      clusterRestoreSeconds: 10,
      memberCreateSeconds: 8,
      clusterRenameSeconds: 6,
      clusterRenameGapSeconds: 3,
      renameOldGoneSeconds: 4,
      renameNewVisibleSeconds: 6,
      renameOldFreeSeconds: 6,
      renameFlashSeconds: 2,
      renameRebootSeconds: 4,
      storageInitializationSeconds: 60,
    },
  };
}

/** A step that never ends is given up after hours; these are as much shorter as RDS is quicker. */
const shortestHours = 0.5;
const factor = 48;

/** Runs `work` with the steps' limits cut down to half an hour and more. */
export async function withShortLimits<T>(work: () => Promise<T>): Promise<T> {
  const limited = pipeline.flatMap((stage) =>
    stage.kind === 'step' ? [stage, ...(stage.undo ? [stage.undo] : [])] : [],
  );
  const before = limited.map(({ limitHours }) => limitHours);
  for (const one of limited) one.limitHours = Math.max(shortestHours, one.limitHours / factor);
  try {
    return await work();
  } finally {
    for (const [index, one] of limited.entries()) one.limitHours = before[index] ?? one.limitHours;
  }
}
