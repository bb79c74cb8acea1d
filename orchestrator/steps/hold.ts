import { done, type Gate } from '../step';

/** The original is kept for Undo until its time is over or a person lets it go. */
export const hold: Gate = {
  kind: 'gate',
  id: 'hold',
  title: 'Keep the original for Undo',
  applies: () => true,
  async look({ run, now }) {
    const { hold } = run;
    if (hold === undefined) throw new Error(`run ${run.id} holds nothing`);
    if (hold.released) return done(`Released by <@${hold.released.by}>`, ({ until: _, ...run }) => run);
    if (now() >= hold.until) return done('The hold is over', ({ until: _, ...run }) => run);
    return {
      state: 'waiting',
      inSeconds: (hold.until - now()) / 1000,
      note: 'The original is set aside and can come back',
      change: (run) => (run.until === run.hold?.until || !run.hold ? run : { ...run, until: run.hold.until }),
    };
  },
};
