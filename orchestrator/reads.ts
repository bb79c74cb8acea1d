import type { Run } from './run';
import { subjectOf } from './wish';

/** Of a name that is to be looked up, among what is read for everybody at once. */
export const named = (name: string): string => `name:${name}`;

/**
 * All that the next look of a run may read of RDS: names while no resource is known, resource ids and snapshots. For a
 * look that was put off, so that it is read together with what others need.
 */
export function readsOf({ request, plan, facts }: Run): string[] {
  const { original, copy } = facts;
  const source = plan?.source ?? request.source;
  const names = [
    ...(original ? [] : [request.database, subjectOf(request)]),
    ...(plan && !copy ? [plan.names.copy] : []),
  ];
  const ids = [
    ...[original?.resourceId ?? plan?.model.resourceId, copy?.resourceId],
    ...(copy || source.kind !== 'snapshot' ? [] : [source.snapshot]),
    ...(copy ? [] : (plan?.snapshots ?? []).map(({ id }) => id)),
  ];
  return [...new Set([...names.map(named), ...ids.flatMap((id) => id ?? [])])];
}
