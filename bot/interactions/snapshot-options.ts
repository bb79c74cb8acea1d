import type { Options } from '../listener';
import { fields, newestOption, readForm, snapshotOption } from '../views/restore-form';

/** Slack: at most 100 options in a menu; one of them is the newest. */
const atMost = 99;

/** The snapshots of the database that is chosen in the form, newest first. */
export const snapshotOptions: Options = {
  kind: 'options',
  id: fields.snapshot,
  async find({ databases, clock }, { typed, view }) {
    const database = view && readForm(view.state.values).database;
    if (database === undefined) return { options: [newestOption] };
    const now = clock.now();
    const wanted = typed.trim().toLowerCase();
    const available = (await databases.snapshotsOf(database)).filter((snapshot) => snapshot.isAvailable);
    const found = available
      .map((snapshot) => ({ id: snapshot.id, option: snapshotOption(snapshot, now) }))
      .filter(({ id, option }) => `${id} ${option.text.text}`.toLowerCase().includes(wanted));
    const newest = newestOption.text.text.toLowerCase().includes(wanted) && available.length > 0 ? [newestOption] : [];
    return { options: [...newest, ...found.slice(0, atMost).map(({ option }) => option)] };
  },
};
