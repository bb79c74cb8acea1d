import { settingsFor } from '../policy';
import type { Run } from '../run';
import { type Context, done, type Gate, planOf } from '../step';
import { takesName } from '../wish';

/** The set-aside original, or the clone, is kept until its time is over or a person lets it go. */
export const hold: Gate = {
  kind: 'gate',
  id: 'hold',
  title: 'Keep the original for Undo',
  titles: { new: 'Keep the clone for its time' },
  applies: ({ target }) => takesName(target) || target === 'new',
  async look(context) {
    const { run, now } = context;
    const { hold } = run;
    if (hold === undefined) throw new Error(`run ${run.id} holds nothing`);
    if (hold.released) return done(`Released by <@${hold.released.by}>`, ({ until: _, ...run }) => run);
    if (now() >= hold.until) return done('The hold is over', ({ until: _, ...run }) => run);
    const isClone = run.request.target.kind === 'new';
    const warnAt = isClone ? warningAt(context, hold) : undefined;
    const isWarned = hold.warned === hold.until;
    const isDue = warnAt !== undefined && !isWarned && now() >= warnAt;
    const nextAt = warnAt === undefined || isWarned || isDue ? hold.until : warnAt;
    return {
      state: 'waiting',
      inSeconds: (nextAt - now()) / 1000,
      note: isClone ? 'The clone answers until its time is over' : 'The original is set aside and can come back',
      change: (run) => withEnd(run, isDue ? hold.until : hold.warned),
    };
  },
};

/** A clone that lives shorter than four warnings is warned of in the last quarter of its life. */
function warningAt({ run, policy }: Context, hold: NonNullable<Run['hold']>): number {
  const { warning } = settingsFor(policy, planOf(run).model.name);
  return hold.until - Math.min(warning, (hold.until - (run.finishedAt ?? hold.until)) / 4);
}

/** The record says when the gate closes, and of which end people were warned. */
function withEnd(run: Run, warned: number | undefined): Run {
  const { hold } = run;
  if (!hold || (run.until === hold.until && hold.warned === warned)) return run;
  return { ...run, until: hold.until, hold: { ...hold, ...(warned !== undefined && { warned }) } };
}
