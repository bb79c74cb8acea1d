import { isClosed } from '../../orchestrator/run';
import type { Home } from '../listener';
import { cardLinks } from '../permalinks';
import { homeView } from '../views/home';
import { rightsLines } from '../views/rights';

/** How many runs that have ended are worth a look. */
export const recent = 8;

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async show(parts, caller) {
    const { door, house, inventory, policy } = parts;
    const shown = async () => {
      const [runs, past] = await Promise.all([door.open(), door.recent(recent)]);
      const open = runs.filter((run) => !isClosed(run));
      return { open, past, links: await cardLinks(parts, caller, [...open, ...past]) };
    };
    const [{ open, past, links }, membership, freeze, entries] = await Promise.all([
      shown(),
      caller.groups(),
      door.frozen(),
      inventory.list(),
    ]);
    const person = caller.person.id;
    const rights = rightsLines(policy, person, entries, membership);
    return homeView({ person, groups: membership.of, freeze, open, past, rights, links }, house);
  },
};
