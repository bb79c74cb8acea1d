import { readFileSync } from 'node:fs';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parsePolicy } from '../orchestrator/policy';
import { optionsFrom } from './options';
import { TrapheusStack } from './stack';

/** What people have written wrongly, in words for them: where in this program it showed is no help. */
function mistakesIn(...reads: (() => unknown)[]): string[] {
  return reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
}

const app = new App();
const mistakes = mistakesIn(
  () => optionsFrom(app.node),
  () => parsePolicy(readFileSync('policy.yml', 'utf8')),
);
if (mistakes.length > 0) {
  console.error(mistakes.join('\n'));
  process.exit(1);
}
const { stackName, tags } = optionsFrom(app.node);
const stack = new TrapheusStack(app, stackName, { description: 'Trapheus: restores RDS databases from Slack' });
for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
