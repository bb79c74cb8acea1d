import * as z from 'zod/mini';
import { runIdPattern } from '../orchestrator/names';
import type { Databases, Freezes, Inventory, OwnSnapshots, Runs } from '../orchestrator/ports';
import { Source, subjectOf, Target } from '../orchestrator/wish';
import { buttons, readPlanValue } from './buttons';
import { unfreezeFormId } from './views/freeze-form';
import { recentAtMost } from './views/home';
import { readForm, restoreFormId } from './views/restore-form';

interface Seers {
  runs: Pick<Runs, 'load' | 'lockOf' | 'listed' | 'refusals'>;
  freezes: Pick<Freezes, 'current'>;
  databases: Pick<Databases, 'find' | 'snapshotsOf' | 'snapshot'>;
  snapshots: Pick<OwnSnapshots, 'ofDatabase'>;
  inventory: Pick<Inventory, 'list'>;
}

type Ask = (name: string, input: (string | number)[], answer: Promise<unknown>) => void;

/**
 * Reads that the request for which a function was started is going to need, begun while it is still being asked who sent
 * it: of Slack's three seconds the start has left the time of a few calls. Nothing is ever written early. Each answer is
 * used once and for this request only: whoever reads again asks again, and a guess that was wrong has cost a read. A
 * function answers one request at a time (AWS Lambda: Understanding function scaling); should another one come all the
 * same, what was begun for the first is forgotten.
 */
export class Foresight {
  readonly #begun = new Map<string, Promise<unknown>>();
  #isWarm = false;

  /** The same adapter, whose reads may have begun already. */
  over<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...input: unknown[]): unknown =>
          this.#take(keyOf(String(name), input)) ?? Reflect.apply(member, target, input);
      },
    });
  }

  /** Begins them for `work`, which answers a signed request with this payload. */
  async of<T>(seers: Seers, payload: unknown, work: () => Promise<T>): Promise<T> {
    const isFirst = !this.#isWarm;
    this.#isWarm = true;
    if (this.#begun.size > 0) this.#begun.clear();
    if (!isFirst) return work();
    try {
      begin(seers, payload, (name, input, answer) => {
        // Whoever asks in earnest is told what went wrong.
        answer.catch(() => undefined);
        this.#begun.set(keyOf(name, input), answer);
      });
    } catch {
      // What cannot be read is refused by whoever has to.
    }
    try {
      return await work();
    } finally {
      this.#begun.clear();
    }
  }

  #take(key: string): Promise<unknown> | undefined {
    const answer = this.#begun.get(key);
    if (answer !== undefined) this.#begun.delete(key);
    return answer;
  }
}

const keyOf = (name: string, input: unknown[]): string => [name, ...input].join(' ');

function begin({ runs, freezes, databases, inventory, snapshots }: Seers, payload: unknown, ask: Ask): void {
  const { run, asked, isHome, needsNames, needsFreeze } = needsOf(payload);
  if (needsNames) ask('list', [], inventory.list());
  if (needsFreeze) ask('current', [], freezes.current());
  if (isHome) {
    ask('listed', ['open'], runs.listed('open'));
    ask('listed', ['past', recentAtMost], runs.listed('past', recentAtMost));
  }
  if (run !== undefined) {
    ask('load', [run], runs.load(run));
    // Should it be refused, that is written behind the refusals before it.
    ask('refusals', [run], runs.refusals(run));
  }
  if (asked === undefined) return;
  const { database, source } = asked;
  const subject = subjectOf(asked);
  for (const name of new Set([subject, database])) ask('find', [name], databases.find(name));
  ask('lockOf', [subject], runs.lockOf(subject));
  ask('ofDatabase', [database], snapshots.ofDatabase(database));
  if (source.kind === 'newest') ask('snapshotsOf', [database], databases.snapshotsOf(database));
  if (source.kind === 'snapshot') ask('snapshot', [source.snapshot], databases.snapshot(source.snapshot));
}

const Payload = z.object({
  type: z.optional(z.string()),
  actions: z.optional(z.array(z.object({ action_id: z.optional(z.string()), value: z.optional(z.string()) }))),
  view: z.nullish(
    z.object({
      private_metadata: z.optional(z.string()),
      callback_id: z.optional(z.string()),
      state: z.optional(z.object({ values: z.unknown() })),
    }),
  ),
  command: z.optional(z.string()),
  text: z.optional(z.string()),
  event: z.optional(z.object({ type: z.string(), tab: z.optional(z.string()) })),
});
const Asked = z.object({ database: z.string(), source: Source, target: Target });

interface Needs {
  run?: string;
  asked?: z.infer<typeof Asked>;
  isHome?: boolean;
  needsNames?: boolean;
  needsFreeze?: boolean;
}

/** What a request is about, as far as it says so itself: what it carries is checked again by whoever acts on it. */
function needsOf(payload: unknown): Needs {
  const read = Payload.safeParse(payload);
  if (!read.success) return {};
  const { type, actions, view, event, command, text = '' } = read.data;
  const [pressed] = actions ?? [];
  const carried = actions ? (pressed?.value ?? '') : (view?.private_metadata ?? '');
  const { run } = readPlanValue(carried);
  const form = type === 'view_submission' ? view?.callback_id : undefined;
  const isFirstPage = form === restoreFormId;
  const asked = isFirstPage ? typed(view?.state?.values) : form === undefined ? undefined : parsed(carried);
  const isHome = event?.type === 'app_home_opened' && event.tab === 'home';
  // One word names no database and no run.
  const isLine = command !== undefined && /\S\s+\S/.test(text);
  const isMenu = type === 'block_suggestion';
  return {
    ...(runIdPattern.test(run) && { run }),
    ...(asked && { asked }),
    isHome,
    needsNames: isHome || isLine || isMenu || isFirstPage || pressed?.action_id === buttons.requestAgain,
    needsFreeze: isLine || asked !== undefined || form === unfreezeFormId,
  };
}

/** What the form asks for, as far as it is filled in. */
function typed(values: unknown): z.infer<typeof Asked> | undefined {
  const { database, snapshot = 'newest', target, name } = readForm(values);
  const source = { kind: snapshot === 'newest' ? 'newest' : 'now' };
  return Asked.safeParse({ database, source, target: { kind: target, ...(target !== 'replace' && { name }) } }).data;
}

function parsed(carried: string): z.infer<typeof Asked> | undefined {
  if (!carried.startsWith('{')) return undefined;
  try {
    return Asked.safeParse(JSON.parse(carried)).data;
  } catch {
    return undefined;
  }
}
