import { ancestors } from './ancestor';
import { dollars, type Kind, type Timeline } from './assumptions';
import { mean } from './table';

/** 40 starts, each with RDS a little slower: as the ancestor's own code was played, to be compared with. */
function played(restoreSeconds: number, renameSeconds: number, kind: Kind = 'instance') {
  const starts = Array.from({ length: 40 }, (_, index): { timeline: Timeline; startSeconds: number } => ({
    timeline: {
      snapshotSeconds: 300 + index,
      restoreSeconds: restoreSeconds + index,
      renameSeconds: renameSeconds + index / 2,
      deleteSeconds: 300 + index,
    },
    startSeconds: 0,
  }));
  const runs = ancestors(starts, false, kind);
  const of = (figure: (run: (typeof runs)[number]) => number) => mean(runs.map(figure));
  return {
    succeeded: runs.filter((run) => run.succeeded).length,
    makespan: of((run) => run.endedAt),
    outage: of((run) => run.outageSeconds),
    transitions: Math.round(of((run) => run.bill.transitions)),
    invocations: Math.round(of((run) => run.bill.invocations)),
    lambdaSeconds: of((run) => run.lambdaSeconds),
    describes: of((run) => run.describes),
    dollars: of((run) => dollars(run.bill)) * 1000,
  };
}

/** Within three in a hundred, or another share. */
const near = (value: number, share = 0.03) => ({
  asymmetricMatch: (actual: number) => Math.abs(actual - value) <= value * share,
  toString: () => `about ${value}`,
});

describe('the ancestor, re-stated, is what its own code came to on the same timelines', () => {
  test('a restore of 20 minutes', () => {
    expect(played(1200, 120)).toMatchObject({
      succeeded: 40,
      makespan: near(2089),
      outage: near(1375),
      transitions: 23,
      invocations: 14,
      lambdaSeconds: near(2003),
      dollars: near(3.92),
    });
  });

  test('a restore of 5 minutes', () => {
    expect(played(300, 120)).toMatchObject({
      succeeded: 40,
      makespan: near(1190),
      outage: near(475),
      transitions: 22,
      invocations: 13,
      lambdaSeconds: near(1114),
      dollars: near(2.41),
    });
  });

  test('a restore of two hours fails, and the name is gone for as long as RDS needs', () => {
    expect(played(7200, 120)).toMatchObject({
      succeeded: 0,
      makespan: near(5657),
      outage: near(7375),
      transitions: 27,
      invocations: 18,
      lambdaSeconds: near(5271),
      dollars: near(9.46),
    });
  });

  test('a rename of ten minutes fails, and the name never comes back', () => {
    expect(played(1200, 600)).toMatchObject({
      succeeded: 0,
      makespan: near(523),
      outage: Number.POSITIVE_INFINITY,
      transitions: 20,
      invocations: 12,
    });
  });

  test('a cluster of two members', () => {
    expect(played(1200, 120, 'cluster')).toMatchObject({
      succeeded: 40,
      outage: near(1395),
      makespan: near(2172, 0.04),
      dollars: near(4.05),
    });
    expect(played(7200, 120, 'cluster')).toMatchObject({ succeeded: 0, outage: near(7395) });
  });

  test('a thousand at once: fewer than half of them succeed', () => {
    const plain = { snapshotSeconds: 300, restoreSeconds: 1200, renameSeconds: 120, deleteSeconds: 300 };
    const starts = Array.from({ length: 1000 }, (_, index) => ({ timeline: plain, startSeconds: index * 0.06 }));
    const succeeded = ancestors(starts, true).filter((run) => run.succeeded).length;

    expect(succeeded).toBeLessThan(600);
    expect(succeeded).toBeGreaterThan(350);
  });
});
