import { makePlan, planHash } from '../plan';
import type { Step } from '../step';

/** Reads the facts, refuses what cannot work, and resolves "newest" to one snapshot for good. */
export const plan: Step = {
  kind: 'step',
  id: 'plan',
  title: 'Plan the restore',
  limitHours: 1,
  applies: () => true,
  async look({ run, databases, policy, stages, now }) {
    const { database, snapshot } = run.request;
    const made = await makePlan({ run: run.id, database, snapshot, databases, policy, stages, now: now() });
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    return { state: 'done', change: (run) => ({ ...run, plan: made, planHash: planHash(made) }) };
  },
};
