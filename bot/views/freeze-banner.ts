import type { Freeze } from '../../orchestrator/ports';
import { escape, type Mrkdwn, md, user } from './mrkdwn';
import { moment } from './times';

/** What everybody has to see who wonders why nothing begins. */
export function freezeBanner({ by, at, reason }: Freeze): Mrkdwn {
  return md`:snowflake: *Everything is frozen.* ${user(by)} stopped it ${moment(at)}: ${escape(reason, 400)}\nNo run starts and no gate opens until an administrator unfreezes.`;
}
