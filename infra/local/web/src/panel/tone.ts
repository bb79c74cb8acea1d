import type { Execution, Visit } from '../sandbox/wire';
import type { Tone } from '../ui/status';

/** RDS says more than forty statuses; what people need to know is whether it serves, works or has failed. */
export function toneOf(status: string): Tone {
  if (status === 'available') return 'good';
  if (/^(failed|incompatible|inaccessible|restore-error|storage-full)/.test(status)) return 'bad';
  if (status === 'stopped') return 'quiet';
  return 'busy';
}

export const executionTones: Record<Execution['status'], Tone> = {
  RUNNING: 'busy',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  ABORTED: 'bad',
  TIMED_OUT: 'bad',
};

export const visitWords: Record<Visit['outcome'], { word: string; tone: Tone }> = {
  running: { word: 'running', tone: 'busy' },
  succeeded: { word: 'done', tone: 'good' },
  caught: { word: 'stopped', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
  aborted: { word: 'aborted', tone: 'bad' },
  'timed-out': { word: 'timed out', tone: 'bad' },
};

const runTones: Record<string, Tone> = {
  requested: 'busy',
  running: 'busy',
  waiting: 'wait',
  stopping: 'busy',
  succeeded: 'good',
  denied: 'quiet',
  expired: 'quiet',
  cancelled: 'quiet',
  undone: 'good',
  failed: 'bad',
  'needs-help': 'bad',
};

export const runTone = (status: string): Tone => runTones[status] ?? 'quiet';

/** db-3A8D…5E: enough to tell two databases apart that have had the same name. */
export const shortId = (resourceId: string): string =>
  resourceId.length <= 12 ? resourceId : `${resourceId.slice(0, 7)}…${resourceId.slice(-3)}`;
