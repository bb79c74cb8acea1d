import type { Run } from '../orchestrator/run';

/** Slack's `action_id` of everything that can be pressed. They stay as they are: old messages carry them. */
export const buttons = {
  approve: 'approve',
  deny: 'deny',
  swapNow: 'swap-now',
  breakGlass: 'break-glass',
  cancel: 'cancel',
  undo: 'undo',
  keepLonger: 'keep-longer',
  removeNow: 'remove-now',
  retryRemoval: 'retry-removal',
  release: 'release',
  requestAgain: 'request-again',
  startNow: 'start-now',
  startRestore: 'start-restore',
} as const;

/** Slack's `callback_id` of what is offered in menus; the app's manifest names them. */
export const shortcuts = { restore: 'restore-database', fromMessage: 'restore-from-message' } as const;

/** What a decision carries: the run, and the plan that the person looks at. */
export function planValue(run: Run): string {
  return `${run.id}:${run.planHash ?? ''}`;
}

export function readPlanValue(value: string): { run: string; planHash: string } {
  const [run = '', planHash = ''] = value.split(':', 2);
  return { run, planHash };
}
