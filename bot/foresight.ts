import * as z from 'zod/mini';
import { runIdPattern } from '../orchestrator/names';
import type { Databases, Freezes, Inventory, Runs } from '../orchestrator/ports';
import { Source, subjectOf, Target } from '../orchestrator/wish';
import { readPlanValue } from './buttons';
import { recent } from './interactions/home';
import { readForm, restoreFormId } from './views/restore-form';

/** What is older was asked for another request. */
const freshMs = 3000;

interface Seers {
  runs: Pick<Runs, 'load' | 'lockOf' | 'open' | 'recent'>;
  freezes: Pick<Freezes, 'current'>;
  databases: Pick<Databases, 'find' | 'snapshotsOf'>;
  inventory: Pick<Inventory, 'list'>;
}

/** Names of the reads that may begin early. Writes never do: they are conditional on what these answered. */
const reads: readonly string[] = [
  'load',
  'lockOf',
  'open',
  'recent',
  'current',
  'find',
  'snapshotsOf',
  'list',
] satisfies (keyof Seers['runs'] | keyof Seers['freezes'] | keyof Seers['databases'] | keyof Seers['inventory'])[];

/** Reads that never begin early, and change nothing; whatever else an adapter does is taken for a write. */
const otherReads: readonly string[] = [
  'ofDatabase',
  'refusals',
  'byResourceId',
  'snapshot',
  'sharedSnapshots',
  'restorable',
  'used',
];

/**
 * Reads that a request is going to need, begun while it is still being asked who sent it: Slack's three seconds are a few
 * calls long. Each answer is used once; whoever reads again asks again.
 */
export class Foresight {
  readonly #answers = new Map<string, { answer: Promise<unknown>; until: number }>();
  readonly #wall: () => number;

  /** `wall`: milliseconds. */
  constructor(wall: () => number) {
    this.#wall = wall;
  }

  /** The same adapter, whose reads may have begun already. */
  over<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const call = (...input: unknown[]): unknown => Reflect.apply(member, target, input);
        if (typeof name !== 'string' || otherReads.includes(name)) return call;
        if (!reads.includes(name))
          return (...input: unknown[]) => {
            // What was read before a write says nothing about what is there after it.
            this.#answers.clear();
            return call(...input);
          };
        return (...input: unknown[]) => this.#take([name, ...input].join(' ')) ?? call(...input);
      },
    });
  }

  /** Begins them; a signed request's payload, of whatever kind. Throws nothing. */
  begin({ runs, freezes, databases, inventory }: Seers, payload: unknown): void {
    this.#answers.clear();
    const { run, asked, isHome, isLine } = readNeeds(payload);
    const ask = (name: string, input: (string | number)[], answer: Promise<unknown>): void => {
      // Whoever asks in earnest is told what went wrong.
      answer.catch(() => undefined);
      this.#answers.set([name, ...input].join(' '), { answer, until: this.#wall() + freshMs });
    };
    if (isHome || isLine || asked !== undefined) ask('list', [], inventory.list());
    if (isHome || isLine) ask('open', [], runs.open());
    if (isHome) ask('recent', [recent], runs.recent(recent));
    if (run !== undefined) ask('load', [run], runs.load(run));
    ask('current', [], freezes.current());
    if (asked === undefined) return;
    const subject = subjectOf(asked);
    for (const name of new Set([subject, asked.database])) ask('find', [name], databases.find(name));
    ask('lockOf', [subject], runs.lockOf(subject));
    if (asked.source.kind === 'newest') ask('snapshotsOf', [asked.database], databases.snapshotsOf(asked.database));
  }

  #take(key: string): Promise<unknown> | undefined {
    const kept = this.#answers.get(key);
    this.#answers.delete(key);
    return kept && this.#wall() < kept.until ? kept.answer : undefined;
  }
}

const Payload = z.object({
  actions: z.optional(z.array(z.object({ value: z.optional(z.string()) }))),
  view: z.nullish(
    z.object({
      private_metadata: z.optional(z.string()),
      callback_id: z.optional(z.string()),
      state: z.optional(z.unknown()),
    }),
  ),
  command: z.optional(z.string()),
  event: z.optional(z.object({ type: z.string() })),
});
const Request = z.object({ database: z.string(), source: Source, target: Target });

/** What a request is about, as far as it says so itself: what it carries is checked again by whoever acts on it. */
function readNeeds(payload: unknown) {
  const read = Payload.safeParse(payload);
  if (!read.success) return { isHome: false, isLine: false };
  const { actions, view, event, command } = read.data;
  const carried = actions ? (actions[0]?.value ?? '') : (view?.private_metadata ?? '');
  const { run } = readPlanValue(carried);
  const isHome = event?.type === 'app_home_opened';
  return {
    ...(runIdPattern.test(run) ? { run } : {}),
    ...(!actions && view && { asked: view.callback_id === restoreFormId ? typed(view.state) : readRequest(carried) }),
    isHome,
    isLine: command !== undefined,
  };
}

const Typed = z.object({ values: z.unknown() });

/** What the form asks for, as far as it is filled in. */
function typed(state: unknown): z.infer<typeof Request> | undefined {
  try {
    const { database, snapshot = 'newest', target, name } = readForm(Typed.parse(state).values);
    const source = { kind: snapshot === 'newest' ? 'newest' : 'now' };
    return Request.safeParse({ database, source, target: { kind: target, ...(target !== 'replace' && { name }) } })
      .data;
  } catch {
    return undefined;
  }
}

function readRequest(carried: string): z.infer<typeof Request> | undefined {
  try {
    const read = Request.safeParse(JSON.parse(carried));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
