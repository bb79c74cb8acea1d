import { parseArgs } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { brokenSeals, untold } from '../orchestrator/audit';
import { auditTrails, type Trail } from '../orchestrator/aws/audit-table';

const usage = `npm run audit -- export | verify [--run r7k3q9xz] --table <the stack's table>
  export  every entry as a line of JSON
  verify  whether each entry follows from the one before, and whether what the record says was done is told; ends with
          1 when something is not so
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
  const { positionals, values, tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: { run: { type: 'string' }, table: { type: 'string' } },
  });
  const isUnknown = tokens.some(
    (token) => token.kind === 'option' && ((token.name !== 'run' && token.name !== 'table') || !token.value),
  );
  const [what, ...more] = positionals;
  const table = values.table ?? process.env.TABLE_NAME;
  const isWrong = (what !== 'export' && what !== 'verify') || more.length > 0 || isUnknown;
  if (isWrong || typeof table !== 'string') {
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
      for (const flaw of flaws(trail)) {
        counts.broken += 1;
        complain(`${trail.of} (${trail.kind}): ${flaw}\n`);
      }
  }
  if (values.run !== undefined && counts.trails === 0) {
    complain(`There is no trail of a run ${values.run} in ${table}.\n`);
    return 1;
  }
  if (what === 'verify') out(`${counts.entries} entries in ${counts.trails} trails, ${counts.broken} broken`);
  return counts.broken > 0 ? 1 : 0;
}

function flaws({ root, events, run, isUnreadable }: Trail): string[] {
  const places = brokenSeals(root, events);
  return [
    ...places.map((place) => `entry ${place} does not follow from what is before it`),
    ...(isUnreadable ? ['what is stored is no record of a run'] : []),
    ...(run ? untold(run, events) : []).map(
      ({ what, at, by = 'Trapheus' }) =>
        `the record says “${what}” by ${by} at ${new Date(at).toISOString()}, and no entry does`,
    ),
  ];
}
