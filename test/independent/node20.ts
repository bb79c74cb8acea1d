/**
 * What the interpreter takes for granted and Node.js 20 lacks, and one limit of Node's timers: longer than 24.8 days
 * they ring at once (Node.js: setTimeout), and the states' time limit, a net, is 30.
 */
export {};

interface Promises {
  withResolvers?: () => { promise: Promise<unknown>; resolve(value: unknown): void; reject(reason: unknown): void };
}

(Promise as Promises).withResolvers ??= () => {
  let settle: Omit<ReturnType<NonNullable<Promises['withResolvers']>>, 'promise'> | undefined;
  const promise = new Promise<unknown>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('A promise calls its executor at once.');
  return { promise, ...settle };
};

const longestMs = 2 ** 31 - 1;
const timer = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (run: () => void, ms?: number, ...rest: []) => timer(run, Math.min(ms ?? 0, longestMs), ...rest),
  timer,
);
