import type { Fault, FaultKind, ServiceName } from '../../infra/local/faults';
import type { CallRecord } from '../../infra/local/service';

/** One fault at one call of a story's reference run. */
export interface Case {
  story: string;
  faults: Fault[];
}

type Call = Pick<CallRecord, 'service' | 'operation'>;

/** What a service that stumbles once does to a call: every run must still end as people asked. */
const passing: readonly FaultKind[] = ['throttle', '5xx', 'lost-answer', 'crash-before', 'crash-after', 'slow'];
/** The longest that a function waits for an answer is shorter. */
const slowSeconds = 40;
/** The AWS SDK asks three times, Slack's client twice: this is what their patience does not outlast. */
const stubborn = 4;

/** How what a call of RDS starts can end badly. Source: RDS User Guide, Viewing DB instance and cluster status. */
const endings: Record<string, string[]> = {
  RestoreDBInstanceFromDBSnapshot: [
    'failed',
    'incompatible-restore',
    'incompatible-parameters',
    'incompatible-network',
    'storage-full',
  ],
  RestoreDBClusterFromSnapshot: ['inaccessible-encryption-credentials', 'cloning-failed', 'migration-failed', 'failed'],
  CreateDBInstance: ['failed', 'incompatible-network', 'insufficient-capacity'],
  CreateDBSnapshot: ['failed'],
  CreateDBClusterSnapshot: ['failed'],
  ModifyDBInstance: ['failed', 'incompatible-option-group', 'incompatible-network', 'storage-full'],
  ModifyDBCluster: ['failed', 'inaccessible-encryption-credentials'],
  RebootDBInstance: ['failed', 'incompatible-parameters'],
  FailoverDBCluster: ['failed'],
  DeleteDBInstance: ['failed'],
  DeleteDBCluster: ['failed'],
};

/** What a call can meet, and by which rule it cannot meet the rest. */
interface Rule {
  kinds: readonly FaultKind[];
  meets(call: Call): boolean;
  /** Of the calls that do not meet them. */
  otherwise: string;
}

const isRead = ({ service, operation }: Call): boolean =>
  /^(Describe|List|Get|Query|BatchGet)/.test(operation) ||
  (service === 'slack' && /^(auth\.test|users\.info|conversations\.info)$/.test(operation));
const isMaking = ({ operation }: Call): boolean => /^(Create|Restore|Copy|Start)/.test(operation);
/** Services that tell the product what to do by how they refuse: the deployment's own are refused or not. */
const isTelling = ({ service }: Call): boolean => service === 'rds' || service === 'states' || service === 'slack';

export const rules: readonly Rule[] = [
  { kinds: ['5xx', 'crash-before'], meets: () => true, otherwise: '' },
  {
    kinds: ['lost-answer', 'crash-after', 'slow'],
    meets: (call) => !isRead(call),
    otherwise:
      'A read has no effect that could be had or not: its lost answer is a 5xx, its crash after a crash before the next call, its slow answer a crash.',
  },
  {
    kinds: ['not-found', 'access-denied'],
    meets: isTelling,
    otherwise:
      'Table, queue and secret are the deployment’s own: but for a failed condition the product knows one refusal of theirs, that it may not now, and a 5xx that outlasts the SDK’s patience stands for it.',
  },
  {
    kinds: ['throttle', 'wrong-state'],
    meets: (call) => isTelling(call) && !isRead(call),
    otherwise: 'A read that is throttled is read again like one that failed, and no state forbids to read.',
  },
  {
    kinds: ['quota'],
    meets: (call) => isTelling(call) && call.service !== 'slack' && isMaking(call),
    otherwise: 'Only what makes something new can be one too many.',
  },
  {
    kinds: ['ends-in', 'never-ends'],
    meets: ({ service, operation }) => service === 'rds' && operation in endings,
    otherwise: 'Only what begins something at RDS can end badly, or never.',
  },
];

/** Every fault that the k-th call can meet. */
export function faultsAt(call: Call, at: number): (Fault & { at: number })[] {
  const { service, operation } = call;
  const base = { service, operation, at };
  return rules
    .filter((rule) => rule.meets(call))
    .flatMap(({ kinds }) => kinds)
    .flatMap((kind): (Fault & { at: number })[] => {
      if (kind === 'slow') return [{ ...base, kind, seconds: slowSeconds }];
      // Once is what every client tries again by itself; what goes on for longer is ours to bear.
      if (kind === '5xx') return [{ ...base, kind, times: stubborn }];
      if (kind === 'ends-in') return (endings[operation] ?? []).map((status) => ({ ...base, kind, status }));
      return [{ ...base, kind }];
    });
}

export function isPassing({ kind }: Fault): boolean {
  return passing.includes(kind);
}

/**
 * `restore:rds.ModifyDBInstance@412=lost-answer`, several joined by `+`: what a failing case prints, and what replays
 * it. `@>412` is the next such call from the 412th on, `=5xx*4` the call and the next three like it, `=ends-in/failed` names the status.
 */
export function nameOf({ story, faults }: Case): string {
  const each = faults.map(
    ({ service, operation, at, from, kind, status, times }) =>
      `${service}.${operation ?? ''}@${at ?? `>${from ?? 0}`}=${kind}${status ? `/${status}` : ''}${times ? `*${times}` : ''}`,
  );
  return `${story}:${each.join('+')}`;
}

export function caseNamed(name: string): Case {
  const [story = '', rest = ''] = name.split(':');
  const faults = rest.split('+').map((text) => {
    const found = /^(\w+)\.([\w.]*)@(>?)(\d+)=([\w-]+?)(?:\/([\w-]+))?(?:\*(\d+))?$/.exec(text);
    if (found === null) throw new Error(`"${text}" is no fault; write service.Operation@call=kind`);
    const [, service, operation, after, at, kind, status, times] = found;
    return {
      service: service as ServiceName,
      operation: operation === '' ? undefined : operation,
      ...(after ? { from: Number(at) } : { at: Number(at) }),
      kind: kind as FaultKind,
      ...(kind === 'slow' && { seconds: slowSeconds }),
      ...(status !== undefined && { status }),
      ...(times !== undefined && { times: Number(times) }),
    };
  });
  return { story, faults };
}
