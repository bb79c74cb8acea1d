import { type Policy, ruleFor } from '../../orchestrator/policy';
import type { InventoryEntry } from '../../orchestrator/ports';
import type { Options } from '../listener';
import { option } from '../views/blocks';
import { clamp } from '../views/mrkdwn';
import { channelOf, fields } from '../views/restore-form';

/** Slack: at most 100 options in a menu, over all groups. */
const atMost = 100;

/** The databases that this person may ask for here, by environment, those that begin with the typed text first. */
export const databaseOptions: Options = {
  kind: 'options',
  id: fields.database,
  async find(parts, { typed, person, view }) {
    const [all] = await Promise.all([parts.inventory.list(), parts.inventory.used(parts.clock.now())]);
    const channel = view && channelOf(view);
    const wanted = typed.trim().toLowerCase();
    const offered = all.filter(
      ({ name }) => isOffered(parts.policy, name, person.id, channel) && name.includes(wanted),
    );
    const begins = ({ name }: InventoryEntry) => (name.startsWith(wanted) ? 0 : 1);
    offered.sort((a, b) => begins(a) - begins(b) || a.name.localeCompare(b.name));
    return grouped(offered.slice(0, atMost));
  },
};

/** Leaves out what would be refused anyway; the door decides. */
function isOffered(policy: Policy, name: string, person: string, channel: string | undefined): boolean {
  const rule = ruleFor(policy, name);
  if (rule === undefined) return false;
  const mayRequest = rule.request === 'everyone' || rule.request.includes(person);
  const isHere = rule.channels === undefined || channel === undefined || rule.channels.includes(channel);
  return mayRequest && isHere;
}

function grouped(entries: InventoryEntry[]): Awaited<ReturnType<Options['find']>> {
  const groups = new Map<string, InventoryEntry[]>();
  for (const entry of entries) {
    const label = entry.environment ?? 'Other databases';
    groups.set(label, [...(groups.get(label) ?? []), entry]);
  }
  const labels = [...groups.keys()];
  const isOneUnnamed = labels.length === 1 && entries[0]?.environment === undefined;
  if (labels.length === 0 || isOneUnnamed) return { options: entries.map(asOption) };
  return {
    option_groups: labels.map((label) => ({
      label: { type: 'plain_text', text: clamp(label, 75) },
      options: (groups.get(label) ?? []).map(asOption),
    })),
  };
}

function asOption({ name, engine, version, class: size, status }: InventoryEntry) {
  return option(name, name, [`${engine} ${version}`, size, status].join(' · '));
}
