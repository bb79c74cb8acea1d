import type { Caller, Parts, Said } from './listener';

export interface CommandCall extends Caller {
  channel: string;
  trigger: string;
  /** What was typed after the verb. */
  words: string[];
}

/** One verb of the slash command: `/trapheus <verb> …`. */
export interface Command {
  verb: string;
  /** What may follow the verb, for `help`. */
  usage: string;
  /** What it does, in a sentence. */
  summary: string;
  /** Answers what the caller alone sees; undefined when a dialog has opened instead. */
  run(parts: Parts, call: CommandCall): Promise<Said | undefined>;
}
