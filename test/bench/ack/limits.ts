import type { EntryName } from '../../../infra/bundle';

/** How many KiB a deployment may ship for each function: what Slack waits for, and what every card waits for. */
export const kibLimits: Record<EntryName, number> = {
  slack: 500,
  notifier: 150,
  worker: 500,
  watcher: 500,
  ended: 500,
};
