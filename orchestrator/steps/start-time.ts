import { standstill } from '../standstill';
import { done, type Gate } from '../step';
import { subjectOf } from '../wish';

/** How often a freeze is looked at that has come over the time. */
const frozenSeconds = 300;

/** Everything is agreed, and the run begins at the time that was asked for; until then nothing is touched. */
export const startTime: Gate = {
  kind: 'gate',
  id: 'start-time',
  title: 'Wait for its time',
  applies: ({ isLater }) => isLater,
  async look({ run, policy, freezes, now }) {
    const { startAt = 0 } = run.request;
    const frozen = standstill(policy, await freezes.current(), [subjectOf(run.request)], now());
    if (run.startedNow && !frozen)
      return done(`Started early by <@${run.startedNow.by}>`, ({ until: _, ...run }) => run);
    if (now() >= startAt && !frozen) return done('Its time has come', ({ until: _, ...run }) => run);
    const isHeld = frozen !== undefined && (run.startedNow !== undefined || now() >= startAt);
    return {
      state: 'waiting',
      inSeconds: isHeld ? frozenSeconds : Math.max(1, (startAt - now()) / 1000),
      note: isHeld ? frozen.problem.message : 'Agreed; nothing is touched before its time',
      change: (run) => (run.until === startAt ? run : { ...run, until: startAt }),
    };
  },
};
