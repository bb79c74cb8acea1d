import type { Wish } from '../../orchestrator/wish';
import { channelRefusal } from '../callers/channels';
import type { CommandCall } from '../command';
import type { Parts, Said } from '../listener';
import { windowOf } from '../reshape';
import { escape, lines } from '../views/mrkdwn';
import { problemText } from '../views/problem';
import { type Filled, restoreForm } from '../views/restore-form';

/** Opens the form, unless it is clear already that the request would be refused; `mistakes` in what was typed are. */
export async function openForm(
  parts: Parts,
  { person, channel, client, trigger, groups, zone }: CommandCall,
  filled: Omit<Filled, 'channel'>,
  mistakes: readonly string[],
): Promise<Said | undefined> {
  const { door, inventory, clock, house } = parts;
  const { database } = filled;
  const target = targetOf(filled);
  const [elsewhere, verdict, window] = await Promise.all([
    channelRefusal(client, channel),
    database === undefined
      ? undefined
      : door.mayRequest({
          database,
          ...(target ? { target } : { asksName: isElsewhere(filled) }),
          person: person.id,
          channel,
          groups: await groups(),
        }),
    windowOf(parts, { zone }, filled),
    inventory.used(clock.now()),
  ]);
  if (elsewhere !== undefined) return { text: elsewhere };
  const refusal = verdict && !verdict.ok ? [problemText(verdict.problem, house)] : [];
  const wrong = [...mistakes.map((one) => escape(one)), ...refusal];
  if (wrong.length > 0) return { text: lines(wrong) };
  await client.views.open({ trigger_id: trigger, view: restoreForm({ channel, ...filled, ...window }) });
  return undefined;
}

const isElsewhere = ({ target }: Omit<Filled, 'channel'>): boolean => target === 'new' || target === 'onto';

/** Absent while the form still has to ask for the name. */
function targetOf({ target, name }: Omit<Filled, 'channel'>): Wish['target'] | undefined {
  if (target === 'none') return { kind: target };
  const hasName = target === 'new' || target === 'onto';
  return hasName && name !== undefined ? { kind: target, name } : undefined;
}
