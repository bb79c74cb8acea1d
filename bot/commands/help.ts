import { anyMember, type Command } from '../command';
import { section } from '../views/blocks';
import { code, escape, lines, md } from '../views/mrkdwn';

/** Lists all verbs; they are asked for late because this verb is one of them. */
export const help = (commands: () => readonly Command[]): Command => ({
  verb: 'help',
  usage: '',
  summary: 'Shows this list.',
  who: anyMember,
  answers: 'this list, or all about one verb',
  async run({ house }) {
    const list = commands().map(({ verb, usage, summary }) => {
      const line = [house.command, verb, usage].filter((part) => part !== '').join(' ');
      return md`• ${code(line, 120)} ${escape(summary)}`;
    });
    const text = lines([
      md`*Trapheus restores RDS databases: asked for here, approved by others, proven equal, undoable.*`,
      ...list,
      md`Verbs may be shortened. Nothing runs from typed text alone: a restore opens a form first.`,
    ]);
    return { text, blocks: [section(text)] };
  },
});
