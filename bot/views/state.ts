import { countsAs } from '../../orchestrator/policy';
import { brokenGlass, countingDecisions, gateAtHand, isClosed, type Run } from '../../orchestrator/run';
import { approvalGate, goAheadGate, holdGate, startGate } from '../gates';

/** The state of a run as people see it: always a word, with an emoji beside it. */
export interface State {
  emoji: string;
  word: string;
  /** Finishes the sentence “The restore of orders-staging …”. */
  says: string;
}

export const isWaitingForApproval = (run: Run): boolean =>
  run.status === 'waiting' && run.at?.step === approvalGate && run.stop === undefined && run.plan !== undefined;

/** The copy is ready, and somebody or the calendar has to say that the names may be swapped. */
export const isWaitingForGoAhead = (run: Run): boolean =>
  run.status === 'waiting' && run.at?.step === goAheadGate && run.stop === undefined && run.plan !== undefined;

/** Everything is agreed, and the run begins at the time that was asked for. */
export const isScheduled = (run: Run): boolean =>
  run.status === 'waiting' && run.at?.step === startGate && run.stop === undefined && run.startedNow === undefined;

/** Whether “Swap now” is still asked for: nobody has said it, and no emergency has passed over it. */
export const isSwapAsked = (run: Run): boolean =>
  isWaitingForGoAhead(run) &&
  (run.plan?.goAhead?.secondLook ?? true) &&
  brokenGlass(run, goAheadGate) === undefined &&
  countingDecisions(run, goAheadGate).length === 0;

/** The set-aside original is kept, and people can say how long. */
export const isHolding = (run: Run): boolean =>
  run.hold !== undefined && run.at?.step === holdGate && !run.hold.released && !run.stop && !isClosed(run);

/** Nothing was decided that ends the run, and the restore is not proven yet. */
export const canCancel = (run: Run): boolean =>
  run.finishedAt === undefined && run.stop === undefined && !isClosed(run) && run.status !== 'needs-help';

export const approvals = (run: Run): string[] =>
  countingDecisions(run)
    .filter(({ decision }) => decision === 'approve')
    .map(({ by }) => by);

/** Who may still decide, by id: people and groups whom the rule names, without the requester where he does not count. */
export function deciders(run: Run, given: readonly string[]): string[] {
  const { approvers = [], self = false } = run.plan?.rule ?? {};
  return approvers.filter((id) => !given.includes(id) && (self || id !== run.request.requester.id));
}

/** Whether the run waits for this person, as one of these ids: his own, and his groups'. */
export function isAskedOf(run: Run, person: string, groups: readonly string[] = []): boolean {
  const gate = gateAtHand(run);
  if (gate === undefined || run.plan === undefined || brokenGlass(run, gate)) return false;
  if (gate === goAheadGate && !isSwapAsked(run)) return false;
  const { approvers, also, self = false } = run.plan.rule;
  const hasDecided = countingDecisions(run, gate).some(({ by }) => by === person);
  const mayDecide = countsAs({ by: approvers, also }, [person, ...groups]).length > 0;
  return mayDecide && !hasDecided && (self || run.request.requester.id !== person);
}

export function stateOf(run: Run): State {
  const { status } = run;
  if (status === 'requested') return { emoji: ':hourglass_flowing_sand:', word: 'Planning', says: 'is being planned' };
  if (isScheduled(run))
    return { emoji: ':calendar:', word: 'Scheduled', says: 'waits for its time; nothing is touched before it' };
  if (isWaitingForApproval(run)) {
    const asked = run.plan?.rule.approvals ?? 0;
    const says = `is waiting for approval: ${approvals(run).length} of ${asked} given`;
    return { emoji: ':raised_hand:', word: 'Waiting for approval', says };
  }
  if (isWaitingForGoAhead(run))
    return isSwapAsked(run)
      ? { emoji: ':raised_hand:', word: 'Waiting for the go-ahead', says: 'is ready: somebody has to say “Swap now”' }
      : { emoji: ':hourglass:', word: 'Waiting for its moment', says: 'is ready and waits until names may be swapped' };
  if (status === 'waiting') return { emoji: ':raised_hand:', word: 'Waiting', says: 'is waiting' };
  if (status === 'running') {
    if (run.finishedAt !== undefined) return restored(run);
    return run.plan
      ? { emoji: ':arrows_counterclockwise:', word: 'Running', says: 'is running' }
      : { emoji: ':hourglass_flowing_sand:', word: 'Planning', says: 'is being planned' };
  }
  if (status === 'stopping') return stopping(run);
  if (status === 'succeeded') return restored(run);
  if (status === 'denied') return { emoji: ':no_entry:', word: 'Denied', says: 'was denied; nothing was touched' };
  if (status === 'expired')
    return {
      emoji: ':alarm_clock:',
      word: 'Expired',
      says: 'expired before enough people said yes; nothing was changed',
    };
  if (status === 'cancelled') return { emoji: ':no_entry:', word: 'Cancelled', says: 'was cancelled' };
  if (status === 'undone')
    return { emoji: ':leftwards_arrow_with_hook:', word: 'Undone', says: 'was undone: the original answers again' };
  if (status === 'needs-help')
    return { emoji: ':rotating_light:', word: 'Needs help', says: 'needs help from a person before anything goes on' };
  return { emoji: ':x:', word: 'Failed', says: 'failed' };
}

function stopping(run: Run): State {
  if (run.stop?.kind === 'undone')
    return { emoji: ':leftwards_arrow_with_hook:', word: 'Undoing', says: 'is being undone' };
  if (run.stop?.kind === 'failed')
    return { emoji: ':x:', word: 'Failed, taking back', says: 'failed, and what it made is being taken back' };
  const words = { denied: 'Denied', expired: 'Expired', cancelled: 'Being cancelled' } as const;
  const word = run.stop ? words[run.stop.kind] : 'Being taken back';
  return { emoji: ':no_entry:', word, says: 'is ending, and what it made is being taken back' };
}

function restored(run: Run): State {
  const word = { replace: 'Restored', onto: 'Restored', back: 'Restored', new: 'Cloned', none: 'Snapshot taken' }[
    run.request.target.kind
  ];
  // A snapshot that was kept on purpose is no mess; a database that could not be removed costs money every hour.
  if (run.leftovers.some(({ what }) => what === 'database'))
    return { emoji: ':warning:', word: `${word}, with leftovers`, says: 'left something behind, but succeeded' };
  return { emoji: ':white_check_mark:', word, says: 'succeeded' };
}
