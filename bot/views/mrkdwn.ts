declare const brand: unique symbol;

/** Text in Slack's mrkdwn in which nothing that a person or a service wrote can act as markup. */
export type Mrkdwn = string & { readonly [brand]: 'mrkdwn' };

/** Trusts a text that this code has put together from escaped parts. */
const trusted = (text: string): Mrkdwn => text as Mrkdwn;

/** What was mrkdwn when it was written to the table, which nobody else writes. */
export const storedMrkdwn = (text: string): Mrkdwn => trusted(text);

/** Builds mrkdwn from literals and parts that are mrkdwn already; plain text has to go through `escape`. */
export function md(literals: TemplateStringsArray, ...parts: (Mrkdwn | number)[]): Mrkdwn {
  return trusted(literals.map((literal, index) => literal + String(parts[index] ?? '')).join(''));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const entity = (character: string): string => entities[character] ?? character;

/**
 * Plain text as mrkdwn, cut visibly so that the result has at most `max` characters.
 * Slack: Formatting text for app surfaces, “Escaping text”.
 */
export function escape(text: string, max = 2000): Mrkdwn {
  const whole = text.replaceAll(/[&<>]/g, entity);
  if (whole.length <= max) return trusted(whole);
  let cut = '';
  for (const piece of [...text].map(entity)) {
    if (cut.length + piece.length > max - 1) break;
    cut += piece;
  }
  return trusted(`${cut}…`);
}

/** Plain text cut visibly to `max` characters. */
export function clamp(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** A name or id in fixed width; backticks in it would end that. */
export function code(text: string, max = 80): Mrkdwn {
  return md`\`${escape(text.replaceAll('`', "'"), max)}\``;
}

const quotedLines = 25;

/** A person's words, as a quotation of one or more lines. */
export function quote(text: string, max = 1500): Mrkdwn {
  const lines = text.trim().split(/\s*\n+\s*/);
  const shown = lines.length > quotedLines ? [...lines.slice(0, quotedLines), '…'] : lines;
  return trusted(escape(shown.join('\n'), max).replaceAll(/^/gm, '> '));
}

/** A link to one of our own addresses. Slack: Formatting text, “Links”. */
export function link(url: string, text: string): Mrkdwn {
  return trusted(`<${escape(encodeURI(url), 1000)}|${escape(text, 200).replaceAll('|', '¦')}>`);
}

const userId = /^[UW][A-Z0-9]+$/;
const groupId = /^S[A-Z0-9]+$/;
const conversationId = /^[CGD][A-Z0-9]+$/;

/** A person, or a user group, by id. */
export function user(id: string): Mrkdwn {
  if (groupId.test(id)) return trusted(`<!subteam^${id}>`);
  return userId.test(id) ? trusted(`<@${id}>`) : escape(id, 80);
}

export function conversation(id: string): Mrkdwn {
  return conversationId.test(id) ? trusted(`<#${id}>`) : escape(id, 80);
}

/**
 * A sentence of the domain, which may name people, channels and groups as `<@U…>`, `<#C…>` and `<!subteam^S…>` and may
 * carry what a person or AWS wrote. Only those forms stay markup.
 */
export function sentence(text: string, max = 2000): Mrkdwn {
  return trusted(escape(text, max).replaceAll(/&lt;((?:[@#]|!subteam\^S)[A-Z0-9]+)&gt;/g, '<$1>'));
}

/** Joins parts, leaving out what is absent. */
export function join(parts: readonly (Mrkdwn | undefined)[], separator: string): Mrkdwn {
  return trusted(parts.filter((part) => part !== undefined && part !== '').join(separator));
}

/** Lines that fit into `max` characters; says how many did not. */
export function lines(all: readonly Mrkdwn[], max = 2900): Mrkdwn {
  const kept: Mrkdwn[] = [];
  let length = 0;
  for (const line of all) {
    length += line.length + 1;
    if (length > max - 30) return join([...kept, md`… and ${all.length - kept.length} more`], '\n');
    kept.push(line);
  }
  return join(kept, '\n');
}

/** mrkdwn for where Slack shows plain text: without markup, people by the names that `nameOf` knows. */
export function plain(text: string, nameOf: (id: string) => string = (id) => id): string {
  return text
    .replaceAll(/<@([A-Z0-9]+)>/g, (_, id: string) => `@${nameOf(id)}`)
    .replaceAll(/<#([A-Z0-9]+)>/g, '#$1')
    .replaceAll(/<!subteam\^([A-Z0-9]+)>/g, 'group $1')
    .replaceAll('`', '');
}
