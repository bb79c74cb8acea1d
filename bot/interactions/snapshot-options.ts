import type { Snapshot } from '../../orchestrator/ports';
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
    const entry = known.find(({ name }) => name === database);
    const isClonable = entry?.isClonable ?? false;
    const matches = (words: string) => words.toLowerCase().includes(wanted);
    const offered = (all: Snapshot[]) =>
      all
        .map((snapshot) => ({ id: snapshot.id, type: snapshot.type, option: snapshotOption(snapshot, now) }))
        .filter(({ id, type, option }) => matches(`${id} ${type} ${option.text.text}`));
    const own = offered(available);
    // Other accounts' are looked for when none of its own is meant: of the same engine, whatever their database.
    const others = wanted !== '' && own.length === 0 ? await databases.sharedSnapshots() : [];
    const shared = offered(others.filter(({ engine, isAvailable }) => isAvailable && engine === entry?.engine));
    const found = [...own, ...shared];
    const fresh = [
      ...(available.length > 0 ? [newestOption] : []),
      freshOption,
      ...(isClonable ? [cloneOption] : []),
      timeOption,
    ].filter(({ text }) => matches(text.text));
    return { options: [...fresh, ...found.slice(0, atMost - fresh.length).map(({ option }) => option)] };
  },
};
