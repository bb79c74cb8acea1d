import { refused } from '../errors';
import type { PolicyRule } from '../policy';

/** A request says why. */
export const reason: PolicyRule = ({ reason }) => (reason.trim() === '' ? refused('reason-missing') : { ok: true });
