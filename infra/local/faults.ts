import { unpacked } from '../../orchestrator/aws/packed';

/** Faults that a person, a test or the page arms, and that the fronts of the simulated services take. */
export const faultKinds = [
  /** The service's own "too many requests". */
  'throttle',
  /** The service's own internal error. */
  '5xx',
  'access-denied',
  'not-found',
  'wrong-state',
  'quota',
  /** The call takes effect, and its answer never arrives: the connection is cut. */
  'lost-answer',
  /** The calling function dies before the call takes effect: from that call on, none of its calls returns. */
  'crash-before',
  /** The calling function dies after the call took effect, before it could learn so. */
  'crash-after',
  /** The answer takes `seconds` of virtual time. */
  'slow',
  /** rds only: what the call starts ends in the status `status`. */
  'ends-in',
  /** rds only: what the call starts never ends. */
  'never-ends',
  /** sqs only (operation `deliver`): the message is accepted and lost. */
  'drop',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const services = ['rds', 'dynamodb', 'states', 'sqs', 'secretsmanager', 'sns', 'slack', 'lambda'] as const;
export type ServiceName = (typeof services)[number];

export interface Fault {
  service: ServiceName;
  /** An operation of the service (`ModifyDBInstance`, `chat.update`), or for lambda the function's name. Default: any. */
  operation?: string | undefined;
  kind: FaultKind;
  /** How many calls it takes. Default 1. With `at`: that call, and then the next ones that match. */
  times?: number | undefined;
  /** How many matching calls pass before it takes one. Default 0. */
  skip?: number | undefined;
  /** Takes only the call of this number, counted over all services from the sandbox's first. */
  at?: number | undefined;
  /** Takes no call before the one of this number. */
  from?: number | undefined;
  /** Takes only calls whose body, or the record packed in it, contains this text … */
  match?: string | undefined;
  /** … and this one. */
  alsoMatch?: string | undefined;
  /** For `slow`: virtual seconds. Default 40. */
  seconds?: number | undefined;
  /** For `ends-in`: the final status, for example `incompatible-restore`. */
  status?: string | undefined;
}

export class Faults {
  #armed: (Fault & { left: number; pass: number })[] = [];
  #calls = 0;

  /** How many calls have come in. */
  get calls(): number {
    return this.#calls;
  }

  /** A call has come in; to be told before it is asked which fault it meets. */
  count(): void {
    this.#calls += 1;
  }

  arm(fault: Fault): void {
    this.#armed.push({ ...fault, left: fault.times ?? 1, pass: fault.skip ?? 0 });
  }

  reset(): void {
    this.#armed = [];
  }

  list(): Fault[] {
    return this.#armed.map(({ left, pass: _, ...fault }) => ({ ...fault, times: left }));
  }

  /** The first armed fault of one of `kinds` that this call meets; taking it uses it up. */
  take(
    call: { service: ServiceName; operation: string; body: string },
    kinds: readonly FaultKind[],
  ): Fault | undefined {
    for (const fault of this.#armed) {
      const meets =
        fault.service === call.service &&
        (fault.at === undefined || fault.at === this.#calls || fault.left < (fault.times ?? 1)) &&
        (fault.from === undefined || fault.from <= this.#calls) &&
        kinds.includes(fault.kind) &&
        (fault.operation === undefined || fault.operation === '*' || fault.operation === call.operation) &&
        [fault.match, fault.alsoMatch].every((text) => text === undefined || says(call, text));
      if (!meets) continue;
      if (fault.pass > 0) {
        fault.pass -= 1;
        continue;
      }
      fault.left -= 1;
      if (fault.left <= 0) this.#armed = this.#armed.filter((other) => other !== fault);
      return fault;
    }
    return undefined;
  }
}

/** A run's record is packed in its item: what is in it counts as what is on the wire. */
function says({ body, service }: { body: string; service: ServiceName }, text: string): boolean {
  if (body.includes(text)) return true;
  const record = service === 'dynamodb' ? /"(?::record|record)":\{"[BS]":"([^"]+)"\}/.exec(body)?.[1] : undefined;
  return record !== undefined && JSON.stringify(unpacked(record)).includes(text);
}
