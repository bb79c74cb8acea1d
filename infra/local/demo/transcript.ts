import type { Sandbox } from '../sandbox';
import type { Message } from '../slack/messages';
import { app } from '../slack/people';
import { asWords, firstName, type Style, table } from './words';

/** Writes down what a channel shows, with the virtual time at which it does. */
export class Transcript {
  readonly #sandbox: Sandbox;
  readonly #style: Style;
  readonly #line: (line: string) => void;
  #isAfterBlank = true;
  /** The lines that each root message has shown so far, without their numbers. */
  readonly #shown = new Map<string, Set<string>>();
  #who = '';

  constructor(sandbox: Sandbox, style: Style, write: (line: string) => void) {
    this.#sandbox = sandbox;
    this.#style = style;
    this.#line = write;
    sandbox.slack.onChange((change) => {
      if (change.kind === 'message' || change.kind === 'message_changed') this.#message(change.message);
    });
  }

  chapter(title: string): void {
    this.#who = '';
    this.#write('');
    this.#write(this.#style.bold(title));
    this.#write('');
  }

  /** Something that nobody in the channel says. */
  aside(text: string): void {
    this.#who = '';
    this.#write(this.#style.dim(`          (${text})`));
  }

  says(person: string, text: string): void {
    this.#say(firstName(person), text);
  }

  /** A form as the person fills it in. */
  form(title: string, fields: string[][], button: string): void {
    this.#who = '';
    this.#write(`          ${this.#style.bold(title)}`);
    for (const line of table(fields)) this.#write(`            ${line}`);
    this.#write(`            [${button}]`);
  }

  databases(title: string, concerned: (name: string) => boolean): void {
    const { databases } = this.#sandbox.rds.snapshotOfWorld();
    const rows = databases
      .filter(({ name }) => concerned(name))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ name, resourceId, status, tags }) => [
        name,
        resourceId,
        status,
        Object.entries(tags)
          .map((tag) => tag.join('='))
          .join(' '),
      ]);
    this.#who = '';
    this.#write('');
    this.#write(`  ${this.#style.bold(title)}`);
    for (const line of table([['name', 'resource id', 'status', 'tags'], ...rows])) this.#write(`    ${line}`);
    this.#write('');
  }

  /** The parts of a card whose first lines begin with one of `titles`. */
  part(message: Pick<Message, 'blocks'>, titles: string[]): void {
    for (const section of sections(message)) {
      const [head = '', ...lines] = section.split('\n');
      if (!titles.some((title) => head.startsWith(title))) continue;
      this.#write(`    ${this.#style.bold(head)}`);
      for (const line of lines) this.#write(`    ${line}`);
    }
  }

  #message(message: Message): void {
    if (message.ephemeral_to !== undefined || message.user !== app.botUserId) return;
    if (message.thread_ts !== undefined) return this.#say('Trapheus', `in the thread: ${asWords(message.text)}`);
    const before = this.#shown.get(message.ts);
    const shown = before ?? new Set<string>();
    this.#shown.set(message.ts, shown);
    for (const line of lines(message)) {
      const known = line.replaceAll(/ · (about )?\d+ %/g, '');
      if (shown.has(known)) continue;
      shown.add(known);
      const isNews = before === undefined ? !line.startsWith('·') : true;
      if (isNews) this.#say('Trapheus', line);
    }
  }

  /** Never two blank lines in a row. */
  #write(line: string): void {
    const isBlank = line === '';
    if (!isBlank || !this.#isAfterBlank) this.#line(line);
    this.#isAfterBlank = isBlank;
  }

  #say(who: string, text: string): void {
    const time = new Date(this.#sandbox.clock.now()).toISOString().slice(11, 19);
    const name = this.#who === who ? '' : who;
    this.#who = who;
    const [first, ...more] = text.split('\n');
    this.#write(`${this.#style.dim(time)}  ${this.#style.bold(name.padEnd(8))}  ${first}`);
    for (const line of more) this.#write(`${' '.repeat(20)}${line}`);
  }
}

/** What a card says: its heading, the plan, and the state of each step. */
function lines(message: Message): string[] {
  const header = message.blocks.find(({ type }) => type === 'header') as { text: { text: string } } | undefined;
  const heading = header === undefined ? [] : [asWords(header.text.text)];
  const wanted = ['What will happen', 'Steps'];
  const parts = sections(message).filter((section) => wanted.includes(section.split('\n')[0] ?? ''));
  return [...heading, ...parts.flatMap((section) => section.split('\n').slice(1))];
}

function sections({ blocks }: Pick<Message, 'blocks'>): string[] {
  return blocks
    .filter(({ type }) => type === 'section')
    .map((block) => block.text as { text?: string } | undefined)
    .map((text) => asWords(text?.text ?? ''));
}
