import { type Dict, isDict } from '../wire';

/** One thing that Slack would refuse, and where: a JSON pointer into the payload. */
export interface Problem {
  pointer: string;
  message: string;
}

/** A place in the payload under test; says what is wrong there. */
export class Place {
  readonly #found: Problem[];

  constructor(
    found: Problem[],
    readonly pointer: string,
  ) {
    this.#found = found;
  }

  in(key: string | number): Place {
    return new Place(this.#found, `${this.pointer}/${key}`);
  }

  say(message: string): void {
    this.report(this.pointer, message);
  }

  report(pointer: string, message: string): void {
    this.#found.push({ pointer, message });
  }
}

/** Wording as in Slack's own `response_metadata.messages`. */
export type Check = (value: unknown, at: Place) => void;

export function text(max: number, min = 1): Check {
  return (value, at) => {
    if (typeof value !== 'string') return at.say('must provide a string');
    if (value.length < min) at.say(`must be more than ${min - 1} characters`);
    if (value.length > max) at.say(`must be less than ${max + 1} characters`);
  };
}

export function matching(pattern: RegExp, form: string): Check {
  return (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) at.say(`must be in the form ${form}`);
  };
}

export const boolean: Check = (value, at) => {
  if (typeof value !== 'boolean') at.say('must provide a boolean');
};

export function integer(min: number, max: number): Check {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return at.say('must provide an integer');
    if (value < min || value > max) at.say(`must be between ${min} and ${max}`);
  };
}

export function oneOf(...allowed: (string | number)[]): Check {
  return (value, at) => {
    if (!allowed.some((one) => one === value)) at.say(`must be a valid enum value: one of ${allowed.join(', ')}`);
  };
}

export function items(check: Check, limits: { min?: number; max: number }): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return at.say('must provide an array');
    const min = limits.min ?? 1;
    if (value.length < min) at.say(`no less than ${min} items allowed`);
    if (value.length > limits.max) at.say(`no more than ${limits.max} items allowed`);
    for (const [index, item] of (value as unknown[]).entries()) check(item, at.in(index));
  };
}

export interface Shape {
  required?: Record<string, Check>;
  optional?: Record<string, Check>;
  /** Rules between fields. */
  also?: (value: Dict, at: Place) => void;
}

/** An object with exactly these fields (and `type`, which whoever chose the shape has read). */
export function object(shape: Shape): Check {
  return (value, at) => {
    if (!isDict(value)) return at.say('must provide an object');
    for (const [key, check] of Object.entries(shape.required ?? {})) {
      if (value[key] === undefined || value[key] === null) at.say(`missing required field: ${key}`);
      else check(value[key], at.in(key));
    }
    for (const [key, check] of Object.entries(shape.optional ?? {})) {
      if (value[key] !== undefined && value[key] !== null) check(value[key], at.in(key));
    }
    for (const key of Object.keys(value)) {
      if (key !== 'type' && !shape.required?.[key] && !shape.optional?.[key])
        at.say(`invalid additional property: ${key}`);
    }
    shape.also?.(value, at);
  };
}

/** An object whose shape its `type` decides. */
export function typed(shapes: Record<string, Shape>): Check {
  const checks = new Map(Object.entries(shapes).map(([type, shape]) => [type, object(shape)]));
  return (value, at) => {
    if (!isDict(value)) return at.say('must provide an object');
    const check = typeof value.type === 'string' ? checks.get(value.type) : undefined;
    if (check === undefined) return at.in('type').say(`unsupported type: ${String(value.type)}`);
    check(value, at);
  };
}
