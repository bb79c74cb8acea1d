import { planHash } from '../plan/hash';
import { makePlan } from '../plan/make-plan';
import { planInput, type Step } from '../step';

/** Reads the facts, refuses what cannot work, and resolves "newest" to one snapshot for good. */
export const plan: Step = {
  kind: 'step',
  id: 'plan',
  title: 'Plan the restore',
  limitHours: 1,
  titles: { new: 'Plan the clone', none: 'Plan the snapshot' },
  applies: () => true,
  async look(context) {
    const made = await makePlan(planInput(context, context.run.request));
    if ('code' in made) return { state: 'stop', kind: 'failed', problem: made };
    return { state: 'done', change: (run) => ({ ...run, plan: made, planHash: planHash(made) }) };
  },
};
