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
/** Pickers may be this far behind; what a person chooses is read fresh. */
const inventoryEveryMinutes = 3;
/** Lambda stops a loop of messages after 16 hops by default; a message of ours never has more than three behind it. */
const maxDepth = 3;
/** A request this young may still be in the hands of whoever takes it. */
const graceMs = 60_000;
/** Looks side by side in one tick; RDS sees one describe for all of them. */
const lanes = 8;
/** Slack takes about two messages and two changes in the three seconds between ticks; a few more find out about it. */
const cardsAtOnce = 6;

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
  const waits = await parts.runs.due(isMinute ? Number.MAX_SAFE_INTEGER : now);
  const ripe = waits.filter((wait) => wait.nextLookAt <= now);
  // A minute's tick that comes just behind another looks at nothing new, but the rest of its minute hangs on it.
  const inLine = (await safely(parts, 'all', () => parts.runs.cardsInLine(cardsAtOnce))) ?? [];
  const isOurs = ripe.length + inLine.length > 0 && (await parts.runs.claimTick(now, tickGapMs));
  const due = isOurs ? ripe : [];
  if (isOurs) await inLanes(inLine, (run) => safely(parts, run, () => parts.runs.touch(run)));
  if (isMinute) await beatAll(parts, waits, now);
  const watched = [...new Set(due.flatMap((wait) => wait.watching))];
  await safely(parts, 'all', () => parts.databases.prefetch(watched));
  // Whoever is between two renames comes first: RDS allows twelve calls a second per account and Region.
  const ordered = [...due].sort((a, b) => Number(b.isNameInFlight) - Number(a.isNameInFlight));
  const performed = new Map<string, Performed | undefined>();
  await inLanes(ordered, async (wait) => {
    performed.set(wait.runId, await safely(parts, wait.runId, () => perform(parts, wait.runId, holder)));
  });
  if (isMinute) return everyMinute(parts, waits, performed, inLine.length > 0);
  const wasInFlight = due.some((wait) => wait.isNameInFlight);
  const isRenaming = [...performed.values()].some((one) => one?.state === 'waiting' && one.isNameInFlight);
  if (isRenaming && !wasInFlight) await fillMinute(parts, depth, [...performed.values()]);
}

/** What only the schedule's tick does: cards, the inventory, and the looks of the rest of its minute. */
async function everyMinute(
  parts: WatchParts,
  waits: Wait[],
  performed: Map<string, Performed | undefined>,
  hasLine: boolean,
): Promise<void> {
  const now = parts.clock.now();
  await safely(parts, 'all', () => driveCards(parts, waits));
  if (Math.floor(now / 60_000) % inventoryEveryMinutes === 0)
    await safely(parts, 'all', () => parts.inventory.refreshIfUsed(now));
  const next = waits.map((wait) => {
    const result = performed.get(wait.runId);
    return result?.state === 'waiting' ? { at: result.nextAt, ...result } : { at: wait.nextLookAt, ...wait };
  });
  await sendLooks(parts, {
    from: hasLine ? now : Math.max(now, Math.min(...next.map((one) => one.at))),
    everySeconds: hasLine || next.some((one) => one.isNameInFlight) ? renameSeconds : lookSeconds,
    depth: 1,
  });
}

/** Heartbeats come first: whatever else goes wrong, no state may time out for it. */
async function beatAll(parts: WatchParts, waits: Wait[], now: number): Promise<void> {
  const due = waits.filter((wait) => wait.token !== undefined && now - wait.beatenAt >= beatEveryMs);
  await inLanes(due, (wait) => safely(parts, wait.runId, () => beat(parts, wait)));
}

/** A token that refuses a heartbeat is dead: either a newer one is out, or the execution has ended. */
async function beat(parts: WatchParts, wait: Wait): Promise<void> {
  if (wait.token === undefined) return;
  if (await parts.executions.beat(wait.token)) return parts.runs.beaten(wait.runId, wait.token, parts.clock.now());
  const run = await parts.runs.load(wait.runId);
  if (run === undefined || isClosed(run)) return parts.runs.endWait(wait.runId, wait.token);
  await checkExecution(parts, run);
}

/** A card that shows an older version than the record is driven again, however often that takes; in line it has its turn. */
async function driveCards(parts: WatchParts, waits: Wait[]): Promise<void> {
  const now = parts.clock.now();
  const open = await parts.runs.open();
  const waiting = new Set(waits.map((wait) => wait.runId));
  const cards = await parts.runs.cards(open.map((run) => run.id));
  await inLanes(open, (run) =>
    safely(parts, run.id, async () => {
      // Whoever wrote the record died before the wait: nobody who is open is without one.
      const isForgotten = !isClosed(run) && run.status !== 'needs-help' && !waiting.has(run.id);
      if (isForgotten && now - run.request.at > graceMs) await parts.runs.lookAt(run.id, now);
      const card = cards.get(run.id);
      if (card?.isInLine) return;
      const isBehind = (card?.version ?? 0) < run.version;
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
