import type { Plan } from '../../orchestrator/plan/plan';
import { givesName, isSetAsideFirst } from '../../orchestrator/wish';
import { code, escape, join, type Mrkdwn, md, sentence } from './mrkdwn';
import { age, duration, moment } from './times';

/** What will happen, in the order in which it will, for people who decide. */
export function planLines(plan: Plan): Mrkdwn[] {
  const all = [
    ...aside(plan),
    ...fresh(plan),
    ...(plan.target.kind === 'none' ? [] : [beside(plan), ...sourceAge(plan), settingsLine(plan)]),
    ...naming(plan),
    ...lost(plan),
    ...kept(plan),
    ...took(plan),
  ];
  return [...all.map((line) => md`• ${line}`), ...warnings(plan)];
}

function aside({ source, target, names }: Plan): Mrkdwn[] {
  if (!isSetAsideFirst(source)) return [];
  return [
    md`First ${code(target.name)} itself is set aside as ${code(names.aside)}. From then on nobody answers under the name, so no write is lost.`,
  ];
}

function fresh({ source, target, snapshots }: Plan): Mrkdwn[] {
  const [first] = snapshots;
  if (target.kind === 'none' && first)
    return [md`Snapshot ${code(first.id)} of ${code(first.database)} is taken. Nothing else is touched, and it stays.`];
  if (source.kind !== 'now') return [];
  if (source.keepsWrites)
    return [md`Then a fresh snapshot, ${code(source.snapshot)}, is taken of it, with every write. It stays.`];
  return [md`First a fresh snapshot, ${code(source.snapshot)}, is taken of ${code(source.database)}. It stays.`];
}

function beside({ source, target, model }: Plan): Mrkdwn {
  const what = {
    snapshot: md`snapshot ${code('snapshot' in source ? source.snapshot : '')}`,
    now: md`that snapshot`,
    clone: md`the data of ${code(source.database)} at that moment, as an Aurora clone (copy-on-write),`,
    time: md`the data of ${code(source.database)}${source.kind === 'time' ? md`, as of ${moment(source.at)},` : md``}`,
  }[source.kind];
  if (target.kind === 'back') return md`A copy of ${what} is restored, under a temporary name at first.`;
  return target.kind === 'new'
    ? md`A copy of ${what} is restored beside ${code(model.name)}, which is not touched.`
    : isSetAsideFirst(source)
      ? md`A copy of ${what} is restored beside it.`
      : md`A copy of ${what} is restored beside ${code(target.name)}, which keeps serving meanwhile.`;
}

function sourceAge({ source, madeAt }: Plan): Mrkdwn[] {
  if (source.kind === 'now' || source.kind === 'clone') return [];
  const at = source.kind === 'snapshot' ? source.createdAt : source.at;
  const old = escape(age(madeAt - at));
  return source.kind === 'snapshot'
    ? [md`The snapshot was taken ${moment(at)}, ${old} before this plan was made.`]
    : [md`That is ${old} before this plan was made.`];
}

function settingsLine({ target, model, settingCount }: Plan): Mrkdwn {
  const whose = target.kind === 'replace' ? md`the original` : code(model.name);
  const when = givesName(target.kind) ? md`before it gets its name` : md`before anything is renamed`;
  return md`The copy gets ${settings(settingCount)} of ${whose}; every one is compared ${when}.`;
}

function naming({ source, target, outageSeconds, history }: Plan): Mrkdwn[] {
  if (target.kind === 'none') return [];
  if (target.kind === 'new') return [md`Then it is given the name ${code(target.name)}. Nobody has an outage.`];
  if (target.kind === 'back')
    return [md`Then it is given the name ${code(target.name)}, under which nobody answers now. It stays.`];
  const isFirst = isSetAsideFirst(source);
  const known = history.outageSeconds ?? (isFirst ? history.durationSeconds : undefined);
  const why = known
    ? md` (${known.runs === 1 ? md`its last run` : md`its last ${known.runs} runs`})`
    : md` (no history yet)`;
  if (isFirst)
    return [
      md`Then it gets the name. Nobody answers under ${code(target.name)} for the whole restore, about ${range(outageSeconds)}${why}.`,
    ];
  return [md`Then two renames: nobody answers under ${code(target.name)} for about ${range(outageSeconds)}${why}.`];
}

