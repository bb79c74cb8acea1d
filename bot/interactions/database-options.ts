import { judge, type Rule, ruleFor } from '../../orchestrator/policy';
import type { InventoryEntry } from '../../orchestrator/ports';
import { channel as allowedHere } from '../../orchestrator/rules/channel';
import { requester } from '../../orchestrator/rules/requester';
import type { Options } from '../listener';
import { option } from '../views/blocks';
import { clamp } from '../views/mrkdwn';
import { fields, placeOf } from '../views/restore-form';

/** Slack: at most 100 options in a menu, over all groups. */
const atMost = 100;

/** The databases that this person may ask for here, by environment, those that begin with the typed text first. */
export const databaseOptions: Options = {
  kind: 'options',
  id: fields.database,
  async find({ inventory, policy, clock }, { typed, person, view }) {
    const [all] = await Promise.all([inventory.list(), inventory.used(clock.now())]);
    const place = view && placeOf(view).channel;
    const wanted = typed.trim().toLowerCase();
    const words = wanted.split(/\s+/);
    const mayAskFor = permissions(person.id, place);
    const offered = all
      .map((entry) => ({ entry, rule: ruleFor(policy, entry.name) }))
      .filter(({ entry, rule }) => words.every((word) => entry.name.includes(word)) && mayAskFor(rule));
    const begins = (name: string) => (name.startsWith(wanted) ? 0 : 1);
    offered.sort((a, b) => begins(a.entry.name) - begins(b.entry.name) || compare(a.entry.name, b.entry.name));
    return grouped(offered.map(({ entry, rule }) => ({ entry, label: entry.environment ?? rule?.name ?? '' })));
  },
};

/** Names are small letters, digits and hyphens: the order of their characters is that of the alphabet. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Leaves out what would be refused anyway, asking each rule once; the door decides. */
function permissions(person: string, channel: string | undefined): (rule: Rule | undefined) => boolean {
  const known = new Map<Rule, boolean>();
  const ask = (rule: Rule): boolean => {
    const facts = { rule, database: '', person, channel: channel ?? '', reason: '', requester: person, run: '' };
    // Without a channel yet, the one that is chosen later decides.
    const may = judge(channel === undefined ? [requester] : [requester, allowedHere], facts).ok;
    known.set(rule, may);
    return may;
  };
  return (rule) => rule !== undefined && (known.get(rule) ?? ask(rule));
}

interface Offered {
  entry: InventoryEntry;
  label: string;
}

/** By environment; of too many, the first of each, so that no environment hides another. */
function grouped(offered: readonly Offered[]): Awaited<ReturnType<Options['find']>> {
  const groups = new Map<string, InventoryEntry[]>();
  for (const { entry, label } of offered) {
    const group = groups.get(label);
    if (group) group.push(entry);
    else groups.set(label, [entry]);
  }
  if (groups.size === 0) return { options: [] };
  const shares = fairShares([...groups.values()].map((entries) => entries.length));
  return {
    option_groups: [...groups].slice(0, atMost).flatMap(([label, entries], index) => {
      const shown = entries.slice(0, shares[index]);
      if (shown.length === 0) return [];
      const cut = shown.length < entries.length ? ` (${shown.length} of ${entries.length}: type to narrow)` : '';
      const text = `${clamp(label, 75 - cut.length)}${cut}`;
      return [{ label: { type: 'plain_text' as const, text }, options: shown.map(asOption) }];
    }),
  };
}

/** How many of each group fit: every group gets the same until it has enough. */
function fairShares(sizes: readonly number[]): number[] {
  const shares = sizes.map(() => 0);
  let left = atMost;
  while (left > 0 && shares.some((share, index) => share < (sizes[index] ?? 0))) {
    for (const [index, size] of sizes.entries()) {
      const share = shares[index] ?? 0;
      if (left === 0 || share >= size) continue;
      shares[index] = share + 1;
      left -= 1;
    }
  }
  return shares;
}

function asOption({ name, engine, version, class: size, status }: InventoryEntry) {
  return option(name, name, [`${engine} ${version}`, size, status].join(' · '));
}
