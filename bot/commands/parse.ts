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
  for (const character of unescape(text)
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’‚]/g, "'")) {
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
    } else word = (word ?? '') + dash(character, word);
  }
  if (quote !== undefined)
    return { mistake: `A quote (${quote}) is opened and not closed. Close it, then send the command again.` };
  if (word !== undefined) words.push(word);
  return words;
}

/** At the start of a word a long dash stands for two hyphens. */
function dash(character: string, word: string | undefined): string {
  if (word !== undefined) return character;
  if (/[—―–]/.test(character)) return '--';
  return character === '−' ? '-' : character;
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The word that was meant: itself, the only one that begins so, or a guess to offer. */
export function meant(typed: string, known: readonly string[]): { word: string } | { guess: string | undefined } {
  const wanted = typed.toLowerCase();
  if (known.includes(wanted)) return { word: wanted };
  const beginning = known.filter((word) => word.startsWith(wanted));
  const [only] = beginning;
  if (only !== undefined && beginning.length === 1) return { word: only };
  const best = closest(wanted, [...known]);
  return { guess: distance(wanted, best) <= 2 ? best : undefined };
}

export interface Arguments {
  /** Words that belong to no option. */
  words: string[];
  options: Record<string, string>;
}

/** Reads `--name value`, `--name=value` and plain words; options may be shortened as long as they are unique. */
export function readArguments(words: string[], known: readonly string[]): Arguments | Mistake {
  const options: Record<string, string> = {};
  const rest: string[] = [];
  const spelled = words.map((word) => spell(word, known));
  const wrong = spelled.find((word) => typeof word !== 'string');
  if (typeof wrong === 'object') return wrong;
  const args = spelled.filter((word) => typeof word === 'string');
  const declared = Object.fromEntries(known.map((name) => [name, { type: 'string' as const }]));
  const { tokens } = parseArgs({ args, options: declared, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.value === undefined || token.value === '' || token.value.startsWith('--'))
      return { mistake: `--${token.name} needs a value, for example --${token.name} "…".` };
    if (options[token.name] !== undefined) return { mistake: `--${token.name} is given twice. Give it once.` };
    options[token.name] = token.value;
  }
  return { words: rest, options };
}

function spell(word: string, known: readonly string[]): string | Mistake {
  const [, dashes, name = '', value = ''] = /^(-{1,2})([a-zA-Z][^=\s]*)(=.*)?$/s.exec(word) ?? [];
  if (dashes === undefined) return word;
  const found = meant(name, known);
  if ('word' in found) return `--${found.word}${value}`;
  const offer =
    found.guess === undefined
      ? `There is ${known.map((one) => `--${one}`).join(', ') || 'no option here'}.`
      : `Did you mean --${found.guess}?`;
  return { mistake: `There is no option ${dashes}${name}. ${offer}` };
}
