import type { CallRecord } from '../../infra/local/service';
import { executionOf } from '../../infra/local/stepfunctions/token';
import { pipeline } from '../../orchestrator/pipeline';
import type { Run } from '../../orchestrator/run';
import type { Drive } from '../stories/drive';
import { recordOf } from './items';

/**
 * Which state was just answered although the table's record did not say so yet: whoever dies between the two leaves a
 * machine that believes what nobody wrote down. Undefined when the record came first, as it has to.
 */
export function answeredAhead(drive: Drive, { operation, body }: CallRecord): string | undefined {
  const arn = executionOf((JSON.parse(body) as { taskToken: string }).taskToken);
  const execution = drive.sandbox.machine.executions().find((one) => one.arn === arn);
  const visit = execution?.states.findLast(({ name, exitedAt }) => exitedAt !== undefined && phaseOf(name));
  const phase = visit && phaseOf(visit.name);
  const record = recordOf(drive, execution?.name.replace(/-r\d+$/, '') ?? '') as Partial<Run>;
  if (visit === undefined || phase === undefined || record.id === undefined) return undefined;
  const isSaid = operation === 'SendTaskSuccess' ? isDone(record, phase) : isStopped(record, phase);
  return isSaid ? undefined : visit.name;
}

type Phase = 'close' | { do: string } | { undo: string };

function phaseOf(state: string): Phase | undefined {
  if (state === 'close') return 'close';
  const stage = pipeline.find(({ id }) => state === id || state === `undo-${id}`);
  if (stage === undefined) return undefined;
  return stage.id === state ? { do: stage.id } : { undo: stage.id };
}

const isEnded = ({ closedAt, status }: Partial<Run>): boolean => closedAt !== undefined || status === 'needs-help';

function isDone(record: Partial<Run>, phase: Phase): boolean {
  if (phase === 'close') return isEnded(record);
  if ('undo' in phase) {
    const step = record.steps?.[phase.undo];
    // What never began, and everything once the run has succeeded, has nothing to be taken back.
    return step === undefined || record.stop === undefined || step.undoneAt !== undefined;
  }
  const isPlanned = record.plan === undefined || record.plan.steps.includes(phase.do);
  return !isPlanned || record.steps?.[phase.do]?.doneAt !== undefined;
}

function isStopped(record: Partial<Run>, phase: Phase): boolean {
  if (phase === 'close') return isEnded(record);
  return 'undo' in phase ? record.help !== undefined : record.stop !== undefined;
}
