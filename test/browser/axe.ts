import { source } from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds wrong with the page as it is now: nothing, if all is well. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: source });
  // Colours are measured when nothing moves any more. An animation's `finished` says nothing here: Chromium does not
  // settle it for what is scrolled out of sight, though its `playState` is true.
  await page.waitForFunction(
    "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations !== 1)",
  );
  const found = await page.evaluate<Violation[]>('axe.run().then((result) => result.violations)');
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n${node.html}\n${node.failureSummary}`),
  );
}
