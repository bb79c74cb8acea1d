import type { Options } from '../listener';
import {
  cloneOption,
  fields,
  freshOption,
  newestOption,
  readForm,
  snapshotOption,
  timeOption,
} from '../views/restore-form';

/** Slack: at most 100 options in a menu, with those that are no snapshots yet. */
const atMost = 100;

/** The snapshots of the database that is chosen in the form, newest first. */
export const snapshotOptions: Options = {
  kind: 'options',
  id: fields.snapshot,
  async find({ databases, inventory, clock }, { typed, view }) {
    const database = view && readForm(view.state.values).database;
    if (database === undefined) return { options: [newestOption] };
    const now = clock.now();
    const wanted = typed.trim().toLowerCase();
    const [snapshots, known] = await Promise.all([databases.snapshotsOf(database), inventory.list()]);
    const available = snapshots.filter((snapshot) => snapshot.isAvailable);
    const isClonable = known.find(({ name }) => name === database)?.isClonable ?? false;
    const found = available
      .map((snapshot) => ({ id: snapshot.id, option: snapshotOption(snapshot, now) }))
      .filter(({ id, option }) => `${id} ${option.text.text}`.toLowerCase().includes(wanted));
    const others = [
      ...(available.length > 0 ? [newestOption] : []),
      freshOption,
      ...(isClonable ? [cloneOption] : []),
      timeOption,
    ].filter(({ text }) => text.text.toLowerCase().includes(wanted));
    return { options: [...others, ...found.slice(0, atMost - others.length).map(({ option }) => option)] };
  },
};
