import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { changeDatabases, makeCopies, seeDatabases } from '../../infra/permissions/databases';

/** What RDS asks for besides the call itself. */
const implied = [
  // Tags in a call that creates something; a final snapshot in one that deletes.
  'AddTagsToResource',
  'CreateDBSnapshot',
  'CreateDBClusterSnapshot',
];

/** Every operation of RDS that the adapters call, by the commands that they import. */
function called(): string[] {
  const files = readdirSync('orchestrator/aws').map((file) => readFileSync(join('orchestrator/aws', file), 'utf8'));
  const imports = files.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-rds'/g)].map(([, names]) => names ?? ''),
  );
  const commands = imports.flatMap((names) =>
    [...names.matchAll(/\b([A-Z]\w+)Command\b(?!Input|Output)/g)].map(([, name]) => name ?? ''),
  );
  return [...new Set(commands)].sort();
}

const outdir = mkdtempSync(join(tmpdir(), 'trapheus-cdk-'));
const stack = new Stack(new App({ outdir }), 'Trapheus');
afterAll(() => rmSync(outdir, { recursive: true }));

const everything = { identifierPatterns: ['*'], databaseRoles: ['*'] };

function granted(): string[] {
  const actions = [...makeCopies(stack, everything), ...changeDatabases(stack, everything)].flatMap(
    (statement) => statement.actions,
  );
  return [...new Set(actions.filter((action) => action.startsWith('rds:')).map((action) => action.slice(4)))].sort();
}

describe('rights in RDS', () => {
  test('every call that the adapters make is granted', () => {
    expect(called().filter((operation) => !granted().includes(operation))).toEqual([]);
  });

  test('nothing is granted that no adapter calls', () => {
    expect(granted().filter((operation) => !called().includes(operation) && !implied.includes(operation))).toEqual([]);
  });

  test('whoever only sees has no right to change', () => {
    const actions = seeDatabases(stack).flatMap((statement) => statement.actions);

    expect(actions.filter((action) => !/^rds:(Describe|List)/.test(action))).toEqual([]);
  });
});
