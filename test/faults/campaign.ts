import { type Case, faultsAt, nameOf } from './cases';
import { judge, play } from './play';
import { randomFrom } from './random';
import { stories } from './stories';

/** What was tried, and what did not hold. */
export interface Result {
  tried: number;
  /** Of how many that there are. */
  of: number;
  failures: string[];
}

type Calls = Awaited<ReturnType<typeof play>>['calls'];
const references = new Map<string, Promise<Calls>>();

/** The calls of a story in which nothing fails. */
export function referenceOf(story: string): Promise<Calls> {
  const known = references.get(story) ?? play(story, []).then(({ calls }) => calls);
  references.set(story, known);
  return known;
}

/** Every fault at every call of a story, in the order of the calls. */
export async function singles(story: string): Promise<Case[]> {
  const calls = await referenceOf(story);
  return calls.flatMap((call, index) => faultsAt(call, index + 1).map((fault) => ({ story, faults: [fault] })));
}

/** Two faults of one whole run, both chosen by the seed: the second may lie where the first has sent the run. */
export async function pair(seed: number): Promise<Case> {
  const random = randomFrom(seed);
  const story = stories[random(stories.length)]?.name ?? 'restore';
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
  const first = one();
  const second = one();
  // Beyond the first fault the run may take another way, so the second takes whatever call comes to its number.
  const wild = { ...second, operation: undefined };
  return { story, faults: first.at < second.at ? [first, wild] : [second, { ...first, operation: undefined }] };
}

export async function tryAll(cases: Iterable<Case>, of: number, tell: (line: string) => void): Promise<Result> {
  const result: Result = { tried: 0, of, failures: [] };
  for (const one of cases) {
    result.tried += 1;
    const broken = await judge(one).catch((error: unknown) => [`it cannot be played: ${String(error)}`]);
    if (broken.length === 0) continue;
    const failure = `${broken.join('; ')}\n  replay: npm run test:faults -- --case '${nameOf(one)}'`;
    result.failures.push(failure);
    tell(failure);
  }
  return result;
}

/** Every `every`-th case, from the one of `turn`: as many turns as `every` try them all. */
export function share(cases: readonly Case[], every: number, turn: number): Case[] {
  return cases.filter((_, index) => index % every === turn % every);
}
