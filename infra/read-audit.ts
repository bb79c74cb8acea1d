import { parseArgs } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { brokenSeals } from '../orchestrator/audit';
import { auditTrails } from '../orchestrator/aws/audit-table';

const usage = `npm run audit -- export | verify [--run r7k3q9xz] --table <the stack's table>
  export  every entry as a line of JSON
  verify  whether each entry follows from the one before; ends with 1 when one does not
`;

/**
 * Reads the audit trails with the rights of whoever calls it (dynamodb:Scan on the table).
 * @returns The exit code: 0, 1 when a seal is broken or the run has no trail, 2 when it was called wrongly.
 */
export async function readAudit(
  args: string[],
  client: DynamoDBClient,
  out: (line: string) => void,
  complain: (line: string) => void,
): Promise<0 | 1 | 2> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { run: { type: 'string' }, table: { type: 'string' } },
  });
  const [what, ...more] = positionals;
  const table = values.table ?? process.env.TABLE_NAME;
  if ((what !== 'export' && what !== 'verify') || more.length > 0 || table === undefined) {
    complain(usage);
    return 2;
  }
  const counts = { trails: 0, entries: 0, broken: 0 };
  for await (const trail of auditTrails(client, table)) {
    if (values.run !== undefined && trail.of !== values.run) continue;
    counts.trails += 1;
    counts.entries += trail.events.length;
    if (what === 'export') for (const event of trail.events) out(JSON.stringify({ run: trail.of, ...event }));
    else
      for (const place of brokenSeals(trail.root, trail.events)) {
        counts.broken += 1;
        complain(`${trail.of} (${trail.kind}): entry ${place} does not follow from what is before it\n`);
      }
  }
  if (values.run !== undefined && counts.trails === 0) {
    complain(`There is no trail of a run ${values.run} in ${table}.\n`);
    return 1;
  }
  if (what === 'verify') out(`${counts.entries} entries in ${counts.trails} trails, ${counts.broken} broken`);
  return counts.broken > 0 ? 1 : 0;
}
