import { endedOutside } from './close';
import { executionKey, runIdFor } from './names';
import { checkExecution, type Performed, type PerformParts, perform } from './perform';
import type { Inventory, Tick, Ticks, Wait } from './ports';
import { executionName, isClosed, type Run } from './run';
import { idleSeconds, lookSeconds, renameSeconds } from './step';

/** A state waits 300 seconds for a heartbeat: two lost beats are no accident yet. */
const beatEveryMs = 100_000;
/** Ticks that come closer together than this are one. */
const tickGapMs = 2_000;
/** RDS describes up to a hundred databases at once (DescribeDBInstances, MaxRecords). */
const describedAtOnce = 100;
/** RDS takes about a hundred calls between two ticks, and not every look makes one. */
const actsAtOnce = 4 * describedAtOnce;
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
  const every = tick.kind === 'look' ? tick.every : undefined;
  // A look ends a little after its tick, and is due again just as long after the next tick of the row.
  const soon = now + (every ?? lookSeconds) * 500;
  const waits = await parts.runs.due(isMinute ? Number.MAX_SAFE_INTEGER : soon);
  const isFor = (wait: Wait) => wait.nextLookAt <= soon && (every === undefined || rowOf(wait) <= every);
  const ripe = waits.filter(isFor);
  // Rows of ticks are planned; RDS events come as they like, and many at once.
  const isPlanned = isMinute || every !== undefined;
  const mayLook = isPlanned || (await mayPullForward(parts, ripe, now));
  const inLine = (await safely(parts, 'all', () => parts.runs.cardsInLine(cardsAtOnce))) ?? [];
  if (inLine.length > 0 && (await parts.runs.claimTick(now, tickGapMs)))
    await inLanes(inLine, (run) => safely(parts, run, () => parts.runs.touch(run)));
  if (isMinute) {
    await beatAll(parts, waits, now);
    // Before anybody looks: what this tick's own looks will write is shown by its own stream record.
    await safely(parts, 'all', () => driveCards(parts, waits));
  }
  const due = mayLook ? await awake(parts, ripe, now) : [];
  const ordered = inOrder(parts, due);
  const crowd = waits.filter((wait) => wait.isNameInFlight).length;
  const performed = new Map<string, Performed | undefined>();
  let refused = 0;
  await inLanes(ordered, async (wait) => {
    // RDS takes no more calls just now: whoever comes later is first at the next tick.
    if (refused >= lanes && !wait.isNameInFlight) return;
    const result = await safely(parts, wait.runId, () => perform(parts, wait.runId, holder, crowd));
    if (result?.state === 'waiting' && result.isPutOff) refused += 1;
    performed.set(wait.runId, result);
  });
  if (isMinute) return everyMinute(parts, waits, performed, inLine.length > 0);
  // Whoever is to be looked at more or less often than before needs another row for the rest of the minute.
  const changed = due.flatMap((wait) => {
    const result = performed.get(wait.runId);
    return result?.state === 'waiting' && rowOf(result) !== rowOf(wait) ? [result] : [];
  });
  await fillMinute(parts, depth, changed);
}

/** A hint is worth one call of RDS; when so many wait that it takes more, the row's next tick is soon enough. */
async function mayPullForward({ runs }: WatchParts, ripe: Wait[], now: number): Promise<boolean> {
  return ripe.length > 0 && ripe.length <= describedAtOnce && (await runs.claimTick(now, tickGapMs));
}

/** Reads what all of them watch with as few calls as possible, and leaves out whoever rests and sees nothing new. */
async function awake(parts: WatchParts, ripe: Wait[], now: number): Promise<Wait[]> {
  const { databases } = parts;
  if (ripe.length === 0) return [];
  const taken = atOnce(parts, ripe);
  const watched = [...new Set(taken.flatMap((wait) => wait.watching))];
  const isRead = await safely(parts, 'all', async () => {
    await databases.prefetch(watched);
    return true;
  });
  const isResting = ({ rest, watching }: Wait) =>
    rest !== undefined && now < rest.until && (!isRead || databases.sight(watching) === rest.sight);
  const awakened = taken.filter((wait) => !isResting(wait));
  // One by one they would take the calls that one read for all of them needs: a few only, who find out what is wrong.
  if (!isRead) return inOrder(parts, awakened).slice(0, lanes);
  await safely(parts, 'all', () => databases.complete([...new Set(awakened.flatMap((wait) => wait.watching))]));
  return awakened;
}

/**
 * Whoever rests costs a hundredth of a read, and whoever is between two renames comes first. Of all others only as many
 * as RDS can take calls for until the next tick, in the same order: reads for the rest would be in vain.
 */
