import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readAudit } from './read-audit';

/** `npm run audit -- export | verify`: the audit trails of a deployment, read with the caller's own rights. */
async function main(): Promise<void> {
  process.exitCode = await readAudit(
    process.argv.slice(2),
    new DynamoDBClient({}),
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(line),
  );
}

void main();
