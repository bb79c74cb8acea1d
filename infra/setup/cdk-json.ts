import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Options, parseOptions } from '../options';
import { problem, type Told, told } from './step';

const CdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()).default({}) });
export type CdkJson = z.infer<typeof CdkJson>;

/** cdk.json of this folder, whatever its settings say. */
export function readCdkJson(folder: string): Told<CdkJson> {
  try {
    return told(CdkJson.parse(JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'))));
  } catch (error) {
    const says = error instanceof z.ZodError ? 'its context is not an object' : String(error);
    return problem(`cdk.json cannot be read: ${says}`, 'Put that right in cdk.json, or check out the file again.');
  }
}

/** The settings as the CDK app reads them: those of cdk.json in this folder. */
export function settingsOf(folder: string): Told<Options> {
  const read = readCdkJson(folder);
  if (!read.ok) return read;
  try {
    return told(parseOptions(read.value.context));
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), 'Put that right in cdk.json.');
  }
}
