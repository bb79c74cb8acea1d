import type { Options } from '../listener';
import { fields, freshOption, newestOption, readForm, snapshotOption, timeOption } from '../views/restore-form';

/** Slack: at most 100 options in a menu; three of them are no snapshots yet. */
const atMost = 97;

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
    const others = [...(available.length > 0 ? [newestOption] : []), freshOption, timeOption].filter(({ text }) =>
      text.text.toLowerCase().includes(wanted),
    );
    return { options: [...others, ...found.slice(0, atMost).map(({ option }) => option)] };
  },
};
