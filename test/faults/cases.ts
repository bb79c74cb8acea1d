import type { Fault, FaultKind, ServiceName } from '../../infra/local/faults';
import type { CallRecord } from '../../infra/local/service';

/** One fault at one call of a story's reference run. */
export interface Case {
  story: string;
  faults: Fault[];
}

/** What a service that stumbles once does to a call: every run must still end as people asked. */
export const passing = ['throttle', '5xx', 'lost-answer', 'crash-before', 'crash-after', 'slow'] as const;
/** What may end a run otherwise, but never badly. */
export const lasting = ['wrong-state', 'not-found', 'quota', 'access-denied'] as const;

/** How what a call of RDS starts can end badly. */
const endings: Record<string, string[]> = {
  RestoreDBInstanceFromDBSnapshot: [
    'failed',
    'incompatible-restore',
    'incompatible-parameters',
    'incompatible-network',
    'storage-full',
  ],
  CreateDBSnapshot: ['failed'],
  ModifyDBInstance: ['failed', 'incompatible-option-group', 'incompatible-network', 'storage-full'],
  DeleteDBInstance: ['failed'],
};

/** Every fault that the k-th call can meet. */
export function faultsAt(call: Pick<CallRecord, 'service' | 'operation'>, at: number): (Fault & { at: number })[] {
  const { service, operation } = call;
  const made = (kind: FaultKind, more: Pick<Fault, 'seconds' | 'status'> = {}) => ({
    service,
    operation,
    kind,
    at,
    ...more,
  });
  const all = [...passing, ...lasting].map((kind) => made(kind, kind === 'slow' ? { seconds: 40 } : {}));
  if (service !== 'rds') return all;
  return [...all, ...(endings[operation] ?? []).map((status) => made('ends-in', { status }))];
}

export function isPassing({ kind }: Fault): boolean {
  return passing.some((one) => one === kind);
}

/** `restore:rds.ModifyDBInstance@412=lost-answer`, several joined by `+`: what a failing case prints, and what replays it. */
export function nameOf({ story, faults }: Case): string {
  const each = faults.map(
    ({ service, operation, at, kind, status }) =>
      `${service}.${operation ?? ''}@${at ?? 0}=${kind}${status ? `/${status}` : ''}`,
  );
  return `${story}:${each.join('+')}`;
}

export function caseNamed(name: string): Case {
  const [story = '', rest = ''] = name.split(':');
  const faults = rest.split('+').map((text) => {
    const found = /^(\w+)\.([\w.]*)@(\d+)=([\w-]+?)(?:\/([\w-]+))?$/.exec(text);
    if (found === null) throw new Error(`"${text}" is no fault; write service.Operation@call=kind`);
    const [, service, operation, at, kind, status] = found;
    return {
      service: service as ServiceName,
      operation: operation === '' ? undefined : operation,
      at: Number(at),
      kind: kind as FaultKind,
      ...(kind === 'slow' && { seconds: 40 }),
      ...(status !== undefined && { status }),
    };
  });
  return { story, faults };
}
