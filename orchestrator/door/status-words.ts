import { type DecisionGate, gateAtHand, type Run } from '../run';

/** A run's status as it reads in a sentence. */
export function statusWords(run: Run): string {
  if (run.status === 'waiting' && run.at?.step === 'start-time') return 'waiting for its time';
  const gates: Record<DecisionGate, string> = {
    approval: 'waiting for approval',
    'go-ahead': 'waiting for the go-ahead',
  };
  const gate = gateAtHand(run);
  if (run.status === 'waiting') return gate ? gates[gate] : 'waiting';
  if (run.status === 'needs-help') return 'waiting for help';
  return run.status === 'stopping' ? 'being taken back' : run.status;
}
