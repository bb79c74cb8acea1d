import { definePipeline } from './gate';
import type { Tombstone } from './step';
import { approval } from './steps/approval';
import { capture } from './steps/capture';
import { copySnapshot } from './steps/copy-snapshot';
import { finish } from './steps/finish';
import { giveName } from './steps/give-name';
import { goAhead } from './steps/go-ahead';
import { hold } from './steps/hold';
import { matchSettings } from './steps/match-settings';
import { plan } from './steps/plan';
import { pruneSnapshots } from './steps/prune-snapshots';
import { remove } from './steps/remove';
import { restoreCopy } from './steps/restore-copy';
import { setAside } from './steps/set-aside';
import { snapshot } from './steps/snapshot';
import { startTime } from './steps/start-time';
import { swap } from './steps/swap';
import { verify } from './steps/verify';

/** Stages that older executions may still come to; each stays for a year. */
export const tombstones: readonly Tombstone[] = [];

/**
 * What a run does, in order; the plan says which of it applies. The state machine, the sandbox, the card and the README read this list.
 * To add a step or a gate: one file in steps/ and one line here.
 */
export const pipeline = definePipeline(
  [
    plan,
    approval,
    startTime,
    capture,
    setAside,
    snapshot,
    copySnapshot,
    restoreCopy,
    matchSettings,
    verify,
    goAhead,
    swap,
    giveName,
    finish,
    pruneSnapshots,
    hold,
    remove,
  ],
  tombstones,
);
