import { parseArgs } from 'node:util';
import { closest } from 'fastest-levenshtein';
import { givenToNpm } from '../npm-flags';
import { problem, type SetupStep, type Told, told } from './step';

export interface SetupArguments {
  chosen: readonly SetupStep[];
  /** Answers by the ids of their questions. */
  given: ReadonlyMap<string, string>;
  isDry: boolean;
  isYes: boolean;
}

export function usageOf(steps: readonly SetupStep[]): string {
  return `npm run setup [-- [step …] [--dry-run] [--yes] [--set name=value …]]

  step        ${steps.map(({ id }) => id).join(', ')}; all of them where none is named
  --dry-run   say what each step would do; needs neither AWS nor Slack
  --yes       take every default without asking
  --set       answer a question by its name, for example --set stackName=Trapheus`;
}

/** What was asked for on the command line; “help” alone when that was. */
export function readArguments(
  args: string[],
  steps: readonly SetupStep[],
  env: Readonly<Record<string, string | undefined>>,
): Told<SetupArguments | 'help'> {
  const wrong = (says: string) => problem(says, `\n${usageOf(steps)}`);
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return told('help');
    const unknown = positionals.filter((id) => !steps.some((step) => step.id === id));
    if (unknown.length > 0) return wrong(`There is no step ${unknown.join(', ')}.`);
    const bad = values.set.filter((text) => !text.includes('='));
    if (bad.length > 0) return wrong(`--set takes name=value, not ${bad.join(', ')}.`);
    const given = new Map(
      values.set.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
    );
    const asked = steps.flatMap(({ asks = [] }) => asks);
    const [stranger] = [...given.keys()].filter((name) => !asked.includes(name));
    if (stranger !== undefined)
      return wrong(
        `Nobody asks for ${stranger}; did you mean ${closest(stranger, asked)}? There are ${asked.join(', ')}.`,
      );
    return told({
      chosen: positionals.length === 0 ? steps : steps.filter(({ id }) => positionals.includes(id)),
      given,
      isDry: values['dry-run'] || givenToNpm(env, 'dry-run'),
      isYes: values.yes || givenToNpm(env, 'yes'),
    });
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
