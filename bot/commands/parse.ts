import { parseArgs } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';

/** A mistake in what was typed, in a sentence that says how to put it right; or several, one a line. Plain text. */
export interface Mistake {
  mistake: string;
}

/** All mistakes among what was read, in this order. */
export function mistakesIn(...read: readonly object[]): string[] {
  return read.flatMap((one) => ('mistake' in one && typeof one.mistake === 'string' ? one.mistake.split('\n') : []));
}

/** What was read without a mistake; nothing of the rest. */
export function valid<T extends object>(read: T | Mistake): Partial<T> {
  return 'mistake' in read ? {} : read;
}

/**
 * Splits what was typed after the command. Phones write “ ” for " and — for --, and Slack sends & < > escaped.
 * An apostrophe inside a word is a letter; a quote that is opened has to be closed. Names are copied with their backticks.
 */
export function splitWords(text: string): string[] | Mistake {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  let isQuoted = false;
  let isOption = false;
  const finish = (): void => {
    if (word === undefined) return;
    if (!isQuoted) word = hyphens(word);
    // What stands in quotes after an option is its value, whatever it looks like.
    if (isQuoted && isOption && word.startsWith('-')) words.push(`${words.pop() ?? ''}=${word}`);
    else words.push(word);
    isOption = !isQuoted && /^-{1,2}[a-z][^=]*$/i.test(word);
    word = undefined;
    isQuoted = false;
  };
  const characters = [
    ...unescape(text)
      .replaceAll(/[“”„«»]/g, '"')
      .replaceAll(/[‘’‚]/g, "'"),
  ];
  for (const character of characters) {
    const atStart = word === undefined && (character === "'" || character === '`');
    const opensQuote = quote === undefined && (character === '"' || atStart);
    const followsEquals = word?.endsWith('=') ?? false;
    const opensAfterEquals = quote === undefined && character === "'" && followsEquals;
    if (quote !== undefined && character === quote) quote = undefined;
    else if (quote !== undefined) word = (word ?? '') + character;
    else if (opensQuote || opensAfterEquals) {
      quote = character;
      isQuoted ||= word === undefined;
      word ??= '';
    } else if (/\s/.test(character)) finish();
    else word = (word ?? '') + character;
  }
  if (quote !== undefined)
    return { mistake: `A quote (${quote}) is opened and not closed. Close it, then send the command again.` };
  finish();
  return words;
}