function atOnce(parts: WatchParts, ripe: Wait[]): Wait[] {
  const isAlways = ({ rest, isNameInFlight }: Wait) => rest !== undefined || isNameInFlight;
  const others = ripe.filter((wait) => !isAlways(wait));
  const isTaken = new Set(inOrder(parts, others).slice(0, actsAtOnce));
  return ripe.filter((wait) => isAlways(wait) || isTaken.has(wait));
}

/** What the schedule's tick does at its end: the inventory, and the looks of the rest of its minute. */
async function everyMinute(
  parts: WatchParts,
  waits: Wait[],
  performed: Map<string, Performed | undefined>,
  hasLine: boolean,
): Promise<void> {
  const now = parts.clock.now();
  if (Math.floor(now / 60_000) % inventoryEveryMinutes === 0)
    await safely(parts, 'all', () => parts.inventory.refreshIfUsed(now));
  const next = waits.map((wait) => {
    const result = performed.get(wait.runId);
    return result?.state === 'waiting'
      ? { at: result.nextAt, every: rowOf(result) }
      : { at: wait.nextLookAt, every: rowOf(wait) };
  });
  // Cards in line are taken up in the same quick row as names in flight.
  const line = hasLine ? [{ at: now, every: renameSeconds }] : [];
  await sendLooks(parts, [...next, ...line], { depth: 1, extends: true });
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
  parts: Pick<WatchParts, 'ticks' | 'runs' | 'clock'>,
  depth: number,
  performed: (Performed | undefined)[],
): Promise<void> {
  const waiting = performed.filter((one): one is Performed & { state: 'waiting' } => one?.state === 'waiting');
  if (depth >= maxDepth || waiting.length === 0) return;
  const looks = waiting.map((one) => ({ at: one.nextAt, every: rowOf(one) }));
  await sendLooks(parts, looks, { depth: depth + 1, extends: false });
}

/** The rows of ticks between two of the schedule's, by how often each comes; whoever needs neither has the schedule's. */
const rows = [renameSeconds, lookSeconds];

/** Of whoever waits: the row that looks at it, as often as it comes. */
const rowOf = ({ isNameInFlight, isBrief, isIdle }: Pacing): number =>
  isNameInFlight || isBrief ? renameSeconds : isIdle ? idleSeconds : lookSeconds;

type Pacing = Pick<Performed & { state: 'waiting' }, 'isNameInFlight' | 'isBrief' | 'isIdle'>;

/**
 * Delayed messages for the next minute: a row every eight seconds for everybody, and one every three seconds for names
 * in flight; none for whoever nobody waits for. What somebody has sent already is not sent again; the schedule's tick
 * `extends` it to a whole minute.
 */
async function sendLooks(
  parts: Pick<WatchParts, 'ticks' | 'runs' | 'clock'>,
  looks: { at: number; every: number }[],
  plan: { depth: number; extends: boolean },
): Promise<void> {
  const now = parts.clock.now();
  const until = now + 60_000;
  for (const every of rows) {
    const due = looks.filter((one) => one.every === every).map((one) => one.at);
    const firstSeconds = Math.max(every, Math.ceil((Math.min(...due) - now) / 1000));
    const from = now + firstSeconds * 1000;
    if (from >= until) continue;
    const needed = plan.extends ? until : from + 1;
    const sent = await parts.runs.planTicks(every, { from, until, needed });
    if (sent === undefined) continue;
    const ticks = [];
    for (let delaySeconds = firstSeconds; delaySeconds < 60; delaySeconds += spacing(every, due.length)) {
      const at = now + delaySeconds * 1000;
      if (at < sent.from || at >= sent.until)
        ticks.push({ tick: { kind: 'look', depth: plan.depth, every } as const, delaySeconds });
    }
    if (ticks.length > 0) await parts.ticks.send(ticks);
  }
}

/** One read shows a hundred: of more names in flight than that, each read is several calls, which their renames need. */
const spacing = (every: number, count: number): number =>
  every === renameSeconds && count > describedAtOnce ? 2 * every : every;

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

/**
 * RDS allows twelve calls a second per account and Region. Whoever is between two renames comes first, then whoever is
 * taken back, then whoever has the longest way to go: so the last of many is ready soonest.
 */
function inOrder({ stages }: WatchParts, waits: Wait[]): Wait[] {
  const places = new Map(stages.map(({ id }, index) => [id, index]));
  const placeOf = ({ isNameInFlight, phase, step = '' }: Wait): number =>
    isNameInFlight ? -2 : phase === 'undo' ? -1 : (places.get(step) ?? stages.length);
  return [...waits].sort((a, b) => placeOf(a) - placeOf(b));
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
