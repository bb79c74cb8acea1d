import * as z from 'zod/mini';
import '../english';
import type { ForeignWish } from '../arrival';
import { type Problem, problem } from '../errors';

/** What intuit/Trapheus documents as its input (README, Execution), and nothing else. */
const AncestorInput = z.strictObject({
  identifier: z.string().check(z.regex(/^[a-zA-Z](-?[a-zA-Z0-9]){0,62}$/, 'not an identifier of a database')),
  task: z.enum(['db_restore', 'create_snapshot', 'create_snapshot_only']),
  isCluster: z.boolean(),
});

/** Its task for other accounts: never documented, and not what this machine does. */
const otherAccounts = 'restore_rds_in_target_accounts';

/** An unknown word is refused: the ancestor would have run its destructive branch. */
export function readAncestorInput(input: unknown): ForeignWish | Problem {
  const task = z.object({ task: z.literal(otherAccounts) }).safeParse(input);
  if (task.success) return problem('task-not-here', { task: otherAccounts });
  const parsed = AncestorInput.safeParse(input);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
    return problem('bad-input', { detail: mistakes.join('; ') });
  }
  const { data } = parsed;
  const database = data.identifier.toLowerCase();
  const who = { database, kind: data.isCluster ? ('cluster' as const) : ('instance' as const) };
  switch (data.task) {
    case 'db_restore':
      return {
        ...who,
        source: { kind: 'newest' },
        preferred: `${database}-snapshot`,
        target: { kind: 'replace' },
      };
    case 'create_snapshot':
      return { ...who, source: { kind: 'now' }, target: { kind: 'replace' } };
    case 'create_snapshot_only':
      return { ...who, source: { kind: 'now' }, target: { kind: 'none' } };
  }
}
