import { anyMember, type Command } from '../command';
import { section } from '../views/blocks';
import { code, escape, lines, md, user } from '../views/mrkdwn';
import { noRights, rightsLines } from '../views/rights';

/** What may I do here, and why. */
export const whoami: Command = {
  verb: 'whoami',
  usage: '',
  summary: 'Says what you may request and approve, and why.',
  who: anyMember,
  answers: 'your rights, rule by rule',
  async run({ policy, inventory, house }, { person, zone, groups }) {
    const rights = rightsLines(policy, person.id, await inventory.list(), await groups());
    const me = md`You are ${user(person.id)}, a full member of this workspace. Times that you type are meant in ${escape(zone, 60)}.`;
    const more = md`${code(`${house.command} policy <database>`)} says which rule a database has. You may cancel and undo what you asked for.`;
    const all = rights.length === 0 ? [noRights] : rights.map((right) => md`• ${right}`);
    return { text: lines([me, ...all, more], 3500), blocks: [section(me), section(lines(all)), section(more)] };
  },
};
