import type { Desk, SetupStep } from './step';

/**
 * Takes the steps one after the other and stops at the first that cannot be done, since those behind it need it.
 * Answers whether all were done.
 */
export async function walk(steps: readonly SetupStep[], desk: Desk, isDry: boolean): Promise<boolean> {
  for (const [index, step] of steps.entries()) {
    desk.say(`${index === 0 ? '' : '\n'}${index + 1} of ${steps.length}  ${step.title}`);
    if (isDry) {
      const settings = desk.settings();
      if (!settings.ok) {
        desk.say(`${settings.says}\n${settings.hint}`);
        return false;
      }
      for (const line of step.preview(settings.value)) desk.say(`  ${line}`);
      continue;
    }
    const done = await step.run(desk);
    if (!done.ok) {
      desk.say(`${done.says}\n${done.hint}`);
      desk.say(
        `Then go on from here: npm run setup -- ${steps
          .slice(index)
          .map(({ id }) => id)
          .join(' ')}`,
      );
      return false;
    }
  }
  desk.say(isDry ? '\nNothing was done: this was a dry run.' : '\nDone.');
  return true;
}
