import type { Home } from '../listener';
import { cardLinks } from '../permalinks';
import { homeRuns, homeShown, homeView, recentAtMost } from '../views/home';
import { rightsLines } from '../views/rights';

export const home: Home = {
  kind: 'home',
  id: 'app_home_opened',
  async publish(parts, caller) {
    const { door, house, inventory, policy, homes, clock, hurry } = parts;
    const { client, site } = caller;
    const person = caller.person.id;
    const now = clock.now();
    const holder = `opened ${now}`;
    // People wait: which runs and which databases there are may be a moment old.
    const listing = Promise.all([door.listed('open'), door.listed('past', recentAtMost)]);
    const listed = inventory.list();
    for (const early of [listing, listed]) early.catch(() => undefined);
    const membership = await caller.groups();
    // Before it is read what they say: whoever changes it from now on finds the tab.
    const opening = { person, groups: [...membership.of], site };
    await homes.opened(opening, holder, now);
    const [open, past] = await listing;
    const ids = [...open, ...past].map((id) => ({ id }));
    const [runs, ended, freeze, links, entries] = await Promise.all([
      door.all(open),
      door.all(past),
      door.frozen(),
      cardLinks(parts, caller, ids),
      listed,
    ]);
    const rights = rightsLines(policy, person, entries, membership);
    const owner = { ...opening, rights };
    const home = { person, groups: membership.of, freeze, ...homeRuns(runs, ended), rights, links };
    const publish = () => client.views.publish({ user_id: person, view: homeView(home, house) });
    // Where that cannot be said in time, what the tab says is unknown, and the next change publishes it anew.
    if (!hurry.hasTimeFor(2)) return void (await Promise.all([publish(), homes.opened(owner, holder, now)]));
    await publish();
    await homes.opened(owner, holder, now, homeShown(home, now));
  },
};
