import { windowWords } from '../../orchestrator/calendar';
import { type DatabaseSettings, mention, mentionApprovers, type Rule } from '../../orchestrator/policy';
import { code, conversation, escape, join, type Mrkdwn, md, sentence } from './mrkdwn';
import { s } from './plan';

/** What a rule of policy.yml says, in words. */
export function ruleWords(rule: Rule): Mrkdwn[] {
  const { request, approve, channels, expires, remind, route, breakGlass, secondLook, windows } = rule;
  const who = request === 'everyone' ? md`everyone in this workspace who is not a guest` : people(request);
  return [
    md`May request: ${who}.`,
    md`Where: ${channels === undefined ? md`in every channel that I am in` : join(channels.map(conversation), ', ')}.${route === undefined ? md`` : md` The run’s messages are in ${conversation(route)}.`}`,
    ...(rule.ticket
      ? [
          md`Reason: it has to name a ticket, ${join(
            rule.ticket.map((one) => code(one)),
            ' and ',
          )}.`,
        ]
      : []),
    approve.count === 0
      ? md`Approval: none is needed, a request starts at once.`
      : md`Approval: ${approve.count} ${escape(approve.count === 1 ? 'person' : 'people')} of ${sentence(mentionApprovers(approve), 1500)}. ${ownWords(approve.self)}`,
    ...(approve.count === 0
      ? []
      : [md`A request waits ${span(expires)} for that, then it expires. ${reminders(remind)}`]),
    ...(approve.quiet.length > 0 ? [md`Neither mentioned nor reminded: ${people(approve.quiet)}.`] : []),
    ...(secondLook ? [md`Second look: when the copy is ready, one of them has to say “Swap now”.`] : []),
    ...(windows
      ? [md`Names are swapped ${escape(windows.map(windowWords).join('; '), 1000)}, and at no other time.`]
      : []),
    ...(breakGlass ? [md`In an emergency ${sentence(mentionApprovers(breakGlass), 1500)} may break the glass.`] : []),
  ];
}

const reminders = (remind: Rule['remind']): Mrkdwn =>
  remind === 'never'
    ? md`Nobody is reminded.`
    : md`Who has not decided is reminded after ${span(remind)}, then after twice as long, and so on.`;

export const ownWords = (isCounted: boolean): Mrkdwn =>
  isCounted ? md`The requester’s own approval counts.` : md`The requester’s own approval does not count.`;

/** How long things of a database are kept. */
export function keepingWords(settings: DatabaseSettings): Mrkdwn[] {
  const { hold, maximumHold, timeToLive, maximumTimeToLive, safetySnapshot, finalSnapshot, snapshots } = settings;
  const { keep, maximumAge } = snapshots;
  return [
    md`After a restore the original is kept for ${span(hold)}, at most ${span(maximumHold)}; until then Undo brings it back.`,
    md`A clone lives for ${span(timeToLive)}, at most ${span(maximumTimeToLive)}.`,
    md`${escape(safetySnapshot ? 'A' : 'No')} safety snapshot before anything is renamed; ${escape(finalSnapshot ? 'a' : 'no')} final snapshot before anything is removed.`,
    ...(keep === undefined && maximumAge === undefined
      ? []
      : [
          md`Of the snapshots that people ask for, ${join([keep === undefined ? undefined : md`the last ${keep}`, maximumAge === undefined ? undefined : md`those of the last ${span(maximumAge)}`], ' and ')} stay.`,
        ]),
  ];
}

const people = (ids: readonly string[]): Mrkdwn => sentence(mention(ids), 1500);

export const patterns = (rule: Pick<Rule, 'databases'>): Mrkdwn =>
  join(
    rule.databases.slice(0, 10).map((pattern) => code(pattern)),
    ', ',
  );

/** `8 hours`, `2 days`: as policy.yml gives it. */
export function span(ms: number): Mrkdwn {
  const [unit, size] =
    ms % 86_400_000 === 0
      ? (['day', 86_400_000] as const)
      : ms % 3_600_000 === 0
        ? (['hour', 3_600_000] as const)
        : (['minute', 60_000] as const);
  const count = ms / size;
  return md`${count} ${escape(unit)}${s(count)}`;
}
