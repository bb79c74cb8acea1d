import { isClosed } from '../../orchestrator/run';
import type { Home } from '../listener';
import { cardLinks } from '../permalinks';
import { homeView } from '../views/home';
import { rightsLines } from '../views/rights';

/** How many runs that have ended are worth a look. */
const recent = 8;

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async show(parts, caller) {
    const { door, house, inventory, policy } = parts;
    const [runs, past, membership, freeze, entries] = await Promise.all([
      door.open(),
      door.recent(recent),
      caller.groups(),
      door.frozen(),
      inventory.list(),
    ]);
    const open = runs.filter((run) => !isClosed(run));
    const person = caller.person.id;
    const rights = rightsLines(policy, person, entries, membership);
    const links = await cardLinks(parts, caller, [...open, ...past]);
    return homeView({ person, groups: membership.of, freeze, open, past, rights, links }, house);
  },
};
