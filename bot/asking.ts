import type { ModalView } from '@slack/types';
import type { Reviewed } from '../orchestrator/door/check';
import type { Problem } from '../orchestrator/errors';
import { historyOf } from '../orchestrator/history';
import { ruleFor } from '../orchestrator/policy';
import type { Person } from '../orchestrator/run';
import { isSetAsideFirst, subjectOf } from '../orchestrator/wish';
import type { Parts, Submitted } from './listener';
import { code, conversation, md } from './views/mrkdwn';
import { notice } from './views/notice';
import { type Asked, reviewForm } from './views/review-form';

/** What people call production, in a tag or in the name of a rule. */
const production = /^(prod|production|prd|live)([-_ ]|$)/i;

/** What the last page tells beside what the door says of the request. */
export async function pageFacts({ door, inventory }: Parts, asked: Asked) {
  const { database, source } = asked;
  const [history, entries] = await Promise.all([
    historyOf(door, { database, subject: subjectOf(asked), setAsideFirst: isSetAsideFirst(source) }),
    inventory.list(),
  ]);
  return { history, entries };
}

/** The last page before a request: all that is known of it by then. */
export function reviewPage(
  { clock, policy }: Parts,
  asked: Asked,
  reviewed: Omit<Reviewed, 'ok'>,
  { history, entries }: Awaited<ReturnType<typeof pageFacts>>,
): ModalView {
  const subject = subjectOf(asked);
  const environment = entries.find(({ name }) => name === subject)?.environment;
  // Not the rule that was joined for both: what the data comes from stays as it is.
  const rule = ruleFor(policy, subject)?.name ?? '';
  return reviewForm({
    asked,
    reviewed,
    history,
    isProduction: [environment ?? '', rule].some((word) => production.test(word)),
    now: clock.now(),
  });
}

/** A form that is sent twice asks for one run, also when a page lies on top of it. */
export function requestKey({ team }: Person, view: { id: string; root_view_id: string | null }): string {
  return `${team}:${view.root_view_id ?? view.id}`;
}

/** Asks the door, and says where it goes on. */
export async function sendRequest(
  { door }: Parts,
  { person, view }: Submitted,
  asked: Asked,
): Promise<{ show: ModalView } | { problem: Problem; also: Problem[] }> {
  const answer = await door.request({ ...asked, requester: person, key: requestKey(person, view) });
  const { channel } = answer.ok ? answer.run.request : asked;
  const where = conversation(channel);
  if (answer.ok)
    return {
      show: notice(
        'Request sent',
        md`Request ${code(answer.run.id, 20)} is on its way, in ${where}. Its plan appears there in a moment.`,
        { closesAll: true },
      ),
    };
  if (answer.problem.code === 'already-requested')
    return {
      show: notice('Request sent', md`This request is on its way already, in ${where}.`, { closesAll: true }),
    };
  return { problem: answer.problem, also: answer.also ?? [] };
}
