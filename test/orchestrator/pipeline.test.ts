import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { definePipeline } from '../../orchestrator/gate';
import { pipeline } from '../../orchestrator/pipeline';
import type { Step } from '../../orchestrator/step';
import { done } from '../../orchestrator/step';

const step = (id: string, title = 'Do it'): Step => ({
  kind: 'step',
  id,
  title,
  limitHours: 1,
  applies: () => true,
  look: async () => done(),
});

test('the pipeline reads as it is told', () => {
  expect(
    pipeline.map(
      (stage) =>
        `${stage.kind} ${stage.id}: ${stage.title}${stage.kind === 'step' && stage.undo ? ` ↩ ${stage.undo.title}` : ''}`,
    ),
  ).toMatchSnapshot();
});

test('every file in steps/ is in the list, and nothing else', () => {
  const files = readdirSync('orchestrator/steps').map((file) => file.replace('.ts', ''));

  expect(files.sort()).toEqual(pipeline.map((stage) => stage.id).sort());
});

test('a list with two stages of one id, a title too long for a phone, or a grave that is alive is refused at once', () => {
  const graves = [{ kind: 'tombstone', id: 'swap', removed: '2026-01-01' }] as const;
  const define = () => definePipeline([step('swap'), step('Plan'), step('plan', 'x'.repeat(41))], graves);

  expect(define).toThrow(/Plan: not a stage id[^]*swap: two stages have this id[^]*plan: “x+” is longer than 40/);
});

test('no reader of the list knows a stage by name', () => {
  const readers = ['infra/state-machine.ts', 'infra/local/sandbox.ts', 'bot/views/checklist.ts'].filter((file) =>
    existsSync(file),
  );
  const named = pipeline.map((stage) => stage.id).filter((id) => id.includes('-'));

  expect(readers.length).toBeGreaterThan(1);
  for (const reader of readers) for (const id of named) expect(readFileSync(reader, 'utf8')).not.toContain(`'${id}'`);
});