/** Phones write – and — where somebody types hyphens: before a word they are an option's; one by itself is a dash. */
const hyphens = (word: string): string =>
  word.replace(/^(?:[-‐‑‒–—―−]{2,}|[‒–—―])(?=\p{L})/u, '--').replace(/^[‐‑−](?=\p{L})/u, '-');

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The word that was meant: itself, the only one that begins so, or those to offer. */
export function meant(typed: string, known: readonly string[]): { word: string } | { guesses: string[] } {
  const wanted = typed.toLowerCase();
  if (known.includes(wanted)) return { word: wanted };
  const beginning = known.filter((word) => wanted !== '' && word.startsWith(wanted));
  const [only] = beginning;
  if (only !== undefined && beginning.length === 1) return { word: only };
  if (beginning.length > 1) return { guesses: beginning };
  if (known.length === 0) return { guesses: [] };
  const best = closest(wanted, known);
  const isNear = distance(wanted, best) <= (wanted.length < 4 ? 1 : 2);
  return { guesses: isNear ? [best] : [] };
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const [last = '', ...before] = [...words].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} or ${last}`;
}

/** The options of a verb. */
export interface Options {
  /** Followed by a value. */
  values?: readonly string[];
  /** Said or not said. */
  flags?: readonly string[];
  /** Values that may be several words without quotes: whether these words are one. */
  phrases?: Readonly<Record<string, (words: string) => boolean>>;
}

export interface Arguments {
  /** Words that belong to no option. */
  words: string[];
  options: Record<string, string>;
  flags: Set<string>;
}

/**
 * Reads `--name value`, `--name=value`, `--flag` and plain words, in any order; names may be shortened as long as they
 * are unique. With mistakes it answers what could be read as well.
 */
export function readArguments(
  words: string[],
  { values = [], flags = [], phrases = {} }: Options = {},
): Arguments | (Mistake & { rest: Arguments }) {
  const known = [...values, ...flags];
  const options: Record<string, string> = {};
  const said = new Set<string>();
  const rest: string[] = [];
  const spelled = words.map((word) => spell(word, known));
  const mistakes = spelled.filter((word) => typeof word !== 'string').map(({ mistake }) => mistake);
  const args = joinPhrases(
    spelled.filter((word) => typeof word === 'string'),
    phrases,
  );
  const declared: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const name of values) declared[name] = { type: 'string' };
  for (const name of flags) declared[name] = { type: 'boolean' };
  const { tokens } = parseArgs({ args, options: declared, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, inlineValue = false } = token;
    const isFlag = flags.includes(name);
    // A sentence that begins with two hyphens is a sentence.
    const isMissing = value === undefined || value === '' || (!inlineValue && /^--\S*$/.test(value));
    if (isFlag && value !== undefined) mistakes.push(`--${name} takes no value.`);
    else if (isFlag) said.add(name);
    else if (isMissing) mistakes.push(`--${name} needs a value, for example --${name} "…".`);
    else if (options[name] !== undefined) mistakes.push(`--${name} is given twice. Give it once.`);
    else options[name] = value;
  }
  const found = { words: rest, options, flags: said };
  return mistakes.length > 0 ? { mistake: mistakes.join('\n'), rest: found } : found;
}

/**
 * The first `count` plain words of what was read, and a mistake where there are more of them. Where an option is wrong, a
 * word may be its value, unless it comes before all options.
 * @param explain What was taken for what, and what to do with the rest.
 */
export function placed(
  read: ReturnType<typeof readArguments>,
  typed: readonly string[],
  count: number,
  explain: (taken: readonly string[], rest: string) => string,
): { taken: readonly string[]; stray: Mistake[] } {
  if ('mistake' in read) {
    const option = typed.findIndex((word) => word.startsWith('-'));
    return { taken: typed.slice(0, Math.min(count, Math.max(0, option))), stray: [] };
  }
  const taken = read.words.slice(0, count);
  const rest = read.words.slice(count).join(' ');
  return { taken, stray: rest === '' ? [] : [{ mistake: explain(taken, rest.slice(0, 100)) }] };
}

/** A reason that needs no quotes: all words, with or without `--reason` before them. */
export function freeText(words: readonly string[]): string {
  return words
    .map((word) => word.replace(/^--reason(?:=|$)/, ''))
    .filter((word) => word !== '')
    .join(' ');
}

/** No moment has more words than “1 hour and 30 minutes ago”. */
const longestPhrase = 6;

/** `--at 10 min ago` is `--at "10 min ago"`: the longest run of words that makes sense is the value. */
function joinPhrases(args: readonly string[], phrases: NonNullable<Options['phrases']>): string[] {
  const joined: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    joined.push(word);
    const isPhrase = phrases[word.replace(/^--/, '')];
    if (!word.startsWith('--') || isPhrase === undefined) continue;
    const lengths = Array.from({ length: longestPhrase }, (_, index) => longestPhrase - index);
    const length = lengths.find((count) => isPhrase(args.slice(at + 1, at + 1 + count).join(' ')));
    if (length === undefined) continue;
    joined.push(args.slice(at + 1, at + 1 + length).join(' '));
    at += length;
  }
  return joined;
}

function spell(word: string, known: readonly string[]): string | Mistake {
  const [, dashes, name = '', value = ''] = /^(-{1,2})([a-zA-Z][^=\s]*)(=.*)?$/s.exec(word) ?? [];
  if (dashes === undefined) return word;
  const found = meant(name, known);
  if ('word' in found) return `--${found.word}${value}`;
  if (known.length === 0) return { mistake: `There is no option ${dashes}${name}: this verb takes none.` };
  const offer =
    found.guesses.length === 0
      ? `There is ${known.map((one) => `--${one}`).join(', ')}.`
      : `Did you mean ${either(found.guesses.map((one) => `--${one}`))}?`;
  return { mistake: `There is no option ${dashes}${name}. ${offer}` };
}
