import type { TargetKind } from '../orchestrator/wish';

/** What the views have to know of a stage of the pipeline. */
export interface Stage {
  id: string;
  kind: 'step' | 'gate';
  /** A short imperative: “Restore a copy beside it”. */
  title: string;
  /** The same for targets of which the title would not be true. */
  titles?: { [K in TargetKind]?: string } | undefined;
  undo?: { title: string } | undefined;
}

/** What is the same for every message of one deployment. */
export interface House {
  stages: readonly Stage[];
  /** The slash command that this deployment answers to. */
  command: string;
  /** Tells this deployment apart from others, for example `staging`. */
  label?: string | undefined;
  /** Of which every run is an execution: for links into the AWS console. */
  stateMachineArn?: string | undefined;
}
