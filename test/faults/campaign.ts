import { type Case, faultsAt, nameOf } from './cases';
import type { Subject } from './journal';
import { type Call, callsOf, tried } from './play';
import { randomFrom } from './random';
import { stories, storyNamed } from './stories';

/** Instance and cluster, in place and as a clone. */
const mainPlays = ['restore', 'clone', 'cluster', 'cluster-clone'];

/** What was tried, and what did not hold. */
export interface Result {
  tried: number;
  /** Of how many that there are. */
  of: number;
  /** In how many of them every fault was met. A run that a first fault has sent another way may never meet the second. */
  met: number;
  failures: string[];
}

const references = new Map<string, Promise<Call[]>>();

/** One after another: a sandbox tells its functions by the environment where the services are. */
let playing: Promise<unknown> = Promise.resolve();

/** The calls of a story in which nothing fails. */
export function referenceOf(story: string): Promise<Call[]> {
  const known = references.get(story);
  if (known) return known;
  const made = playing.then(() => callsOf(story));
  playing = made.catch(() => undefined);
  references.set(story, made);
  return made;
}

/** Every fault at every call of a story, in the order of the calls. */
export async function singles(story: string): Promise<Case[]> {
  const calls = await referenceOf(story);
  return calls.flatMap((call, index) => faultsAt(call, index + 1).map((fault) => ({ story, faults: [fault] })));
}

/**
 * Every fault at every site: of the calls that differ in nothing but the time the first, and of stories about one
 * database the sites that no story before has.
 */
export async function siteSingles(story: string): Promise<Case[]> {
  const known = new Set<string>();
  const { subject } = storyNamed(story);
  for (const other of stories.slice(
    0,
    stories.findIndex((one) => one.name === story),
  ))
    if (other.subject.kind === subject.kind && isSameWay(other.subject, subject))
      for (const { site } of await referenceOf(other.name)) known.add(site);
  const calls = await referenceOf(story);
  return calls.flatMap((call, index) => {
    if (known.has(call.site)) return [];
    known.add(call.site);
    return faultsAt(call, index + 1).map((fault) => ({ story, faults: [fault] }));
  });
}

/** Up to where people say something else, such runs are the same. */
const isSameWay = (a: Subject, b: Subject): boolean =>
  (a.name === a.database) === (b.name === b.database) && a.keepsWrites === b.keepsWrites;

/** The main plays come up three times as often as the others, which go most of the way with them. */
const weighted = stories.flatMap(({ name }) => (mainPlays.includes(name) ? [name, name, name] : [name]));

/** What a pair of faults is played in. */
export function storyOf(seed: number): string {
  return weighted[randomFrom(seed)(weighted.length)] ?? 'restore';
}

/** Two faults of one whole run, both chosen by the seed: the second may lie where the first has sent the run. */
export async function pair(seed: number): Promise<Case> {
  const story = storyOf(seed);
  const random = randomFrom(seed);
  random(weighted.length); // The story's own.
  const calls = await referenceOf(story);
  const one = () => {
    const at = random(calls.length);
    const call = calls[at];
    if (call === undefined) throw new Error(`${story} makes no call`);
    const faults = faultsAt(call, at + 1);
    const fault = faults[random(faults.length)];
    if (fault === undefined) throw new Error(`call ${at + 1} of ${story} meets no fault`);
    return fault;
  };
  const [first, second] = [one(), one()].sort((a, b) => a.at - b.at);
  if (first === undefined || second === undefined) throw new Error('two are two');
  // Beyond the first fault the run may take another way, so the second takes the next call like it.
  const { at: from, ...next } = second;
  return { story, faults: [first, { ...next, from }] };
}

/** `progress` is told now and then how far it is; `tell` only what did not hold. */
export async function tryAll(
  cases: Iterable<Case>,
  of: number,
  tell: (line: string) => void,
  progress: (line: string) => void = () => undefined,
): Promise<Result> {
  const result: Result = { tried: 0, of, met: 0, failures: [] };
  for (const one of cases) {
    result.tried += 1;
    if (result.tried % progressEvery === 0) progress(`  … ${result.tried} of ${of}`);
    const { broken, missed } = await tried(one).catch((error: unknown) => ({
      broken: [`it cannot be played: ${String(error)}`],
      missed: one.faults,
    }));
    if (missed.length === 0) result.met += 1;
    // Up to the first fault nothing differs from the reference run: who does not meet it has proven nothing.
    if (missed.some((fault) => fault === one.faults[0])) broken.push('the fault was never met');
    if (broken.length === 0) continue;
    const failure = `${broken.join('; ')}\n  replay: npm run test:faults -- --case '${nameOf(one)}'`;
    result.failures.push(failure);
    tell(failure);
  }
  return result;
}

const progressEvery = 20;

/** What a test has tried, beside what the runner says. */
export function told(title: string, result: Result): void {
  process.stdout.write(`${summaryOf(title, result)}\n`);
}

export function summaryOf(title: string, { tried, of, met, failures }: Result): string {
  const failed = failures.length === 0 ? '' : `, ${failures.length} did not`;
  return `${title}: ${tried} of ${of} tried, every fault met in ${met}, ${tried - failures.length} held${failed}`;
}

/** Every `every`-th case, from the one of `turn`: as many turns as `every` try them all. */
export function share(cases: readonly Case[], every: number, turn: number): Case[] {
  return cases.filter((_, index) => index % every === turn % every);
}
