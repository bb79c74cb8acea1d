import type { Readiness } from '../ports';

/**
 * RDS User Guide, Viewing DB instance status, and what AWS's CloudFormation handler treats as final. A word that is not
 * here is taken for busy: the list grows with RDS, and waiting is the harmless mistake.
 */
const ready = ['available', 'storage-optimization'];

const resting = ['stopped', 'storage-full', 'inaccessible-encryption-credentials-recoverable'];

const failed = [
  'failed',
  'restore-error',
  'restore-failed',
  'incompatible-restore',
  'incompatible-parameters',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-credentials',
  'incompatible-create',
  'insufficient-capacity',
  'inaccessible-encryption-credentials',
  'modify-failed',
  'upgrade-failed',
  'unsupported-configuration',
  'cloning-failed',
];

export function readinessOf(status: string): Readiness {
  if (ready.includes(status)) return 'ready';
  if (resting.includes(status)) return 'resting';
  return failed.includes(status) ? 'failed' : 'busy';
}

export const isLeaving = (status: string): boolean =>
  status === 'deleting' || status === 'delete-precheck' || status === 'deleted';
