import type { Home } from '../listener';
import { cardLinks } from '../permalinks';
import { homeRuns, homeShown, homeView, recentAtMost } from '../views/home';
import { rightsLines } from '../views/rights';

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async publish(parts, caller) {
    const { door, house, inventory, policy, homes, clock } = parts;
    const { client, site } = caller;
    const person = caller.person.id;
    const now = clock.now();
    const holder = `opened ${now}`;
    const [membership, entries] = await Promise.all([caller.groups(), inventory.list()]);
    const rights = rightsLines(policy, person, entries, membership);
    // Before anything is read: whoever changes it from now on finds the tab.
    const owner = { person, groups: [...membership.of], rights, site };
    await homes.opened(owner, holder, now);
    const [runs, past, freeze] = await Promise.all([door.open(), door.recent(recentAtMost), door.frozen()]);
    const shown = homeRuns(runs, past);
    const links = await cardLinks(parts, caller, [...shown.open, ...shown.past]);
    const home = { person, groups: membership.of, freeze, ...shown, rights, links };
    await client.views.publish({ user_id: person, view: homeView(home, house) });
    await homes.opened(owner, holder, now, homeShown(home, now));
  },
};