/** Of a clone nothing is lost: its source goes on. */
function lost({ target, source }: Plan): Mrkdwn[] {
  if (target.kind === 'onto')
    return [
      md`What is in ${code(target.name)} now will not be in the restored database: it gets the data of ${code(source.database)}.`,
    ];
  if (target.kind !== 'replace' && target.kind !== 'back') return [];
  if (isSetAsideFirst(source)) return [md`No write to ${code(target.name)} is lost.`];
  if (source.kind === 'clone')
    return [md`Writes to ${code(target.name)} after the clone is made will be lost from the restored database.`];
  if (source.kind === 'now')
    return [md`Writes to ${code(target.name)} after the fresh snapshot will be lost from the restored database.`];
  const since = source.kind === 'snapshot' ? source.createdAt : source.at;
  return [md`Writes to ${code(target.name)} since ${moment(since)} will not be in the restored database.`];
}

function kept({ target, names, holdHours, cost }: Plan): Mrkdwn[] {
  if (target.kind === 'none') return [];
  const time = md`${holdHours} hour${s(holdHours)}`;
  const costs = costLine(cost);
  if (target.kind === 'back') return [md`There is no original to keep, so there is no Undo.${costs}`];
  if (target.kind === 'new')
    return [md`The clone lives for ${time}, and is removed then unless somebody keeps it longer.${costs}`];
  return [md`The original is kept as ${code(names.aside)} for ${time}, and can be brought back by Undo.${costs}`];
}

function costLine(cost: Plan['cost']): Mrkdwn {
  if (cost === undefined) return md` What it costs meanwhile: price not known.`;
  const { monthly, asOf, of, without = [] } = cost;
  const top = without.length === 0 ? md`` : md`, without ${escape(without.join(' and '))}`;
  const where = of === undefined ? md`` : md` in ${escape(of)}`;
  return md` A month of it would cost about $${monthly}${top} (list prices of ${escape(asOf)}${where}).`;
}

function took({ history, target }: Plan): Mrkdwn[] {
  if (target.kind === 'none') return [];
  const { durationSeconds: known } = history;
  if (known === undefined) return [md`How long it takes in all: no history yet.`];
  return [md`It took ${range(known)} in all the ${lastTimes(known.runs)}.`];
}

/** Everything that the plan says, for the thread. */
export function planDetails(plan: Plan): Mrkdwn[] {
  const { target, rule } = plan;
  const id = target.resourceId === undefined ? undefined : code(target.resourceId);
  const database = join(
    [code(target.name), md`${escape(target.engine)} ${escape(target.version)}`, escape(target.class), id],
    ' · ',
  );
  const names =
    target.kind === 'none'
      ? plan.snapshots.map(({ id }) => id)
      : [plan.names.copy, target.kind === 'back' ? target.name : plan.names.aside];
  return [
    md`*Database:* ${database}`,
    md`*Source:* ${details(plan)}`,
    md`*Names it will give:* ${join(
      names.map((name) => code(name)),
      ', ',
    )}`,
    md`*Rule:* “${escape(rule.name)}” · ${approvalsWord(rule.approvals)}`,
    ...list('Pending modifications', plan.pending),
    ...list('Read replicas', plan.replicas),
    ...list('Proxies', plan.proxies),
    ...planLines(plan),
  ];
}

function details({ source }: Plan): Mrkdwn {
  const about = [
    md`${escape(source.engine)} ${escape(source.version)}`,
    md`${source.sizeGib} GiB`,
    escape(source.encrypted ? 'encrypted' : 'not encrypted'),
  ];
  if (source.kind === 'snapshot') return join([code(source.snapshot, 260), escape(source.type), ...about], ' · ');
  const what = { now: md`a fresh snapshot of`, clone: md`an Aurora clone of`, time: md`a point in time of` }[
    source.kind
  ];
  return join([md`${what} ${code(source.database)}`, ...about], ' · ');
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

/** Of how many runs a figure is. */
export function lastTimes(runs: number): Mrkdwn {
  return runs === 1 ? md`last time` : md`last ${runs} times`;
}

export function s(count: number): Mrkdwn {
  return count === 1 ? md`` : md`s`;
}
