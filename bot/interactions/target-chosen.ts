import type { Button } from '../listener';
import { filledOf, reshape } from '../reshape';
import { fields } from '../views/restore-form';

/** A clone needs a name, and another database has to be named. */
export const targetChosen: Button = {
  kind: 'button',
  id: fields.target,
  async press(parts, click) {
    await reshape(parts, click, filledOf);
    return { ok: true };
  },
};
