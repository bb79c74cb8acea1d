import { anyMember, type Command } from '../command';
import type { House } from '../house';
import type { Said } from '../listener';
import { context, section } from '../views/blocks';
import { code, escape, join, lines, type Mrkdwn, md } from '../views/mrkdwn';
import { meant } from './parse';

/** Lists all verbs; they are asked for late because this verb is one of them. */
export function help(commands: () => readonly Command[]): Command {
  // Long, and always the same: it is put together once, and not for everybody who asks.
  let list: { house: House; said: Said } | undefined;
  return {
    verb: 'help',
    usage: '[verb]',
    summary: 'Shows this list, or all about one verb.',
    who: anyMember,
    answers: 'this list, or all about one verb',
    async run({ house }, { words }) {
      const all = commands();
      const [topic] = words;
      if (topic === undefined) {
        if (list?.house !== house) list = { house, said: everyVerb(all, house) };
        return list.said;
      }
      const found = meant(
        topic,
        all.map(({ verb }) => verb),
      );
      const command = 'word' in found ? all.find(({ verb }) => verb === found.word) : undefined;
      if (command !== undefined) return oneVerb(command, house);
      const guesses = 'guesses' in found ? found.guesses : [];
      const offers = guesses.map((verb) => code(`${house.command} help ${verb}`));
      const offer = offers.length === 0 ? md`` : md` Did you mean ${join(offers, ' or ')}?`;
      return { text: md`There is no verb ${code(topic, 60)}.${offer} ${code(`${house.command} help`)} lists them.` };
    },
  };
}

function everyVerb(commands: readonly Command[], house: House): Said {
  const list = commands.map(({ verb, usage, summary }) => {
    const line = [house.command, verb, usage].filter((part) => part !== '').join(' ');
    return md`• ${code(line, 160)} ${escape(summary)}`;
  });
  const head = md`*Trapheus restores RDS databases: asked for here, approved by others, proven equal, undoable.*`;
  const foot = md`Verbs and options may be shortened, and stand in any order. Nothing is changed by typed text alone: a dialog opens first. ${code(`${house.command} help restore`)} says more about a verb.`;
  // Slack: a section's text has at most 3,000 characters, and more verbs than that can hold.
  const sections = Array.from({ length: Math.ceil(list.length / 8) }, (_, index) =>
    list.slice(index * 8, index * 8 + 8),
  );
  return {
    text: join([head, ...list, foot], '\n'),
    blocks: [section(head), ...sections.map((some) => section(lines(some))), context(foot)],
  };
}

function oneVerb({ verb, usage, summary, who, answers, examples = [], notes = [] }: Command, house: House): Said {
  const about: (Mrkdwn | undefined)[] = [
    code([house.command, verb, usage].join(' ').trim(), 300),
    escape(summary),
    md`*Who may:* ${escape(who)}.`,
    md`*What it answers:* ${escape(answers)}.`,
    ...notes.map((note) => escape(note)),
    examples.length === 0 ? undefined : md`*For example*`,
    ...examples.map((example) => md`• ${code(`${house.command} ${example}`, 200)}`),
  ];
  const text = join(about, '\n');
  return { text, blocks: [section(text)] };
}
