import { playPairs } from './pairs';

/** Half of the seeds are here, half in pairs.test.ts, so that two processors share the work. */
playPairs(101);
