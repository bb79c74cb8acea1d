import { isClosed, type Run, type StepRecord } from '../../orchestrator/run';
import type { Stage } from '../house';
import { escape, join, type Mrkdwn, md, sentence } from './mrkdwn';
import { duration, moment } from './times';

/** One line for each stage that applies, in order. Before there is a plan: those that have begun. */
export function checklist(run: Run, stages: readonly Stage[]): Mrkdwn[] {
  return stages.filter((stage) => applies(run, stage)).map((stage) => line(run, stage));
}

/** Which of the stages that apply is at hand: “step 3 of 9”. */
export function progress(run: Run, stages: readonly Stage[]): { index: number; count: number } | undefined {
  const shown = stages.filter((stage) => applies(run, stage));
  const index = shown.findIndex((stage) => stage.id === run.at?.step);
  return index < 0 ? undefined : { index: index + 1, count: shown.length };
}

function applies(run: Run, stage: Stage): boolean {
  const hasBegun = run.steps[stage.id] !== undefined || run.at?.step === stage.id;
  return hasBegun || (run.plan?.steps.includes(stage.id) ?? false);
}

function line(run: Run, stage: Stage): Mrkdwn {
  const record = run.steps[stage.id];
  const isHere = run.at?.step === stage.id && !isClosed(run);
  const name = escape(stage.titles?.[run.request.target.kind] ?? stage.title, 100);
  const undoName = escape(stage.undo?.title ?? stage.title, 100);

  if (record?.undoneAt !== undefined)
    return item(':leftwards_arrow_with_hook:', undoName, [md`done`, words(record.undoNote)]);
  if (record?.undoStartedAt !== undefined) {
    if (run.help?.step === stage.id)
      return item(':rotating_light:', undoName, [md`needs help`, words(record.undoNote)]);
    return item(':hourglass_flowing_sand:', undoName, [md`under way`, words(record.undoNote)]);
  }
  if (record?.doneAt !== undefined) return item(':white_check_mark:', name, [took(record), words(record.note)]);
  if (isHere && run.stop === undefined) {
    if (stage.kind === 'gate')
      return item(':raised_hand:', name, [
        record ? md`waiting since ${moment(record.startedAt)}` : md`waiting`,
        words(record?.note),
      ]);
    return item(':hourglass_flowing_sand:', name, [since(record), percent(record), words(record?.note)]);
  }
  if (record !== undefined && stage.kind === 'gate') return item(':heavy_minus_sign:', name, [md`ended`]);
  if (record !== undefined) return item(':x:', name, [md`stopped here`, words(record.note)]);
  if (run.stop !== undefined || isClosed(run)) return item(':heavy_minus_sign:', name, [md`not reached`]);
  return item(':white_circle:', name, [md`to do`]);
}

function item(emoji: string, name: Mrkdwn, parts: (Mrkdwn | undefined)[]): Mrkdwn {
  return join([join([escape(emoji), name], ' '), ...parts], ' · ');
}

function took(record: StepRecord): Mrkdwn {
  const ms = (record.doneAt ?? record.startedAt) - record.startedAt;
  return ms < 1000 ? md`done` : md`done in ${duration(ms)}`;
}

function since(record: StepRecord | undefined): Mrkdwn {
  return record === undefined ? md`under way` : md`under way since ${moment(record.startedAt)}`;
}

/** In tens: every change is an edit, and Slack takes about one a second for the whole workspace. */
function percent(record: StepRecord | undefined): Mrkdwn | undefined {
  return record?.percent === undefined ? undefined : md`about ${Math.floor(record.percent / 10) * 10} %`;
}

function words(note: string | undefined): Mrkdwn | undefined {
  return note === undefined || note === '' ? undefined : sentence(note, 200);
}
