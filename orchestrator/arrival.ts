import * as z from 'zod/mini';
import type { Door } from './door/door';
import { command, type Problem, type Refused, refused, ServiceRefusal } from './errors';
import { executionKey, runIdFor } from './names';
import { ruleForWish } from './plan/rule';
import { awsRequester, type Policy } from './policy';
import type { Database, Databases, Runs } from './ports';
import type { Phase } from './run';
import type { Source, Target, Wish } from './wish';

/** The input of every execution that a run of ours has started. */
const OwnInput = z.object({ runId: z.string() });
/** What a state's Catch has added to the input. */
const Caught = z.object({ error: z.object({ Cause: z.string() }) });

/** What somebody asked for who started the machine with words of his own. */
export interface ForeignWish {
  database: string;
  /** What he says that it is; not what it is. */
  kind: Database['kind'];
  source: Source;
  /** The snapshot that counts instead of `source` if it is there. */
  preferred?: string;
  target: Target;
  /** Absent: which execution it was. */
  reason?: string;
}

export interface ArrivalParts {
  door: Pick<Door, 'request'>;
  runs: Pick<Runs, 'load'>;
  databases: Pick<Databases, 'find' | 'snapshot'>;
  policy: Policy;
  /** Reads the input of an execution that somebody else has started. */
  readInput: (input: unknown) => ForeignWish | Problem;
}

export interface Arrived {
  input: unknown;
  /** The execution's name. */
  execution: string;
  phase: Phase;
  /** The state at which every execution starts. */
  isFirst: boolean;
}

/**
 * Which run an execution works on. One that somebody has started in AWS asks for its run at its first look, through the
 * same door as everybody; what is refused touches nothing.
 */
export async function arrive(parts: ArrivalParts, arrived: Arrived): Promise<{ ok: true; run: string } | Refused> {
  const own = OwnInput.safeParse(arrived.input);
  if (own.success) return { ok: true, run: own.data.runId };
  const id = runIdFor(executionKey(arrived.execution));
  if (await parts.runs.load(id)) return { ok: true, run: id };
  const read = parts.readInput(arrived.input);
  if (arrived.phase !== 'do' || !arrived.isFirst) return refused('unknown-run', { run: id });
  if ('code' in read) return { ok: false, problem: read };
  try {
    return await ask(parts, read, arrived.execution, id);
  } catch (error) {
    const isFinal = error instanceof ServiceRefusal && !['transient', 'busy'].includes(error.reason);
    if (!isFinal) throw error;
    return refused(error.reason === 'denied' ? 'access-denied' : 'rds-refused', { detail: error.message });
  }
}

async function ask(
  { door, databases, policy }: ArrivalParts,
  { database, kind, source, preferred, target, reason }: ForeignWish,
  execution: string,
  id: string,
): Promise<{ ok: true; run: string } | Refused> {
  const there = await databases.find(database);
  if (there && there.kind !== kind) return refused('wrong-kind', { database, kind });
  const isThere = preferred !== undefined && ((await databases.snapshot(preferred))?.isAvailable ?? false);
  const wish: Wish = { database, target, source: isThere ? { kind: 'snapshot', snapshot: preferred } : source };
  const rule = ruleForWish(policy, wish);
  const channel = rule?.channels?.[0] ?? rule?.route ?? policy.channel ?? '';
  const needsPeople = target.kind !== 'none' && rule !== undefined && rule.approve.count > 0;
  if (needsPeople && channel === '') return refused('no-channel', { rule: rule.name });
  const answer = await door.request(
    {
      ...wish,
      reason: reason ?? `Execution ${execution} of the state machine`,
      requester: { id: awsRequester, team: awsRequester },
      channel,
      key: executionKey(execution),
    },
    execution,
  );
  const isOurs = answer.ok || answer.problem.code === 'already-requested';
  return isOurs ? { ok: true, run: id } : answer;
}

/** Why an execution without a run failed: what its first state was told, where that is still known. */
export function causeOf(input: unknown, otherwise: Problem): string {
  const caught = Caught.safeParse(input);
  if (caught.success) return caught.data.error.Cause;
  // Read in the AWS console, where nobody knows the slash command: its verbs say enough.
  return `${otherwise.message} ${otherwise.hint}`.replaceAll(`${command} `, '');
}
