import { buttons, readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { denyForm } from '../views/deny-form';

/** Asks for the reason first; the form carries on which plan it is about. Who may not deny is not asked. */
export const deny: Button = {
  kind: 'button',
  id: buttons.deny,
  async press({ door }, click) {
    const { value, client, trigger, channel } = click;
    const { run } = readPlanValue(value);
    const possible = await door.mayDecide({ ...(await acting(click, run, channel)), decision: 'deny' });
    if (!possible.ok) return possible;
    await client.views.open({ trigger_id: trigger, view: denyForm(value, run) });
    return { ok: true };
  },
};
