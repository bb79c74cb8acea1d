import { buttons, readPlanValue } from '../buttons';
import type { Button } from '../listener';
import { denyForm } from '../views/deny-form';

/** Asks for the reason first; the form carries on which plan it is about. */
export const deny: Button = {
  kind: 'button',
  id: buttons.deny,
  async press(_, { value, client, trigger }) {
    await client.views.open({ trigger_id: trigger, view: denyForm(value, readPlanValue(value).run) });
    return { ok: true };
  },
};
