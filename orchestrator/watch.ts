import { endedOutside } from './close';
import { executionKey, runIdFor } from './names';
import { checkExecution, type Performed, type PerformParts, perform } from './perform';
import type { Inventory, Tick, Ticks, Wait } from './ports';
import { executionName, isClosed, type Run } from './run';
import { lookSeconds, renameSeconds } from './step';

/** A state waits 300 seconds for a heartbeat: two lost beats are no accident yet. */
const beatEveryMs = 100_000;
/** Ticks that come closer together than this are one. */
const tickGapMs = 2_000;
/** Lambda stops a loop of messages after 16 hops by default; a message of ours never has more than three behind it. */
const maxDepth = 3;
/** Looks side by side in one tick; RDS sees one describe for all of them. */
const lanes = 8;

export interface WatchParts extends PerformParts {
  ticks: Ticks;
  inventory: Inventory;
}

/** One tick: look on behalf of every run that is due. `holder` names this invocation. */
export async function watch(parts: WatchParts, tick: Tick, holder: string): Promise<void> {
  const now = parts.clock.now();
  const depth = tick.kind === 'minute' ? 0 : tick.depth;
  if (tick.kind === 'run') {
    const performed = await perform(parts, tick.run, holder);
    await fillMinute(parts, depth, [performed]);
    return;
  }
  const isMinute = tick.kind === 'minute';
  // A minute's tick that comes just behind another looks at nothing new, but the rest of its minute hangs on it.
  const waits = await parts.runs.due(now);
  const due = waits.length > 0 && (await parts.runs.claimTick(now, tickGapMs)) ? waits : [];
  await parts.databases.prefetch([...new Set(due.flatMap((wait) => wait.watching))]);
  // Whoever is between two renames comes first: RDS allows twelve calls a second per account and Region.
  const ordered = [...due].sort((a, b) => Number(b.isNameInFlight) - Number(a.isNameInFlight));
  const performed = await inLanes(ordered, (wait) =>
    safely(parts, wait.runId, () => perform(parts, wait.runId, holder)),
  );
  if (isMinute) await everyMinute(parts);
  else if (performed.some((one) => one?.state === 'waiting' && one.isNameInFlight && !wasInFlight(due)))
    await fillMinute(parts, depth, performed);
}

function wasInFlight(due: Wait[]): boolean {
  return due.some((wait) => wait.isNameInFlight);
}

async function everyMinute(parts: WatchParts): Promise<void> {
  const now = parts.clock.now();
  const waits = await parts.runs.due(Number.MAX_SAFE_INTEGER);
  await inLanes(
    waits.filter((wait) => wait.token !== undefined && now - wait.beatenAt >= beatEveryMs),
    (wait) => safely(parts, wait.runId, () => beat(parts, wait)),
  );
  await driveCards(parts);
  await parts.inventory.refreshIfUsed(now);
  const soonest = Math.min(...waits.map((wait) => wait.nextLookAt));
  const isNameInFlight = waits.some((wait) => wait.isNameInFlight);
  await sendLooks(parts, {
    from: Math.max(now, soonest),
    everySeconds: isNameInFlight ? renameSeconds : lookSeconds,
    depth: 1,
  });
}

/** A token that refuses a heartbeat is dead: either a newer one is out, or the execution has ended. */
async function beat(parts: WatchParts, wait: Wait): Promise<void> {
  if (wait.token === undefined) return;
  if (await parts.executions.beat(wait.token)) return parts.runs.beaten(wait.runId, wait.token, parts.clock.now());
  const run = await parts.runs.load(wait.runId);
  if (run === undefined || isClosed(run)) return parts.runs.endWait(wait.runId);
  await checkExecution(parts, run);
}

/** A card that shows an older version than the record is driven again, however often that takes. */
async function driveCards(parts: WatchParts): Promise<void> {
  const open = await parts.runs.open();
  const shown = await parts.runs.shownVersions(open.map((run) => run.id));
  await inLanes(open, (run) =>
    safely(parts, run.id, async () => {
      const isBehind = (shown.get(run.id) ?? 0) < run.version;
      if (isBehind) await parts.runs.touch(run.id);
      else if (isClosed(run)) await parts.runs.archive(run.id);
    }),
  );
}

/** What a run that begins to wait needs of this minute, beyond what the schedule has sent. */
export async function fillMinute(
  parts: Pick<WatchParts, 'ticks' | 'clock'>,
  depth: number,
  performed: (Performed | undefined)[],
): Promise<void> {
  const waiting = performed.filter((one): one is Performed & { state: 'waiting' } => one?.state === 'waiting');
  if (depth >= maxDepth || waiting.length === 0) return;
  const from = Math.min(...waiting.map((one) => one.nextAt));
  const isNameInFlight = waiting.some((one) => one.isNameInFlight);
  await sendLooks(parts, { from, everySeconds: isNameInFlight ? renameSeconds : lookSeconds, depth: depth + 1 });
}

/** Delayed messages up to the next full minute, which the schedule brings. */
async function sendLooks(
  parts: Pick<WatchParts, 'ticks' | 'clock'>,
  plan: { from: number; everySeconds: number; depth: number },
): Promise<void> {
  const now = parts.clock.now();
  const leftSeconds = 60 - Math.floor((now / 1000) % 60);
  const firstSeconds = Math.max(plan.everySeconds, Math.ceil((plan.from - now) / 1000));
  const ticks = [];
  for (let delaySeconds = firstSeconds; delaySeconds < leftSeconds; delaySeconds += plan.everySeconds)
    ticks.push({ tick: { kind: 'look', depth: plan.depth } as const, delaySeconds });
  if (ticks.length > 0) await parts.ticks.send(ticks);
}

/**
 * For the rule on ended executions: the run's name is the execution's, but for `-r1`, `-r2` … An execution that somebody
 * else has started has a name of its own, from which its run's id derives.
 */
export async function executionEnded(
  parts: PerformParts,
  execution: string,
  status: 'failed' | 'timed-out' | 'aborted',
): Promise<void> {
  const runId = execution.replace(/-r\d+$/, '');
  const run: Run | undefined =
    (await parts.runs.load(runId)) ?? (await parts.runs.load(runIdFor(executionKey(execution))));
  if (run && executionName(run) === execution) await endedOutside(parts, run.id, execution, status);
}

/** One run's trouble must not keep the others waiting. */
async function safely<T>(parts: WatchParts, runId: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    parts.log('error', 'look failed', { run: runId, error: name, detail: message });
    return undefined;
  }
}

async function inLanes<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
