import { commands } from '../../bot/command-line';
import { benchmarksText, readResults } from '../../infra/bench-results';
import { commandsTable, errorsTable, fill, pipelineTable } from '../../infra/readme-tables';
import { problemCodes } from '../../orchestrator/errors';
import { pipeline } from '../../orchestrator/pipeline';

describe('the generated tables', () => {
  test('the pipeline: one row for each stage, in order', () => {
    const rows = pipelineTable(pipeline).split('\n').slice(2);

    expect(rows.map((row) => /^\| `([a-z-]+)` \|/.exec(row)?.[1])).toEqual(pipeline.map(({ id }) => id));
    expect(rows.find((row) => row.startsWith('| `swap`'))).not.toMatch(/ – \|$/);
  });

  test('the commands: every verb with what may follow it', () => {
    const table = commandsTable(commands, '/trapheus');

    for (const { verb, summary } of commands) {
      expect(table).toContain(`\`/trapheus ${verb}`);
      expect(table).toContain(summary);
    }
  });

  test('the errors: every code, its sentences readable without values', () => {
    const table = errorsTable(problemCodes, '/trapheus');

    for (const code of problemCodes) expect(table).toContain(`| \`${code}\` |`);
    expect(table).not.toContain('undefined');
    expect(table).toContain('There is no run {run}.');
  });

  test('a bar in a cell does not end it', () => {
    expect(
      commandsTable(
        [{ verb: 'decide', usage: 'yes|no', who: 'w', answers: 'a', summary: 'Decides.', run: async () => undefined }],
        '/t',
      ),
    ).toContain('yes\\|no');
  });
});

describe('filling them in', () => {
  const text = 'before\n<!-- generated:one -->old<!-- /generated -->\nafter\n';

  test('replaces what is between the markers and nothing else, and again the same', () => {
    const filled = fill(text, { one: '| new |' });

    expect(filled).toBe('before\n<!-- generated:one -->\n\n| new |\n\n<!-- /generated -->\nafter\n');
    expect(fill(filled, { one: '| new |' })).toBe(filled);
  });

  test('refuses a table without a place, and a place without a table', () => {
    expect(() => fill(text, { one: '', two: '' })).toThrow('two');
    expect(() => fill(text, {})).toThrow('“one”');
  });
});

describe('the benchmarks', () => {
  const result = {
    benchmark: 'pipeline',
    note: 'Simulated.',
    table: [
      ['restore', 'outage s'],
      ['20 min', '181'],
    ],
    figures: [
      { name: 'outage / limit', value: 1.0057, target: '≤ 1.03', holds: true },
      { name: 'lateness', value: 40, target: '≤ 25', holds: false },
    ],
  };

  test('what was found, and what was missed', () => {
    const text = benchmarksText([result]);

    expect(text).toContain('| 20 min | 181 |');
    expect(text).toContain('1 of 2 targets hold. Missed: lateness (40, should be ≤ 25).');
  });

  test('every kept result can be read', () => {
    expect(() => readResults()).not.toThrow();
  });
});
