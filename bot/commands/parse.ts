import { parseArgs } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';

/** A mistake in what was typed, in a sentence that says how to put it right. Plain text. */
export interface Mistake {
  mistake: string;
}

/**
 * Splits what was typed after the command. Phones write “ ” for " and — for --, and Slack sends & < > escaped.
 * An apostrophe inside a word is a letter; a quote that is opened has to be closed.
 */
export function splitWords(text: string): string[] | Mistake {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  const characters = [
    ...unescape(text)
      .replaceAll(/[“”„«»]/g, '"')
      .replaceAll(/[‘’‚]/g, "'"),
  ];
  for (const [at, character] of characters.entries()) {
    const opensQuote = quote === undefined && (character === '"' || (character === "'" && word === undefined));
    const followsEquals = word?.endsWith('=') ?? false;
    const opensAfterEquals = quote === undefined && character === "'" && followsEquals;
    if (quote !== undefined && character === quote) quote = undefined;
    else if (quote !== undefined) word = (word ?? '') + character;
    else if (opensQuote || opensAfterEquals) {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + dash(character, word, characters[at + 1]);
  }
  if (quote !== undefined)
    return { mistake: `A quote (${quote}) is opened and not closed. Close it, then send the command again.` };
  if (word !== undefined) words.push(word);
  return words;
}

/** At the start of a word a long dash stands for two hyphens; one by itself is a dash. */
function dash(character: string, word: string | undefined, next: string | undefined): string {
  if (word !== undefined || next === undefined || !/\p{L}/u.test(next)) return character;
  if (/[—―–]/.test(character)) return '--';
  return character === '−' ? '-' : character;
}

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
 * are unique.
 */
export function readArguments(
  words: string[],
  { values = [], flags = [], phrases = {} }: Options = {},
): Arguments | Mistake {
  const known = [...values, ...flags];
  const options: Record<string, string> = {};
  const said = new Set<string>();
  const rest: string[] = [];
  const spelled = words.map((word) => spell(word, known));
  const wrong = spelled.find((word) => typeof word !== 'string');
  if (typeof wrong === 'object') return wrong;
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
    const { name, value } = token;
    if (flags.includes(name)) {
      if (value !== undefined) return { mistake: `--${name} takes no value.` };
      said.add(name);
      continue;
    }
    // A sentence that begins with two hyphens is a sentence.
    if (value === undefined || value === '' || /^--\S*$/.test(value))
      return { mistake: `--${name} needs a value, for example --${name} "…".` };
    if (options[name] !== undefined) return { mistake: `--${name} is given twice. Give it once.` };
    options[name] = value;
  }
  return { words: rest, options, flags: said };
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
