import * as z from 'zod/mini';

/** What an audit entry can tell of. */
export const auditWords = [
  'requested',
  'planned',
  'plan-changed',
  'approved',
  'denied',
  'swap-now',
  'started-early',
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
  by: z.optional(z.string()),
  /** As whom this person was let in. */
  as: z.optional(z.array(z.string())),
  /** The Slack channel from which it came. */
  from: z.optional(z.string()),
  /** The plan that it was decided on. */
  planHash: z.optional(z.string()),
  step: z.optional(z.string()),
  detail: z.optional(z.string()),
  /** Resource ids under the name before and after. */
  before: z.optional(z.string()),
  after: z.optional(z.string()),
  /** Over this entry and the seal of the one before. */
  seal: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
