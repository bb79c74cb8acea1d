import type { Stage, Tombstone } from './step';

/** A card line has to fit a phone. */
const maxTitle = 40;

/**
 * Checks what the readers of the list rely on.
 * @throws Error with every mistake at once.
 */
export function definePipeline<T extends readonly Stage[]>(stages: T, tombstones: readonly Tombstone[] = []): T {
  const mistakes: string[] = [];
  const seen = new Set<string>();
  for (const { id } of [...stages, ...tombstones]) {
    if (seen.has(id)) mistakes.push(`${id}: two stages have this id`);
    if (!/^[a-z][a-z-]*[a-z]$/.test(id) || id === 'close') mistakes.push(`${id}: not a stage id`);
    seen.add(id);
  }
  for (const stage of stages) {
    const undo = stage.kind === 'step' ? (stage.undo?.title ?? '') : '';
    const titles = [stage.title, undo, ...Object.values(stage.titles ?? {})];
    for (const title of titles)
      if (title.length > maxTitle) mistakes.push(`${stage.id}: “${title}” is longer than ${maxTitle} characters`);
  }
  if (mistakes.length > 0) throw new Error(`The pipeline has mistakes:\n${mistakes.join('\n')}`);
  return stages;
}
