import type { TargetKind } from '../wish';
import type { PlannedSource } from './plan';

/** What decides which steps a run has. */
export interface Choice {
  approvals: number;
  source: PlannedSource['kind'];
  target: TargetKind;
  /** The snapshot has to be copied before it can be restored. */
  copiesSnapshot: boolean;
  /** The original gives up its name before its snapshot is taken. */
  setAsideFirst: boolean;
  /** A person or a change window has to open the way to the swap. */
  goAhead: boolean;
  /** It was asked for at a later time. */
  isLater: boolean;
  /** Of the database that loses its name. */
  safetySnapshot: boolean;
  /** policy.yml gives snapshots of this database a retention. */
  prunes: boolean;
}
