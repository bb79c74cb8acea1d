import { isClosed } from '../../orchestrator/run';
import type { Home } from '../listener';
import { homeView } from '../views/home';

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async show({ door, house }, { person }) {
    const open = (await door.open()).filter((run) => !isClosed(run));
    return homeView(open, person.id, house);
  },
};
