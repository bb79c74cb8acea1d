import * as z from 'zod';

/** What an audit entry can tell of. */
export const auditWords = [
  'requested',
  'planned',
  'plan-changed',
  'approved',
  'denied',
  'swap-now',
  'glass-broken',
  'reminded',
  'step-done',
  'step-undone',
  'stopped',
  'finished',
  'kept-longer',
  'released',
  'needs-help',
  'lock-released',
  'closed',
  'refused',
  'frozen',
  'unfrozen',
] as const;

/** One entry of an audit trail: who, what, when, from where, on which plan, and what it was before and after. */
export const AuditEvent = z.object({
  at: z.number(),
  what: z.enum(auditWords),
  /** A person's Slack id, or `aws`; absent: Trapheus itself. */
  by: z.string().optional(),
  /** As whom this person was let in. */
  as: z.array(z.string()).optional(),
  /** The Slack channel from which it came. */
  from: z.string().optional(),
  /** The plan that it was decided on. */
  planHash: z.string().optional(),
  step: z.string().optional(),
  detail: z.string().optional(),
  /** Resource ids under the name before and after. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** Over this entry and the seal of the one before. */
  seal: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
