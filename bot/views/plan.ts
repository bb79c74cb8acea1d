import type { Plan } from '../../orchestrator/plan';
import { code, escape, join, type Mrkdwn, md, sentence } from './mrkdwn';
import { age, duration, moment } from './times';

/** What will happen, in the order in which it will, for people who decide. */
export function planLines(plan: Plan): Mrkdwn[] {
  const { target, source } = plan;
  const hours = plan.holdHours;
  return [
    md`• A copy of snapshot ${code(source.snapshot)} is restored beside ${code(target.name)}, which keeps serving meanwhile.`,
    md`• The snapshot was taken ${moment(source.createdAt)}, ${escape(age(plan.madeAt - source.createdAt))} before this plan was made.`,
    md`• The copy gets ${settings(plan.settingCount)} of the original; every one is compared before anything is renamed.`,
    md`• Then two renames: nobody answers under ${code(target.name)} for about ${range(plan.outageSeconds)}.`,
    md`• Writes to ${code(target.name)} since ${moment(source.createdAt)} will not be in the restored database.`,
    md`• The original is kept as ${code(plan.names.aside)} for ${hours} hour${s(hours)}, and can be brought back by Undo.`,
    ...warnings(plan),
  ];
}

/** Everything that the plan says, for the thread. */
export function planDetails(plan: Plan): Mrkdwn[] {
  const { target, source, rule } = plan;
  return [
    md`*Database:* ${code(target.name)} · ${escape(target.engine)} ${escape(target.version)} · ${escape(target.class)} · ${code(target.resourceId)}`,
    md`*Snapshot:* ${code(source.snapshot, 260)} · ${escape(source.type)} · ${escape(source.engine)} ${escape(source.version)} · ${source.sizeGib} GiB · ${escape(source.encrypted ? 'encrypted' : 'not encrypted')}`,
    md`*Names it will give:* ${join(
      [plan.names.copy, plan.names.aside].map((name) => code(name)),
      ', ',
    )}`,
    md`*Rule:* “${escape(rule.name)}” · ${approvalsWord(rule.approvals)}`,
    ...list('Pending modifications', plan.pending),
    ...list('Read replicas', plan.replicas),
    ...list('Proxies', plan.proxies),
    ...planLines(plan),
  ];
}

function warnings(plan: Plan): Mrkdwn[] {
  return plan.warnings.map((warning) => md`:warning: *Warning:* ${sentence(warning, 400)}`);
}

function list(name: string, names: string[]): Mrkdwn[] {
  if (names.length === 0) return [];
  return [
    md`*${escape(name)}:* ${join(
      names.slice(0, 10).map((one) => code(one)),
      ', ',
    )}`,
  ];
}

export function range({ from, to }: { from: number; to: number }): Mrkdwn {
  const areMinutes = from % 60 === 0 && to % 60 === 0 && to < 3600;
  if (areMinutes && from !== to) return md`${from / 60} to ${to / 60} minutes`;
  return from === to ? duration(from * 1000) : md`${duration(from * 1000)} to ${duration(to * 1000)}`;
}

function approvalsWord(count: number): Mrkdwn {
  return count === 0 ? md`no approval needed` : md`${count} approval${s(count)} needed`;
}

function settings(count: number): Mrkdwn {
  return md`${count} setting${s(count)}`;
}

export function s(count: number): Mrkdwn {
  return count === 1 ? md`` : md`s`;
}
