import { every } from '../../../infra/local/schedule';
import { loopback, noon } from './loopback';

const minute = 60_000;

describe('a schedule', () => {
  test('runs at every full minute of virtual time until it is stopped', async () => {
    const { clock } = loopback();
    await clock.advance(10_000);
    const runs: number[] = [];
    const schedule = every(clock, minute, () => runs.push(clock.now()));
    await clock.advance(3 * minute);
    expect(runs).toEqual([noon + minute, noon + 2 * minute, noon + 3 * minute]);
    schedule.stop();
    await clock.advance(3 * minute);
    expect(runs).toHaveLength(3);
  });

  test('goes on after a turn that failed', async () => {
    const { clock } = loopback();
    let turns = 0;
    every(clock, minute, () => {
      turns += 1;
      if (turns === 1) throw new Error('the first turn fails');
    });
    await expect(clock.advance(minute)).rejects.toThrow('the first turn fails');
    await clock.advance(minute);
    expect(turns).toBe(2);
  });
});
