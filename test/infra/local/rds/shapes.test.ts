import * as rds from '@aws-sdk/client-rds';
import { actions } from '../../../../infra/local/rds/actions';
import { encodeMembers } from '../../../../infra/local/rds/xml';

/**
 * The SDK describes every structure by [kind, namespace, name, traits, member names, member shapes], with kind 1 for a
 * list, 3 for a structure and 9 for an operation; a list's element name is its `xmlName`, `member` by default.
 */
const lists = new Map<string, { structure: string; list: string; element: string }>();
const seen = new Set<unknown>();

function walk(shape: unknown): void {
  const [kind, , name, , third, fourth, fifth] = asArray(resolve(shape));
  if (kind === 9) return walk(fifth ?? fourth);
  if (kind !== 3 || seen.has(name)) return;
  seen.add(name);
  asArray(third).forEach((member, index) => {
    const target = resolve(bare(asArray(fourth)[index]));
    const [memberKind, , , , element] = asArray(target);
    if (memberKind !== 1) return walk(target);
    const traits = Array.isArray(element) && element.length === 2 ? asObject(element[1]) : {};
    const entry = String(traits.xmlName ?? 'member');
    lists.set(`${String(name)}.${String(member)}`, { structure: String(name), list: String(member), element: entry });
    walk(bare(element));
  });
}

function resolve(shape: unknown): unknown {
  return isThunk(shape) ? shape() : shape;
}

function isThunk(shape: unknown): shape is () => unknown {
  return typeof shape === 'function';
}

function bare(shape: unknown): unknown {
  const isTraited = Array.isArray(shape) && shape.length === 2 && typeof shape[0] !== 'object';
  return resolve(isTraited ? shape[0] : shape);
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

const exported = Object.fromEntries<unknown>(Object.entries(rds));

test('every action that is simulated is an operation of the SDK', () => {
  for (const action of actions.keys()) expect(asArray(exported[`${action}$`])[0]).toBe(9);
});

test('the SDK’s own schemas name the elements of every list that an answer may hold', () => {
  for (const action of actions.keys()) walk(asArray(exported[`${action}$`])[5]);
  expect([...lists.values()].map(({ list }) => list)).toEqual(
    expect.arrayContaining(['DBInstances', 'TagList', 'VpcSecurityGroups', 'AssociatedRoles', 'Storage']),
  );
  const unlike = [...lists.values()].filter(
    ({ structure, list, element }) =>
      encodeMembers({ [list]: ['x'] }, structure) !== `<${list}><${element}>x</${element}></${list}>`,
  );
  expect(unlike.filter(({ list }) => !neverSent.has(list))).toEqual([]);
});

/** Lists of features that no answer here ever fills. */
const neverSent = new Set([
  'GlobalClusterMembers',
  'OptionSettings',
  'DBSecurityGroupMemberships',
  'VpcSecurityGroupMemberships',
  'SupportedCharacterSets',
  'SupportedNcharCharacterSets',
  'SupportedTimezones',
  'ValidProcessorFeatures',
]);
