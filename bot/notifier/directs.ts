import { digest } from '../../orchestrator/digest';
import { isGroup } from '../../orchestrator/policy';
import type { Run } from '../../orchestrator/run';
import type { House } from '../house';
import { isMessageLost, isPassing, platformError } from '../slack-errors';
import type { Message } from '../views/blocks';
import { directMessage, directs } from '../views/direct';

/** A message in somebody's direct conversation; without a place where Slack takes none for him. */
export interface SentDirect {
  channel?: string | undefined;
  ts?: string | undefined;
  hash: string;
}

/** By `<id of the message> <id of the person>`. */
export type SentDirects = Record<string, SentDirect>;

export interface DirectParts {
  run: Run;
  house: House;
  sent: SentDirects;
  /** Undefined when Slack did not say. */
  members: (group: string) => Promise<string[] | undefined>;
  /** Undefined: not now. */
  post: (person: string, message: Message) => Promise<{ channel?: string; ts?: string } | undefined>;
  edit: (place: { channel: string; ts: string }, message: Message) => Promise<unknown>;
  keep: (sent: SentDirects) => Promise<void>;
  /** Something is left to say. */
  later: () => void;
}

/** Says in private what has to be said there, and brings every copy that was sent to what the record says now. */
export async function sayDirectly(parts: DirectParts): Promise<void> {
  const { run, house } = parts;
  let { sent } = parts;
  const keep = async (key: string, direct: SentDirect) => {
    sent = { ...sent, [key]: direct };
    await parts.keep(sent);
  };
  // First what is out there: nobody presses a button that means nothing any more.
  for (const [key, { channel, ts, hash }] of Object.entries(sent)) {
    const [id = '', person = ''] = key.split(' ');
    const message = directMessage(run, id, person, house);
    const wanted = digest(message);
    if (channel === undefined || ts === undefined || hash === wanted) continue;
    const edited = await unlessClosed(() => parts.edit({ channel, ts }, message));
    if (edited === 'closed') await keep(key, { hash });
    else if (edited !== undefined) await keep(key, { channel, ts, hash: wanted });
  }
  for (const { id, to, without } of directs(run)) {
    for (const person of await people(parts, to, without)) {
      const key = `${id} ${person}`;
      if (key in sent) continue;
      const message = directMessage(run, id, person, house);
      const posted = await unlessClosed(() => parts.post(person, message));
      if (posted === 'closed') await keep(key, { hash: '' });
      else if (posted) await keep(key, { channel: posted.channel, ts: posted.ts, hash: digest(message) });
    }
  }
}

/** Each once, whether named or in a group; a group that Slack does not name waits. */
async function people(parts: DirectParts, to: readonly string[], without: readonly string[]): Promise<string[]> {
  const known = new Map<string, string[]>();
  for (const group of [...to, ...without].filter(isGroup)) {
    const members = await parts.members(group);
    if (members === undefined) parts.later();
    else known.set(group, members);
  }
  // While it is not known who is in a quiet group, nobody is called who might be.
  if (without.some((id) => isGroup(id) && !known.has(id))) return [];
  const each = (ids: readonly string[]) => ids.flatMap((id) => (isGroup(id) ? (known.get(id) ?? []) : [id]));
  const quiet = new Set(each(without));
  return [...new Set(each(to))].filter((id) => !quiet.has(id));
}

/** One person whom Slack takes no message for (deactivated, a bot) must not keep the others from theirs. */
async function unlessClosed<T>(call: () => Promise<T>): Promise<T | 'closed'> {
  try {
    return await call();
  } catch (error) {
    if (isPassing(error) && !isMessageLost(error)) throw error;
    if (platformError(error) === undefined) throw error;
    return 'closed';
  }
}
