import type { Acting } from '../../orchestrator/door/acting';
import type { Caller } from '../listener';

/** Who wants something of a run, as the door takes it: ids that Slack has signed, and the groups that it named. */
export async function acting(caller: Pick<Caller, 'person' | 'groups'>, run: string, from?: string): Promise<Acting> {
  const groups = await caller.groups();
  return { run, by: caller.person.id, groups, ...(from !== undefined && { from }) };
}
