import { Drive, type DriveOptions } from '../stories/drive';
import { brief, withShortLimits } from './brief';
import type { Verdict } from './checker';
import { type Journal, keepJournal, type Subject } from './journal';
import { overWith, verdict } from './play';
import { asked, during } from './stories';

/** A sandbox in which somebody does what no story tells, and the journal that the checker reads in the end. */
export interface Scene {
  drive: Drive;
  journal: Journal;
}

export async function opened(subject: Subject, options: DriveOptions = {}): Promise<Scene> {
  const drive = await Drive.start({ ...brief(), ...options });
  return { drive, journal: keepJournal(drive, subject) };
}

/** Lets the run end. */
export async function judged({ drive, journal }: Scene, run: string): Promise<Verdict> {
  await withShortLimits(() => overWith(drive, run));
  return verdict(drive, run, journal);
}

/** Asked for and approved; nothing has happened since. */
export async function agreed({ drive, journal }: Scene): Promise<string> {
  const run = await asked(drive, journal.subject);
  await during(drive, run, (one) => one.status === 'waiting');
  await drive.click('ben', run, 'approve');
  return run;
}
