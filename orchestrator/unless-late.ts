/**
 * Waits for work that comes right without us (a lost tick, an execution that the watcher starts) only as long as somebody
 * waits for us. Rejects as the work does while there is time. `late`: settles when there is no more; absent: no limit.
 */
export async function unlessLate(work: Promise<unknown>, late: (() => Promise<void>) | undefined): Promise<void> {
  if (late === undefined) return void (await work);
  work.catch(() => undefined);
  await Promise.race([work, late()]);
}
