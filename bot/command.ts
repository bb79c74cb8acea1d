import type { Caller, Parts, Said } from './listener';

export interface CommandCall extends Caller {
  channel: string;
  trigger: string;
  /** What was typed after the verb. */
  words: string[];
}

/** One verb of the slash command: `/trapheus <verb> …`. `help` and the README's table are made of these. */
export interface Command {
  verb: string;
  /** What may follow the verb. */
  usage: string;
  /** What it does, in a sentence. */
  summary: string;
  /** Who may use it, in a few words. */
  who: string;
  /** What comes back: what only the caller sees, or the dialog that opens. A verb that changes something has a dialog. */
  answers: string;
  /** Lines that people can copy, without the slash command; for `help <verb>`. */
  examples?: readonly string[];
  /** More that `help <verb>` should say, one sentence each. */
  notes?: readonly string[];
  /** Answers what the caller alone sees; undefined when a dialog has opened instead. */
  run(parts: Parts, call: CommandCall): Promise<Said | undefined>;
}

/** For `who`: the readers of an answer, and those whom policy.yml names. */
export const anyMember = 'every member who is not a guest';
