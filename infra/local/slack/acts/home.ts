import type { HomeInput } from './input';
import type { Perform } from './outcome';
import { shownView } from './scene';

/** Slack: app_home_opened event. */
export const home: Perform<HomeInput> = async ({ store, line }, person) => {
  const before = store.views.home(person.id);
  const exchange = await line.event(person, {
    type: 'app_home_opened',
    user: person.id,
    channel: store.direct(person).id,
    tab: 'home',
    ...(before && { view: store.viewPayload(before) }),
  });
  const view = shownView(store, store.views.home(person.id));
  return { exchange, ...(view && { view }) };
};
