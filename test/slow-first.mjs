import { statSync } from 'node:fs';

/** What takes longest, longest first; everything else after it, larger files first. */
const slow = [
  'faults/clusters',
  'faults/instances',
  'faults/scenarios',
  'infra/local/demo',
  'infra/bundling/shipped',
  'stories/failures',
  'ancestor',
  'infra/stack',
  'infra/local/main',
  'stories/clusters',
  'stories/keep-writes',
  'stories/whole',
];

/** Two workers end together only if neither begins a long file last; on a new clone Jest does not know which are long. */
export default class SlowFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const at = slow.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? slow.length : at;
    };
    const ranked = tests.map((test) => ({ test, rank: rank(test), size: statSync(test.path).size }));
    return ranked.sort((a, b) => a.rank - b.rank || b.size - a.size).map(({ test }) => test);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
