import { refused } from '../../orchestrator/errors';
import { buttons } from '../buttons';
import type { Button } from '../listener';
import { filledFrom, restoreForm } from '../views/restore-form';

/** Opens the form with what was asked for the last time. */
export const requestAgain: Button = {
  kind: 'button',
  id: buttons.requestAgain,
  async press({ door }, { value, person, client, trigger, groups }) {
    const run = await door.find(value);
    if (run === undefined) return refused('unknown-run', { run: value });
    const { database, target, askedIn, channel: shownIn } = run.request;
    const channel = askedIn ?? shownIn;
    const verdict = await door.mayRequest({ database, target, person: person.id, channel, groups: await groups() });
    if (!verdict.ok) return verdict;
    await client.views.open({ trigger_id: trigger, view: restoreForm({ channel, ...filledFrom(run.request) }) });
    return { ok: true };
  },
};
