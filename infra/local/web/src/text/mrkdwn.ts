/** Slack's mrkdwn as a tree (Slack: Formatting text for app surfaces). */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; text: string }
  | { kind: 'user' | 'channel' | 'group'; id: string; label?: string }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; seconds: number; format: string; fallback: string; url?: string }
  | { kind: 'emoji'; name: string };

export type Line =
  | { kind: 'line'; children: Inline[] }
  /** A line that begins with a bullet or an emoji: what wraps is set in under its words. */
  | { kind: 'item'; mark: Inline[]; children: Inline[] }
  | { kind: 'gap' };

export type Paragraph = Line | { kind: 'quote'; lines: Line[] } | { kind: 'pre'; text: string };

export function parseMrkdwn(source: string): Paragraph[] {
  return source
    .split(/```/)
    .flatMap((part, index, all) =>
      index % 2 === 1 && index < all.length - 1
        ? [{ kind: 'pre' as const, text: unescape(part.replace(/^\n|\n$/g, '')) }]
        : paragraphs(index % 2 === 1 ? `\`\`\`${part}` : part, index),
    );
}

function paragraphs(source: string, index: number): Paragraph[] {
  const text = index === 0 ? source : source.replace(/^\n/, '');
  if (text === '') return [];
  const found: Paragraph[] = [];
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/s.exec(raw);
    if (quoted === null) {
      found.push(lineOf(raw));
      continue;
    }
    const last = found.at(-1);
    const line = lineOf(quoted[1] ?? '');
    if (last?.kind === 'quote') last.lines.push(line);
    else found.push({ kind: 'quote', lines: [line] });
  }
  return found;
}

function lineOf(raw: string): Line {
  if (raw.trim() === '') return { kind: 'gap' };
  const bullet = /^\s*([•◦▪]|\d+\.)\s+(.*)$/s.exec(raw);
  if (bullet !== null) return { kind: 'item', mark: [text(bullet[1] ?? '')], children: inlines(bullet[2] ?? '') };
  const emoji = /^:([a-z0-9_+-]+): (.*)$/s.exec(raw);
  if (emoji !== null)
    return { kind: 'item', mark: [{ kind: 'emoji', name: emoji[1] ?? '' }], children: inlines(emoji[2] ?? '') };
  return { kind: 'line', children: inlines(raw) };
}

const wraps = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
/** One alternative for each thing that begins here; the first that matches wins. */
const token = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+-]+):|([*_~])/g;

export function inlines(source: string): Inline[] {
  const found: Inline[] = [];
  let rest = 0;
  token.lastIndex = 0;
  // The expression is shared by the recursion below: its position is kept by hand.
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [whole, code, angled, emoji, mark] = match;
    const at = match.index;
    let made: Inline | undefined;
    let end = at + whole.length;
    if (code !== undefined) made = { kind: 'code', text: unescape(code) };
    else if (angled !== undefined) made = reference(angled);
    else if (emoji !== undefined) made = isTime(source, at) ? undefined : { kind: 'emoji', name: emoji };
    else if (mark === '*' || mark === '_' || mark === '~') {
      const close = closing(source, at, mark);
      if (close !== undefined) {
        made = { kind: wraps[mark], children: inlines(source.slice(at + 1, close)) };
        end = close + 1;
      }
    }
    if (made === undefined) {
      token.lastIndex = at + 1;
      continue;
    }
    if (at > rest) found.push(text(source.slice(rest, at)));
    found.push(made);
    rest = end;
    token.lastIndex = end;
  }
  if (rest < source.length) found.push(text(source.slice(rest)));
  return found;
}

const text = (escaped: string): Inline => ({ kind: 'text', text: unescape(escaped) });

/** In 10:30:00 there is no emoji. */
const isTime = (source: string, at: number): boolean => /\d/.test(source[at - 1] ?? '');

/** Slack: marks count only at the edges of words. */
function closing(source: string, at: number, mark: string): number | undefined {
  const isInside = /[\p{L}\p{N}]/u;
  if (isInside.test(source[at - 1] ?? '') || /\s|^$/.test(source[at + 1] ?? '')) return undefined;
  for (let end = source.indexOf(mark, at + 2); end !== -1; end = source.indexOf(mark, end + 1)) {
    const isCode = (source.slice(at, end).match(/`/g)?.length ?? 0) % 2 === 1;
    const isAngled = source.lastIndexOf('<', end) > source.lastIndexOf('>', end) && source.lastIndexOf('<', end) > at;
    if (isCode || isAngled) continue;
    if (!/\s/.test(source[end - 1] ?? '') && !isInside.test(source[end + 1] ?? '')) return end;
  }
  return undefined;
}

/** What stands between < and >. */
function reference(inner: string): Inline | undefined {
  const date = /^!date\^(\d+)\^([^^|]*)(?:\^([^|]*))?\|(.*)$/s.exec(inner);
  if (date !== null) {
    const [, seconds, format = '', url, fallback = ''] = date;
    const made = { kind: 'date' as const, seconds: Number(seconds), format, fallback: unescape(fallback) };
    return url ? { ...made, url } : made;
  }
  const [target = '', label] = inner.split('|', 2);
  const named = label === undefined ? {} : { label: unescape(label) };
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), ...named };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), ...named };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice('!subteam^'.length), ...named };
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: 'broadcast', range: target.slice(1) };
  if (/^(https?:|mailto:|\/)/.test(target)) {
    const url = unescape(target);
    return { kind: 'link', url, text: named.label ?? url };
  }
  return undefined;
}

const unescape = (escaped: string): string =>
  escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
