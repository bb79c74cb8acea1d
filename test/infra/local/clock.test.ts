import { VirtualClock } from '../../../infra/local/clock';

const second = 1000;
const hour = 3_600_000;

/** Lets real time pass, for what the clock does by itself. */
const real = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('events', () => {
  test('run in order of their due time, then of their making', async () => {
    const clock = new VirtualClock({ start: 0 });
    const order: string[] = [];
    clock.at(20, () => order.push('late'));
    clock.at(10, () => order.push('first'));
    clock.at(10, () => order.push('second'));
    clock.at(-5, () => order.push('overdue'));
    await clock.advance(30);
    expect(order).toEqual(['overdue', 'first', 'second', 'late']);
    expect(clock.now()).toBe(30);
  });

  test('an event that awaits something is finished before time moves on', async () => {
    const clock = new VirtualClock({ start: 0 });
    const seen: number[] = [];
    clock.after(10, async () => {
      await real(5);
      seen.push(clock.now());
    });
    clock.after(20, () => seen.push(clock.now()));
    await clock.advance(20);
    expect(seen).toEqual([10, 20]);
  });

  test('a cancelled event never runs; cancelling twice or after its turn is harmless', async () => {
    const clock = new VirtualClock({ start: 0 });
    let runs = 0;
    const cancelled = clock.after(10, () => (runs += 1));
    const late = clock.after(5, () => (runs += 1));
    cancelled.cancel();
    cancelled.cancel();
    await clock.advance(20);
    late.cancel();
    expect(runs).toBe(1);
    expect(clock.nextAt()).toBeUndefined();
  });

  test('thousands of cancelled deadlines leave the others where they were', async () => {
    const clock = new VirtualClock({ start: 0 });
    const order: number[] = [];
    const far = Array.from({ length: 5000 }, (_, at) => clock.after(hour + at, () => order.push(-1)));
    for (const at of [3, 1, 2]) clock.after(at, () => order.push(at));
    for (const timer of far) timer.cancel();
    await clock.advance(2 * hour);
    expect(order).toEqual([1, 2, 3]);
  });

  test('an event that fails rejects whoever lets time pass, and the clock goes on', async () => {
    const clock = new VirtualClock({ start: 0 });
    const seen: number[] = [];
    clock.after(10, () => {
      throw new Error('a mistake');
    });
    clock.after(20, () => seen.push(clock.now()));
    await expect(clock.advance(30)).rejects.toThrow('a mistake');
    await clock.advance(30);
    expect(seen).toEqual([20]);
  });
});

describe('runUntil', () => {
  test('stops right after the event that made the condition true', async () => {
    const clock = new VirtualClock({ start: 0 });
    let done = false;
    clock.after(10, () => {
      done = true;
    });
    clock.after(20, () => undefined);
    expect(await clock.runUntil(() => done, hour)).toBe(true);
    expect(clock.now()).toBe(10);
  });

  test('answers false at its limit, with the time passed', async () => {
    const clock = new VirtualClock({ start: 0 });
    expect(await clock.runUntil(() => false, hour)).toBe(false);
    expect(clock.now()).toBe(hour);
  });

  test('time stands still while a hold lasts, also one taken in between', async () => {
    const clock = new VirtualClock({ start: 0 });
    const seen: string[] = [];
    clock.after(10, () => {
      const release = clock.grab();
      void real(10).then(() => {
        seen.push(`released at ${clock.now()}`);
        release();
        release();
      });
    });
    clock.after(11, () => seen.push('next'));
    await clock.advance(20);
    expect(seen).toEqual(['released at 10', 'next']);
  });

  test('two who let time pass take turns', async () => {
    const clock = new VirtualClock({ start: 0 });
    await Promise.all([clock.advance(hour), clock.advance(hour)]);
    expect(clock.now()).toBe(2 * hour);
  });
});

describe('moving by itself', () => {
  test('virtual time passes at the pace that is asked for, and not while a call is in flight', async () => {
    const clock = new VirtualClock({ start: 0, pace: () => 1000 });
    clock.start();
    await real(20);
    const reached = clock.now();
    expect(reached).toBeGreaterThanOrEqual(20 * second - second);
    await clock.hold(async () => {
      const held = clock.now();
      await real(20);
      expect(clock.now()).toBe(held);
    });
    clock.stop();
    const stopped = clock.now();
    await real(5);
    expect(clock.now()).toBe(stopped);
  });

  test('an event runs when its time has come, and one that is added earlier wakes the clock', async () => {
    const clock = new VirtualClock({ start: 0, pace: () => 1000 });
    clock.start();
    clock.after(hour, () => undefined);
    const early = new Promise<number>((resolve) => clock.after(2 * second, () => resolve(clock.now())));
    expect(await early).toBeGreaterThanOrEqual(2 * second);
    clock.stop();
  });

  test('without an upper speed events follow each other at once, and time waits for the next one', async () => {
    const clock = new VirtualClock({ start: 0, pace: () => Number.POSITIVE_INFINITY });
    clock.start();
    expect(clock.now()).toBe(0);
    await new Promise<void>((resolve) => clock.after(30 * 24 * hour, () => resolve()));
    await real(2);
    expect(clock.now()).toBe(30 * 24 * hour);
    clock.stop();
  });

  test('at a pace of zero time stands still until the pace changes', async () => {
    let pace = 0;
    const clock = new VirtualClock({ start: 0, pace: () => pace });
    let ran = false;
    clock.after(second, () => {
      ran = true;
    });
    clock.start();
    await real(10);
    expect([clock.now(), ran]).toEqual([0, false]);
    pace = 1_000_000;
    clock.paceChanged();
    await real(20);
    expect(ran).toBe(true);
    clock.stop();
  });

  test('goes on at its pace after a jump', async () => {
    const clock = new VirtualClock({ start: 0, pace: () => 1000 });
    clock.start();
    await clock.advance(hour);
    const jumped = clock.now();
    expect(jumped).toBeGreaterThanOrEqual(hour);
    await real(20);
    expect(clock.now()).toBeGreaterThan(jumped + 10 * second);
    clock.stop();
  });

  test('stopped and started again it runs each event once', async () => {
    const clock = new VirtualClock({ start: 0, pace: () => 1000 });
    let runs = 0;
    clock.start();
    clock.stop();
    clock.start();
    clock.after(second, () => (runs += 1));
    await real(20);
    clock.stop();
    expect(runs).toBe(1);
  });
});
