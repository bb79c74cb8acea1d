import { digest } from '../../orchestrator/digest';
import type { Run } from '../../orchestrator/run';
import { cardButtons } from './card-buttons';

/**
 * What people must not see late: what they can press, what was decided, and how it ended. Everything else on a card is
 * progress, which can wait its turn.
 */
export function matterOf(run: Run): { matter: string; isEnd: boolean } {
  const { finishedAt, closedAt, stop, help, decisions, glass, planHash } = run;
  const buttons = cardButtons(run).map(({ action_id, value }) => [action_id, value]);
  const isEnd = finishedAt !== undefined || closedAt !== undefined || help !== undefined;
  const matter = digest({
    buttons,
    decisions: decisions.length,
    glass: glass?.length,
    planHash,
    finishedAt,
    closedAt,
    stop: stop?.at,
    help,
  });
  return { matter, isEnd };
}
