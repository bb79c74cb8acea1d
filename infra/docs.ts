import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commands } from '../bot/command-line';
import { problemCodes } from '../orchestrator/errors';
import { pipeline } from '../orchestrator/pipeline';
import { benchmarksText, readResults } from './bench-results';
import { licencesText, shippedPackages } from './licences';
import { commandsTable, errorsTable, fill, pipelineTable } from './readme-tables';
import { runbookText } from './runbook';
import { manifestText, placeholder } from './slack-manifest';

/** Writes what is generated, or with --check says what is stale. */
const readme = readFileSync('README.md', 'utf8');
const files = {
  'README.md': fill(readme, {
    pipeline: pipelineTable(pipeline),
    commands: commandsTable(commands, placeholder.command),
    errors: errorsTable(problemCodes, placeholder.command),
    benchmarks: benchmarksText(readResults()),
  }),
  'manifest.yml': manifestText(placeholder),
  'docs/runbook.md': runbookText(errorsTable(problemCodes, placeholder.command)),
  'docs/licences.md': licencesText(shippedPackages(readFileSync('package-lock.json', 'utf8'))),
};
const stale = Object.entries(files).filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`${file} is stale: run npm run docs\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(file, text);
}
