import type { Run } from '../../orchestrator/run';
import type { House } from '../house';
import { header, type Message, section } from './blocks';
import { code, escape, join, lines, type Mrkdwn, md, sentence, user } from './mrkdwn';
import { spoken } from './problem';
import { stateOf } from './state';
import { moment } from './times';
import { headingWords } from './wish';

type Event = [at: number | undefined, what: Mrkdwn];

/** Who did what in a run, and when, oldest first: as its record tells it. */
export function runEvents(run: Run, house: House): Message {
  const happened = [...people(run, house), ...machines(run, house)]
    .flatMap(([at, what]) => (at === undefined ? [] : [{ at, what }]))
    .sort((a, b) => a.at - b.at)
    .map(({ at, what }) => md`• ${moment(at)}  ${what}`);
  const title = `Run ${run.id}: ${headingWords(run.request)}`;
  const now = md`Now: *${escape(stateOf(run).word)}*.`;
  return {
    text: lines([escape(`${title}.`), ...happened, now], 3500),
    blocks: [header(title), section(lines(happened)), section(now)],
  };
}

function people(run: Run, house: House): Event[] {
  const { request, decisions, stop, hold, help } = run;
  return [
    [request.at, md`${user(request.requester.id)} requested it: “${escape(request.reason, 300)}”`],
    ...decisions.map(({ at, by, decision, reason, planHash }): Event => {
      const why = reason === undefined ? md`` : md`: “${escape(reason, 300)}”`;
      const old = planHash === run.planHash ? md`` : md` (an earlier plan, so it does not count any more)`;
      return [at, md`${user(by)} ${escape(decision === 'approve' ? 'approved' : 'denied')} it${why}${old}`];
    }),
    [run.planMoved?.at, md`the plan changed: ${escape(run.planMoved?.differences.join(', ') ?? '', 300)}`],
    [stop?.at, stop ? sentence(spoken(stop.problem, house).message, 400) : md``],
    [hold?.released?.at, md`${user(hold?.released?.by ?? '')} let go of what was kept`],
    [help?.at, help ? md`a person was needed: ${sentence(spoken(help.problem, house).message, 400)}` : md``],
    [help?.released?.at, md`${user(help?.released?.by ?? '')} released the lock`],
  ];
}

function machines(run: Run, house: House): Event[] {
  const titles = new Map(house.stages.map(({ id, title, titles }) => [id, titles?.[run.request.target.kind] ?? title]));
  const undone = new Map(house.stages.map(({ id, undo }) => [id, undo?.title ?? 'Taken back']));
  const steps = Object.entries(run.steps).flatMap(([id, step]): Event[] => [
    [
      step.doneAt,
      md`done: ${escape(titles.get(id) ?? id, 80)}${join([(step.note && md` (${sentence(step.note, 200)})`) || undefined], '')}`,
    ],
    [step.undoneAt, md`taken back: ${escape(undone.get(id) ?? id, 80)}`],
  ]);
  const { original, copy } = run.facts;
  const swap = md`the names were swapped: ${code(copy?.resourceId ?? '')} answers instead of ${code(original?.resourceId ?? '')}`;
  return [...steps, [run.facts.swap?.answeredAt, swap], [run.closedAt, md`closed`]];
}
