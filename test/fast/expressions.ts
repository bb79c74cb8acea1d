/** One attribute value, as the protocol writes it. */
export interface Attribute {
  S?: string;
  B?: Uint8Array;
  N?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  L?: Attribute[];
  M?: Record<string, Attribute>;
}
export type Item = Record<string, Attribute>;
type Names = Record<string, string>;
type Values = Record<string, Attribute>;
type Condition = (item: Item, names: Names, values: Values) => boolean;
type Operand = (item: Item, names: Names, values: Values) => Attribute | undefined;

const conditions = new Map<string, Condition>();
const updates = new Map<string, (item: Item, names: Names, values: Values) => Item>();

/** The part of the condition language that the product writes. Parsed once. */
export function parseCondition(text: string): Condition {
  let parsed = conditions.get(text);
  if (parsed === undefined) {
    parsed = new Parser(text).condition();
    conditions.set(text, parsed);
  }
  return parsed;
}

/** `SET a = v, … REMOVE b, … ADD c v`; answers a new item. Parsed once. */
export function parseUpdate(text: string): (item: Item, names: Names, values: Values) => Item {
  let parsed = updates.get(text);
  if (parsed === undefined) {
    parsed = new Parser(text).update();
    updates.set(text, parsed);
  }
  return parsed;
}

const words = /\s*(<=|>=|<>|[=<>(),+-]|[#:]?\w+)/gy;

class Parser {
  readonly #text: string;
  readonly #words: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    for (const [, word] of text.matchAll(words)) if (word !== undefined) this.#words.push(word);
    if (this.#words.join('').length !== text.replaceAll(/\s/g, '').length) throw this.#unknown();
  }

  condition(): Condition {
    const parsed = this.#either();
    if (this.#at < this.#words.length) throw this.#unknown();
    return parsed;
  }

  update(): (item: Item, names: Names, values: Values) => Item {
    type Step = (after: Item, before: Item, names: Names, values: Values) => void;
    const steps: Step[] = [];
    while (this.#at < this.#words.length) {
      const clause = this.#next();
      do {
        const name = this.#name();
        if (clause === 'SET') {
          this.#expect('=');
          const value = this.#operand();
          steps.push((after, before, names, values) => {
            const found = value(before, names, values);
            if (found === undefined) throw new Error(`no value for ${name(names)} in ${this.#text}`);
            after[name(names)] = found;
          });
        } else if (clause === 'REMOVE')
          steps.push((after, _, names) => {
            Reflect.deleteProperty(after, name(names));
          });
        else if (clause === 'ADD') {
          const value = this.#operand();
          steps.push((after, before, names, values) => {
            after[name(names)] = sum(before[name(names)], value(before, names, values));
          });
        } else throw this.#unknown();
      } while (this.#takes(','));
    }
    return (item, names, values) => {
      const after = { ...item };
      for (const step of steps) step(after, item, names, values);
      return after;
    };
  }

  #either(): Condition {
    let left = this.#both();
    while (this.#takes('OR')) {
      const [a, b] = [left, this.#both()];
      left = (...given) => a(...given) || b(...given);
    }
    return left;
  }

  #both(): Condition {
    let left = this.#one();
    while (this.#takes('AND')) {
      const [a, b] = [left, this.#one()];
      left = (...given) => a(...given) && b(...given);
    }
    return left;
  }

  #one(): Condition {
    if (this.#takes('NOT')) {
      const inner = this.#one();
      return (...given) => !inner(...given);
    }
    if (this.#takes('(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const exists = ['attribute_exists', 'attribute_not_exists'].find((word) => this.#takes(word));
    if (exists) {
      this.#expect('(');
      const name = this.#name();
      this.#expect(')');
      return (item, names) => (item[name(names)] !== undefined) === (exists === 'attribute_exists');
    }
    const left = this.#operand();
    const comparator = this.#next();
    const right = this.#operand();
    const compare = comparators[comparator];
    if (compare === undefined) throw this.#unknown();
    return (...given) => {
      const [a, b] = [plain(left(...given)), plain(right(...given))];
      return a !== undefined && b !== undefined && typeof a === typeof b && compare(a, b);
    };
  }

  #operand(): Operand {
    if (this.#takes('if_not_exists')) {
      this.#expect('(');
      const name = this.#name();
      this.#expect(',');
      const other = this.#operand();
      this.#expect(')');
      return (item, names, values) => item[name(names)] ?? other(item, names, values);
    }
    if (this.#takes('list_append')) {
      this.#expect('(');
      const head = this.#operand();
      this.#expect(',');
      const tail = this.#operand();
      this.#expect(')');
      return (...given) => ({ L: [...(head(...given)?.L ?? []), ...(tail(...given)?.L ?? [])] });
    }
    if (this.#takes('size')) {
      this.#expect('(');
      const list = this.#operand();
      this.#expect(')');
      return (...given) => ({ N: String(list(...given)?.L?.length ?? 0) });
    }
    const word = this.#words[this.#at] ?? '';
    if (word.startsWith(':')) {
      this.#at += 1;
      return (_, __, values) => values[word];
    }
    const name = this.#name();
    return (item, names) => item[name(names)];
  }

  #name(): (names: Names) => string {
    const word = this.#next();
    if (!word.startsWith('#')) return () => word;
    return (names) => {
      const name = names[word];
      if (name === undefined) throw new Error(`${word} stands for nothing in ${this.#text}`);
      return name;
    };
  }

  #next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw this.#unknown();
    this.#at += 1;
    return word;
  }

  #takes(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw this.#unknown();
  }

  #unknown(): Error {
    return new Error(
      `the table of the fast tests cannot read, at ${this.#words[this.#at] ?? 'the end'}: ${this.#text}`,
    );
  }
}

const comparators: Record<string, (a: string | number | boolean, b: string | number | boolean) => boolean> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function plain(value: Attribute | undefined): string | number | boolean | undefined {
  if (value?.N !== undefined) return Number(value.N);
  return value?.S ?? value?.BOOL;
}

function sum(before: Attribute | undefined, added: Attribute | undefined): Attribute {
  if (added?.SS) return { SS: [...new Set([...(before?.SS ?? []), ...added.SS])] };
  return { N: String(Number(before?.N ?? 0) + Number(added?.N)) };
}
