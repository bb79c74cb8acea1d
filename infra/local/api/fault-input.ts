import * as z from 'zod';
import { type Fault, type FaultKind, faultKinds, services } from '../faults';
import type { Sandbox } from '../sandbox';
import { Refusal, readAs } from './http';
import { scenarioNamed, scenarios } from './scenarios';

const Arm = z.strictObject({
  service: z.enum(services),
  operation: z.string().min(1).optional(),
  kind: z.enum(faultKinds),
  times: z.int().min(1).max(1_000_000).optional(),
  skip: z.int().min(0).max(1_000_000).optional(),
  match: z.string().min(1).optional(),
  alsoMatch: z.string().min(1).optional(),
  seconds: z.number().positive().max(86_400).optional(),
  status: z.string().min(1).optional(),
});
const Reset = z.strictObject({ reset: z.literal(true) });
const Scenario = z.strictObject({ scenario: z.string(), database: z.string().min(1).optional() });

const hint =
  'Send {"service", "operation", "kind", "times"}, {"scenario": id} (GET /sandbox/scenarios) or {"reset": true}.';
const lambdaKinds: readonly FaultKind[] = ['crash-before', 'crash-after', 'throttle', '5xx'];

/** Arms one fault or a scenario, or disarms all; answers what is armed now. */
export function changeFaults({ faults }: Sandbox, given: unknown): object {
  const fields = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  if (fields.includes('reset')) {
    readAs(Reset, given, hint);
    faults.reset();
  } else if (fields.includes('scenario')) {
    const { scenario, database } = readAs(Scenario, given, hint);
    const found = scenarioNamed(scenario, database);
    if (found === undefined) {
      const known = scenarios().map(({ id }) => id);
      throw new Refusal(400, `there is no scenario ${scenario}`, `There are: ${known.join(', ')}.`);
    }
    for (const fault of found.faults) faults.arm(fault);
  } else {
    const fault = readAs(Arm, given, hint);
    const mistake = neverTaken(fault);
    if (mistake !== undefined) throw new Refusal(400, mistake, hint);
    faults.arm(fault);
  }
  return { faults: faults.list() };
}

/** A fault that no call could ever meet would only mislead. */
function neverTaken({ service, kind, operation, status }: Fault): string | undefined {
  if (kind === 'drop' && (service !== 'sqs' || (operation !== undefined && operation !== 'deliver')))
    return 'kind drop is for service sqs, operation deliver';
  if ((kind === 'ends-in' || kind === 'never-ends') && service !== 'rds') return `kind ${kind} is for service rds`;
  if (kind === 'ends-in' && status === undefined)
    return 'kind ends-in needs the final status, as in "incompatible-restore"';
  if (service === 'lambda' && !lambdaKinds.includes(kind))
    return `service lambda takes the kinds ${lambdaKinds.join(', ')}`;
  return undefined;
}
