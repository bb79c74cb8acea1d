import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { problem, type Question, type Told, told } from './step';

export interface Answers {
  ask(question: Question): Promise<Told<string>>;
  close(): void;
}

interface Parts {
  /** By the questions' ids. */
  given: ReadonlyMap<string, string>;
  /** Whether defaults are taken without asking. */
  isYes: boolean;
  env: Readonly<Record<string, string | undefined>>;
  input?: NodeJS.ReadableStream & { isTTY?: boolean };
  output?: NodeJS.WritableStream;
}

/** A person at a terminal, or what was given on the command line; without either, a question says how to answer it. */
export function answers({ given, isYes, env, input = process.stdin, output = process.stdout }: Parts): Answers {
  let isHidden = false;
  let open: Interface | undefined;
  const reader = (): Interface => {
    const shown = new Writable({
      write(chunk: Buffer, _, done) {
        if (!isHidden) output.write(chunk);
        done();
      },
    });
    open ??= createInterface({ input, output: shown, terminal: true });
    return open;
  };

  const typed = async ({ text, fallback, secret }: Question): Promise<string> => {
    const asked = fallback === undefined || fallback === '' ? `${text}: ` : `${text} [${fallback}]: `;
    const reading = reader().question(asked);
    // The question itself is on the screen by now; what is typed shall not be.
    isHidden = secret !== undefined;
    const line = await reading;
    isHidden = false;
    if (secret !== undefined) output.write('\n');
    return line.trim();
  };

  return {
    async ask(question) {
      const { id, text, fallback, secret, check } = question;
      // A command line stays in the shell's history, and everybody on the machine sees it.
      const ready = secret === undefined ? (given.get(id) ?? (isYes ? fallback : undefined)) : env[secret];
      const howElse = secret === undefined ? `--set ${id}=…` : `the variable ${secret}`;
      if (ready !== undefined) {
        const wrong = check?.(ready);
        return wrong === undefined ? told(ready) : problem(`${text}: ${wrong}`, `Give it by ${howElse}.`);
      }
      if (input.isTTY !== true) return problem(`Nobody is here to answer: ${text}`, `Give it by ${howElse}.`);
      for (;;) {
        const answer = (await typed(question)) || (fallback ?? '');
        const isMissing = answer === '' && fallback === undefined;
        const wrong = isMissing ? 'This cannot be left out.' : check?.(answer);
        if (wrong === undefined) return told(answer);
        output.write(`${wrong}\n`);
      }
    },
    close: () => open?.close(),
  };
}
