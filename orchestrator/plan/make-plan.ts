import { digest } from '../digest';
import { type Problem, problem } from '../errors';
import { historyOf } from '../history';
import { namesFor } from '../names';
import { type Policy, ruleDigest, settingsFor } from '../policy';
import type { Database, Databases, OwnSnapshots, Runs } from '../ports';
import { monthlyCost, pricesAsOf, pricesOf } from '../prices';
import { countSettings, membersOf } from '../settings';
import { isSetAsideFirst, subjectOf, takesName, type Wish } from '../wish';
import type { Choice } from './choice';
import { firstBackupOf } from './first-backup';
import { findModel } from './model';
import { usualOutage } from './outage';
import type { Plan } from './plan';
import { keepingMs, ruleForWish } from './rule';
import { planSource } from './source';
import { isOtherVersion, misfitOf, troubleOf, unfitAccount, unfitWish } from './unfit';
import { memberWarnings, versionWarning, warnings } from './warnings';

/** Storage grows by itself while people decide, and a cluster fails over; that is no other plan. */
const movesWithData = new Set(['allocatedStorage', 'writer']);

/** Settings that belong to one major version of an engine. */
const groupsOfVersion = ['parameterGroup', 'optionGroup'];

/** A stage of the pipeline, as far as a plan cares. */
interface Applicable {
  id: string;
  applies(choice: Choice): boolean;
}

export interface PlanInput {
  run: string;
  wish: Wish;
  databases: Databases;
  snapshots: OwnSnapshots;
  history: Pick<Runs, 'ofDatabase'>;
  policy: Policy;
  stages: readonly Applicable[];
  now: number;
}

/** Reads what is true and decides everything once; a Problem when it cannot work. */
export async function makePlan(input: PlanInput): Promise<Plan | Problem> {
  const { databases, policy, wish } = input;
  const rule = ruleForWish(policy, wish);
  const subject = subjectOf(wish);
  if (rule === undefined) return problem('no-rule', { database: subject });
  const unfit = unfitWish(policy, rule, wish);
  if (unfit) return unfit;

  const holder = await databases.find(subject);
  const from = subject === wish.database ? holder : await databases.find(wish.database);
  const target = wish.target.kind;
  const troubled = troubleOf(wish, holder, from);
  if (troubled) return troubled;
  const names = namesFor(subject, input.run, wish.database);
  const planned = await planSource(input, from, names.freshSnapshot);
  if ('code' in planned) return planned;
  const { source } = planned;
  const model = await findModel(input, target === 'onto' ? holder : from, source);
  if ('code' in model) return model;
  const misfit = misfitOf(wish, { ...source, kind: planned.kind }, model);
  if (misfit) return misfit;

  const keeping = settingsFor(policy, model.name);
  const choice: Choice = {
    approvals: target === 'none' ? 0 : rule.approve.count,
    source: source.kind,
    target,
    copiesSnapshot: source.kind === 'snapshot' && source.copyAs !== undefined,
    setAsideFirst: isSetAsideFirst(source),
    goAhead: takesName(target) && (rule.secondLook || rule.windows !== undefined),
    isLater: wish.startAt !== undefined,
    safetySnapshot: keeping.safetySnapshot && takesName(target),
    prunes: keeping.snapshots.keep !== undefined || keeping.snapshots.maximumAge !== undefined,
  };
  const firstBackup = firstBackupOf(choice, keeping, model, holder);
  const snapshots = snapshotsToTake(choice, names, holder, from);
  const made = snapshots.length + (choice.copiesSnapshot ? 1 : 0);
  const full = await unfitAccount(databases, choice, made, model);
  if (full) return full;

  const proxies = takesName(target) ? await databases.proxiesOf(subject) : [];
  const replaced = takesName(target) ? holder : undefined;
  const unfitSettings = isOtherVersion(source, model) ? groupsOfVersion : [];
  const unmoved = Object.entries(model.settings).filter(([key]) => !movesWithData.has(key));
  const { keep } = keepingMs(wish.target, keeping);
  const { setAsideFirst } = choice;
  const history = await historyOf(input.history, { database: wish.database, subject, setAsideFirst });
  const beside = replaced ?? model;
  const cost = target === 'none' ? undefined : monthlyCost(beside, Object.values(membersOf(beside.settings)));
  return {
    madeAt: input.now,
    target: {
      kind: target,
      name: subject,
      ...(holder && { resourceId: holder.resourceId }),
      engine: model.engine,
      version: model.version,
      class: model.class,
    },
    model: {
      name: model.name,
      resourceId: model.resourceId,
      kind: model.kind,
      ...(model.keptWith !== undefined && { keptWith: model.keptWith }),
    },
    source,
    names,
    snapshots,
    ...(firstBackup.isAfter && { firstBackup: 'after' as const }),
    steps: input.stages.filter((stage) => stage.applies(choice)).map((stage) => stage.id),
    settingCount: countSettings(model.settings),
    settingsDigest: digest({ settings: Object.fromEntries(unmoved), tags: model.tags }),
    settingDigests: Object.fromEntries(unmoved.map(([key, value]) => [key, digest(value).slice(0, 8)])),
    unfitSettings,
    pending: replaced?.pending ?? [],
    replicas: replaced?.replicas ?? [],
    proxies,
    rule: {
      name: rule.name,
      digest: ruleDigest(rule, keeping),
      approvals: choice.approvals,
      approvers: rule.approve.by,
      ...(rule.approve.also && { also: rule.approve.also }),
      quiet: rule.approve.quiet,
      ...(rule.breakGlass && { breakers: rule.breakGlass.by }),
      self: rule.approve.self,
    },
    ...(choice.goAhead && { goAhead: { secondLook: rule.secondLook, windows: rule.windows ?? [] } }),
    ...(wish.startAt !== undefined && { startAt: wish.startAt }),
    holdHours: keep / 3_600_000,
    outageSeconds: usualOutage(choice, replaced, keeping, history),
    history,
    ...(cost && { cost: { ...cost, asOf: pricesAsOf, of: pricesOf } }),
    warnings: [
      ...warnings(target, model, source, proxies, replaced),
      ...(replaced ? memberWarnings(replaced, keeping) : []),
      ...versionWarning(unfitSettings, source, model),
      ...(target === 'none' ? [] : databases.impossible(model.kind, model.settings)).map(
        ({ title, why }) => `${title} cannot be restored: ${why}.`,
      ),
      ...(firstBackup.says === undefined ? [] : [firstBackup.says]),
    ],
  };
}

function snapshotsToTake(
  choice: Choice,
  names: Plan['names'],
  holder: Database | undefined,
  from: Database | undefined,
): Plan['snapshots'] {
  const of = (id: string, purpose: Plan['snapshots'][number]['purpose'], database: Database | undefined) =>
    database ? [{ id, purpose, database: database.name, resourceId: database.resourceId }] : [];
  if (choice.target === 'none') return of(names.freshSnapshot, 'asked', holder);
  const fresh = choice.source === 'now' ? of(names.freshSnapshot, 'source', from) : [];
  // Of the same database at the same moment: one snapshot serves both ends.
  const isBoth = fresh.length > 0 && choice.target === 'replace';
  return [...fresh, ...(choice.safetySnapshot && !isBoth ? of(names.safetySnapshot, 'safety', holder) : [])];
}
