import { subjectOf } from '../../orchestrator/wish';
import { buttons, readPlanValue } from '../buttons';
import { acting } from '../callers/acting';
import type { Button } from '../listener';
import { passedOver } from '../views/glass';
import { glassForm, glassFormId } from '../views/glass-form';

/** Asks whether it is an emergency, and why; the form carries on which plan it is about. */
export const breakGlass: Button = {
  kind: 'button',
  id: buttons.breakGlass,
  async press({ door }, click) {
    const { value, client, trigger, channel } = click;
    const { run: id } = readPlanValue(value);
    const possible = await door.mayBreakGlass(await acting(click, id, channel));
    if (!possible.ok) return possible;
    const { run } = possible;
    const database = subjectOf(run.request);
    const view = glassForm({ form: glassFormId, value, database, passedOver: passedOver(run) });
    await client.views.open({ trigger_id: trigger, view });
    return { ok: true };
  },
};
