import type { Button } from '@slack/types';
import { brokenGlass, canRetryRemoval, canUndo, gateAtHand, isClosed, type Run } from '../../orchestrator/run';
import { givesName, isSetAsideFirst, subjectOf } from '../../orchestrator/wish';
import { buttons, planValue } from '../buttons';
import { button, confirm } from './blocks';
import { clamp } from './mrkdwn';
import { range } from './plan';
import { canCancel, isHolding, isScheduled, isSwapAsked, isWaitingForApproval, isWaitingForGoAhead } from './state';

/** What people can press in each state. Everything is checked again when they do. */
export function cardButtons(run: Run): Button[] {
  // The gate opens at the next look; meanwhile there is nothing to decide any more.
  const isPassedOver = isGlassBroken(run);
  const possible: [boolean, (run: Run) => Button][] = [
    [isWaitingForApproval(run) && !isPassedOver, approve],
    [isSwapAsked(run) && !isPassedOver, swapNow],
    [(isWaitingForApproval(run) || isWaitingForGoAhead(run)) && !isPassedOver, deny],
    [isScheduled(run), startNow],
    [canBreakGlass(run), breakGlass],
    [canCancel(run), cancel],
    [canUndo(run) && run.stop === undefined, undo],
    [isHolding(run), keepLonger],
    [isHolding(run), removeNow],
    [canRetryRemoval(run), retryRemoval],
    [run.status === 'needs-help', release],
    [canRequestAgain(run), requestAgain],
  ];
  return possible.filter(([isPossible]) => isPossible).map(([, make]) => make(run));
}

/** Somebody may pass over what the run waits for, and nobody has. */
function canBreakGlass(run: Run): boolean {
  const someoneMay = (run.plan?.rule.breakers ?? []).length > 0;
  return gateAtHand(run) !== undefined && someoneMay && !isGlassBroken(run);
}

function isGlassBroken(run: Run): boolean {
  const gate = gateAtHand(run);
  return gate !== undefined && brokenGlass(run, gate) !== undefined;
}

const canRequestAgain = (run: Run): boolean =>
  isClosed(run) && ['denied', 'expired', 'cancelled', 'failed', 'undone'].includes(run.status);

/** Short enough to leave a confirm dialog its 300 characters. */
const nameOf = (run: Run): string => clamp(subjectOf(run.request), 63);
const isClone = (run: Run): boolean => run.request.target.kind === 'new';

export function approve(run: Run): Button {
  return button({
    action: buttons.approve,
    text: 'Approve',
    value: planValue(run),
    style: 'primary',
    confirm: confirm({
      title: 'Approve this plan?',
      text: approvalText(run),
      yes: 'Approve',
    }),
  });
}

function approvalText(run: Run): string {
  const hours = run.plan?.holdHours ?? 0;
  const planned = run.plan?.source;
  const source =
    planned?.kind === 'snapshot' ? clamp(planned.snapshot, 60) : `the data of ${clamp(run.request.database, 63)}`;
  if (run.request.target.kind === 'back')
    return `${nameOf(run)}, which is gone, is made again from ${source}. No other database is changed.`;
  if (isClone(run)) return `${nameOf(run)} is made from ${source} and lives for ${hours} h. No database is changed.`;
  if (planned && isSetAsideFirst(planned))
    return `${nameOf(run)} is set aside at once, and nobody answers until a copy of it has the name: no write is lost. The original is kept for ${hours} h.`;
  return `${nameOf(run)} will be replaced by a copy of ${source}. Later writes are not in the copy. The original is kept for ${hours} h.`;
}

export function swapNow(run: Run): Button {
  const outage = run.plan && range(run.plan.outageSeconds);
  return button({
    action: buttons.swapNow,
    text: 'Swap now',
    value: planValue(run),
    style: 'primary',
    confirm: confirm({
      title: 'Swap the names now?',
      text: `The copy takes the name ${nameOf(run)}. Nobody answers under it for about ${outage ?? 'some minutes'}. The original is set aside and can come back.`,
      yes: 'Swap now',
    }),
  });
}

function startNow(run: Run): Button {
  return button({
    action: buttons.startNow,
    text: 'Start now',
    value: run.id,
    confirm: confirm({
      title: `Start run ${run.id} now?`,
      text: `${nameOf(run)} was to be worked on later. Everything that was approved happens now instead.`,
      yes: 'Start now',
    }),
  });
}

function breakGlass(run: Run): Button {
  return button({ action: buttons.breakGlass, text: 'Break the glass …', value: planValue(run), style: 'danger' });
}

export function deny(run: Run): Button {
  return button({ action: buttons.deny, text: 'Deny …', value: planValue(run) });
}

export function cancel(run: Run): Button {
  return button({
    action: buttons.cancel,
    text: 'Cancel',
    value: run.id,
    ...(run.plan && { style: 'danger' as const }),
    confirm: confirm({
      title: `Cancel run ${run.id}?`,
      text: cancelText(run),
      yes: 'Cancel the run',
      danger: true,
    }),
  });
}

function cancelText(run: Run): string {
  const { swap } = run.facts;
  if (swap?.takenAt !== undefined)
    return `The original takes the name ${nameOf(run)} back, which means another short outage, and the copy is removed.`;
  if (swap) return `The original takes its name ${nameOf(run)} back, and what the run has made is removed.`;
  if (givesName(run.request.target.kind)) return 'What the run has made is removed.';
  return `What the run has made is taken back. ${nameOf(run)} stays as it is.`;
}

function undo(run: Run): Button {
  return button({
    action: buttons.undo,
    text: 'Undo',
    value: run.id,
    style: 'danger',
    confirm: confirm({
      title: 'Bring the original back?',
      text: `The original answers as ${nameOf(run)} again after a short outage. What was written since the swap is only in the final snapshot of the copy.`,
      yes: 'Undo the restore',
      danger: true,
    }),
  });
}

function keepLonger(run: Run): Button {
  return button({ action: buttons.keepLonger, text: 'Keep longer', value: run.id });
}

function removeNow(run: Run): Button {
  return button({
    action: buttons.removeNow,
    text: 'Remove now',
    value: run.id,
    confirm: confirm({
      title: isClone(run) ? 'Remove the clone now?' : 'Remove the original now?',
      text: isClone(run)
        ? `${nameOf(run)} is deleted for everybody who uses it. If policy.yml asks for one, a final snapshot is kept.`
        : `${clamp(run.plan?.names.aside ?? 'The set-aside original', 63)} is deleted, and the restore cannot be undone any more. If policy.yml asks for one, a final snapshot is kept.`,
      yes: isClone(run) ? 'Remove the clone' : 'Remove the original',
      danger: true,
    }),
  });
}

function retryRemoval(run: Run): Button {
  return button({ action: buttons.retryRemoval, text: 'Retry removal', value: run.id, style: 'primary' });
}

function release(run: Run): Button {
  return button({
    action: buttons.release,
    text: 'Release',
    value: run.id,
    style: 'danger',
    confirm: confirm({
      title: 'Is everything put right?',
      text: `Trapheus stops caring for what this run left, and ${nameOf(run)} can be restored again. Press only when the RDS console shows what you want.`,
      yes: 'Release the lock',
      danger: true,
    }),
  });
}

function requestAgain(run: Run): Button {
  return button({ action: buttons.requestAgain, text: 'Request again …', value: run.id });
}
