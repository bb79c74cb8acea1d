import type { Button } from '../listener';
import { filledOf, reshape } from '../reshape';
import { fields } from '../views/restore-form';

/** Another database was chosen in the form: the snapshot field begins anew. */
export const databaseChosen: Button = {
  kind: 'button',
  id: fields.database,
  async press(parts, click) {
    await reshape(parts, click, (state) => ({ ...filledOf(state), snapshot: undefined, snapshotText: undefined }));
    return { ok: true };
  },
};
