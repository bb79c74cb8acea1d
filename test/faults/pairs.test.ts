import { playPairs } from './pairs';

/** Half of them here and half in more-pairs.test.ts, so that two processors share the work. */
playPairs(1);
