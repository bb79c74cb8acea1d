import type { Button } from '../listener';
import { filledOf, reshape } from '../reshape';
import { fields } from '../views/restore-form';

/** A point in time needs a field for it; a snapshot does not. */
export const sourceChosen: Button = {
  kind: 'button',
  id: fields.snapshot,
  async press(parts, click) {
    await reshape(parts, click, filledOf);
    return { ok: true };
  },
};
