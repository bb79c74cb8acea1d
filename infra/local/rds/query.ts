import { invalidValue, RdsError } from './errors';

/** One request of the AWS Query protocol: a form with numbered keys for lists and structures. */
export class Query {
  readonly #fields: Map<string, string>;
  /** The form as it came, for faults that match on text. */
  readonly body: string;

  constructor(body: string) {
    this.body = body;
    this.#fields = new Map(new URLSearchParams(body));
  }

  /** Undefined when the parameter is absent. */
  text(name: string): string | undefined {
    return this.#fields.get(name);
  }

  /** @throws MissingParameter */
  required(name: string): string {
    const value = this.#fields.get(name);
    if (value === undefined || value === '') {
      throw new RdsError('MissingParameter', `The request must contain the parameter ${name}`);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields.get(name);
    if (value === undefined) return undefined;
    if (value === 'true') return true;
    if (value === 'false') return false;
    throw invalidValue(`Invalid boolean value ${value} for ${name}`);
  }

  integer(name: string): number | undefined {
    const value = this.#fields.get(name);
    if (value === undefined) return undefined;
    if (!/^-?\d+$/.test(value)) throw invalidValue(`Invalid integer value ${value} for ${name}`);
    return Number(value);
  }

  date(name: string): number | undefined {
    const value = this.#fields.get(name);
    if (value === undefined) return undefined;
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw invalidValue(`Invalid timestamp ${value} for ${name}`);
    return ms;
  }

  /**
   * Undefined when the list is absent, empty for the bare `Name=`. Takes both `Name.member.1`, as the protocol has
   * it by default, and `Name.<element>.1`, as most lists of RDS are declared: clients send the one or the other.
   */
  list(name: string): string[] | undefined {
    const bare = this.#fields.get(name);
    const found: { index: number; value: string }[] = [];
    for (const [key, value] of this.#fields) {
      const index = tail(key, name, 2)?.[1];
      if (index !== undefined) found.push({ index: Number(index), value });
    }
    if (found.length === 0) return bare === undefined ? undefined : [];
    return found.sort((a, b) => a.index - b.index).map((entry) => entry.value);
  }

  /** A list of flat structures: `Tags.Tag.1.Key=…&Tags.Tag.1.Value=…`. */
  records(name: string): Map<string, string>[] | undefined {
    const bare = this.#fields.get(name);
    const found = new Map<number, Map<string, string>>();
    for (const [key, value] of this.#fields) {
      const parts = tail(key, name, 3);
      if (parts === undefined) continue;
      const [, index, ...member] = parts;
      const record = found.get(Number(index)) ?? new Map<string, string>();
      record.set(member.join('.'), value);
      found.set(Number(index), record);
    }
    if (found.size === 0) return bare === undefined ? undefined : [];
    return [...found.entries()].sort(([a], [b]) => a - b).map(([, record]) => record);
  }

  has(name: string): boolean {
    if (this.#fields.has(name)) return true;
    for (const key of this.#fields.keys()) if (key.startsWith(`${name}.`)) return true;
    return false;
  }

  tags(): { Key: string; Value: string }[] | undefined {
    return this.records('Tags')?.map((record) => ({ Key: record.get('Key') ?? '', Value: record.get('Value') ?? '' }));
  }

  /** `Filters.Filter.1.Name=engine&Filters.Filter.1.Values.Value.1=postgres` */
  filters(): { name: string; values: string[] }[] {
    return (this.records('Filters') ?? []).map((record) => ({
      name: record.get('Name') ?? '',
      values: [...record.entries()].filter(([key]) => key.startsWith('Values.')).map(([, value]) => value),
    }));
  }
}

/** The dotted parts of a key behind `name.`, if there are at least `parts` and the second is a number. */
function tail(key: string, name: string, parts: number): string[] | undefined {
  if (!key.startsWith(`${name}.`)) return undefined;
  const rest = key.slice(name.length + 1).split('.');
  return rest.length >= parts && /^\d+$/.test(rest[1] ?? '') ? rest : undefined;
}
