import { suggestion } from '../../orchestrator/door/suggestion';
import type { Parts, Said } from '../listener';
import { code, md } from '../views/mrkdwn';

/** What to say about a name that no database has; undefined when one has it. */
export async function knownDatabase({ inventory }: Pick<Parts, 'inventory'>, name: string): Promise<Said | undefined> {
  const names = (await inventory.list()).map((entry) => entry.name);
  if (names.includes(name)) return undefined;
  const near = suggestion(name, names);
  const offer = near === undefined ? md` Check the spelling.` : md` Did you mean ${code(near)}?`;
  return { text: md`I know no database named ${code(name, 63)}.${offer}` };
}
