import { settingsFor } from '../../orchestrator/policy';
import { patternFor } from '../../orchestrator/rights';
import { anyMember, type Command } from '../command';
import type { Parts, Said } from '../listener';
import { header, section } from '../views/blocks';
import { code, escape, lines, type Mrkdwn, md } from '../views/mrkdwn';
import { keepingWords, patterns, ruleWords } from '../views/rule-words';
import { knownDatabase } from './known-database';
import { readArguments } from './parse';

/** Slack: at most 50 blocks in a message. */
const atMost = 40;

/** Which rule applies, in words. */
export const policy: Command = {
  verb: 'policy',
  usage: '[database]',
  summary: 'Says in words which rule of policy.yml applies to a database, or lists all rules.',
  who: anyMember,
  answers: 'who may request and approve, where, how many, and how long things are kept',
  examples: ['policy', 'policy orders-prod'],
  async run(parts, { words }) {
    const read = readArguments(words);
    if ('mistake' in read) return { text: escape(read.mistake) };
    const [database, ...more] = read.words.map((word) => word.toLowerCase());
    if (more.length > 0) return { text: md`Name one database, not several.` };
    return database === undefined ? allRules(parts) : rulesOf(parts, database);
  },
};

function allRules({ policy: { rules }, house }: Parts): Said {
  const shown = rules.slice(0, atMost).map((rule) => lines([ruleTitle(rule), ...ruleWords(rule).map(bullet)]));
  const how = md`The first rule whose pattern names the database counts; a database that no rule names cannot be restored. ${code(`${house.command} policy <database>`)} says which one it is.`;
  if (shown.length === 0) return { text: md`policy.yml has no rules, so nothing can be restored from here.` };
  return {
    text: lines([...shown, how], 3500),
    blocks: [header('Rules of policy.yml'), ...shown.map(section), section(how)],
  };
}

async function rulesOf(parts: Parts, database: string): Promise<Said> {
  const unknown = await knownDatabase(parts, database);
  const found = patternFor(parts.policy, database);
  if (unknown && found === undefined) return unknown;
  if (found === undefined)
    return {
      text: md`No rule in policy.yml covers ${code(database, 63)}, so nobody may restore it from here. Ask whoever owns policy.yml to add a rule that names it.`,
    };
  const { rule, pattern } = found;
  const why = md`Rule “${escape(rule.name, 80)}” applies to ${code(database, 63)}: its pattern ${code(pattern)} is the first that matches.`;
  const all = [...ruleWords(rule), ...keepingWords(settingsFor(parts.policy, database))].map(bullet);
  const both = md`When data goes from one database to another, the rules of both have to say yes.`;
  const note = unknown === undefined ? [] : [unknown.text];
  return {
    text: lines([why, ...all, both, ...note], 3500),
    blocks: [section(why), section(lines(all)), section(lines([both, ...note]))],
  };
}

const ruleTitle = (rule: Parameters<typeof patterns>[0] & { name: string }): Mrkdwn =>
  md`*${escape(rule.name, 80)}*: ${patterns(rule)}`;

const bullet = (line: Mrkdwn): Mrkdwn => md`• ${line}`;
