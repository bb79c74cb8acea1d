import type { Databases } from './ports';

/** What only reads. Whatever else there is, or will be, may change something. */
const reads: ReadonlySet<string | symbol> = new Set<keyof Databases>([
  'find',
  'byResourceId',
  'prefetch',
  'complete',
  'sight',
  'snapshotsOf',
  'snapshot',
  'ownerElsewhere',
  'sharedSnapshots',
  'room',
  'proxiesOf',
  'restorable',
  'impossible',
  'compare',
]);

/** The same databases; before each call that may change something, `before` has come to its end. */
export function beforeActs(databases: Databases, before: () => Promise<void>): Databases {
  return new Proxy(databases, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (reads.has(name)) return method.bind(target) as unknown;
      return async (...given: unknown[]): Promise<unknown> => {
        await before();
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });
}
