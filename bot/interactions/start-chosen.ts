import type { Button } from '../listener';
import { filledOf, reshape } from '../reshape';
import { startFields } from '../views/start-field';

/** A time of one's own needs a field for it. */
export const startChosen: Button = {
  kind: 'button',
  id: startFields.start,
  async press(parts, click) {
    await reshape(parts, click, filledOf);
    return { ok: true };
  },
};
