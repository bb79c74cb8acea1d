import type { Command } from '../bot/command';
import { spoken } from '../bot/views/problem';
import { type ProblemCode, problem } from '../orchestrator/errors';
import type { Stage } from '../orchestrator/step';

/** What a restore does, in order. */
export function pipelineTable(stages: readonly Stage[]): string {
  const rows = stages.map((stage) => {
    const undo = stage.kind === 'step' && stage.undo ? stage.undo.title : '–';
    return [`\`${stage.id}\``, stage.kind, stage.title, undo];
  });
  return markdown(['Id', 'Kind', 'What it does', 'How it is taken back'], rows);
}

export function commandsTable(commands: readonly Command[], name: string): string {
  const rows = commands.map(({ verb, usage, summary, who, answers }) => [
    `\`${[name, verb, usage].join(' ').trimEnd()}\``,
    summary,
    who,
    answers,
  ]);
  return markdown(['Command', 'What it does', 'Who may', 'What it answers'], rows);
}

/** Every sentence that says no, and what to do about it. */
export function errorsTable(codes: readonly ProblemCode[], command: string): string {
  // Whatever a sentence asks for is shown by its name: "There is no run {run}."
  const names = new Proxy<Record<string, string>>({}, { get: (_, name) => `{${String(name)}}` });
  const rows = codes.map((code) => {
    const { message, hint } = spoken(problem(code, names), { command });
    return [`\`${code}\``, message, hint];
  });
  return markdown(['Code', 'What it says', 'What to do'], rows);
}

/**
 * Puts each table between its markers, `<!-- generated:name -->` and `<!-- /generated -->`.
 * @throws Error when a table has no place in the text, or a place has no table.
 */
export function fill(text: string, tables: Readonly<Record<string, string>>): string {
  const placed = new Set<string>();
  const filled = text.replace(/<!-- generated:([a-z-]+) -->[^]*?<!-- \/generated -->/g, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`README.md has a place for a table “${name}”, which nobody generates.`);
    placed.add(name);
    return `<!-- generated:${name} -->\n\n${table}\n\n<!-- /generated -->`;
  });
  const lost = Object.keys(tables).filter((name) => !placed.has(name));
  if (lost.length > 0) throw new Error(`README.md lacks the markers <!-- generated:… --> for: ${lost.join(', ')}.`);
  return filled;
}

export function markdown(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
