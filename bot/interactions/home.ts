import { isClosed } from '../../orchestrator/run';
import type { Home } from '../listener';
import { homeView } from '../views/home';

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async show({ door, house }, { person, groups }) {
    const [runs, membership, freeze] = await Promise.all([door.open(), groups(), door.frozen()]);
    const open = runs.filter((run) => !isClosed(run));
    return homeView(open, { person: person.id, groups: membership.of, freeze }, house);
  },
};
