import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Options, parseOptions } from '../options';
import { problem, type Told, told } from './step';

/** The settings as the CDK app reads them: those of cdk.json in this folder. */
export function settingsOf(folder: string): Told<Options> {
  try {
    const { context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as {
      context: Record<string, unknown>;
    };
    return told(parseOptions(context));
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), 'Put that right: npm run setup -- settings');
  }
}
