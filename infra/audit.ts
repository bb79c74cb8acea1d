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

void main().catch((error: unknown) => {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  process.stderr.write(
    `The table could not be read: ${said}\nCheck its name (the stack's output TableName), the Region, and that your credentials may dynamodb:Scan it.\n`,
  );
  process.exitCode = 1;
});
