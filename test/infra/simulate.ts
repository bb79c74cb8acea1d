/** A call as IAM sees it, with the keys of its context. */
export interface Call {
  action: string;
  resource: string;
  context?: Record<string, string | string[]>;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, string | string[]>>;
}
interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}
export type Resources = Record<string, Resource>;

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** An intrinsic function as the text that it becomes; a logical id stands for what it names. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join('');
  const known: Record<string, string> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-west-1',
    'AWS::AccountId': '123456789012',
  };
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return known[Ref] ?? Ref;
  if (Array.isArray(attribute)) return String(attribute[0]);
  return Array.isArray(joined) ? text(joined[1]) : JSON.stringify(value);
}

/** IAM: `*` and `?` in actions, resources and StringLike. */
function isLike(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}

/** IAM: "IAM JSON policy elements: Condition operators", as far as the stack uses them; anything else is a mistake. */
function meets(operator: string, wanted: string[], given: string[] | undefined): boolean {
  const equals = (value: string) => wanted.includes(value);
  const like = (value: string) => wanted.some((pattern) => isLike(pattern, value));
  switch (operator) {
    case 'StringEquals':
    case 'ArnEquals':
      return given?.some(equals) ?? false;
    case 'StringEqualsIfExists':
    case 'BoolIfExists':
      return given?.some(equals) ?? true;
    case 'StringLike':
    case 'ArnLike':
      return given?.some(like) ?? false;
    // True as well when the key is absent: "Set operators".
    case 'ForAllValues:StringEquals':
      return (given ?? []).every(equals);
    case 'ForAllValues:StringLike':
      return (given ?? []).every(like);
    case 'ForAnyValue:StringLike':
      return (given ?? []).some(like);
    case 'Null':
      return wanted.includes(String(given === undefined));
    default:
      throw new Error(`The simulation does not know the condition operator ${operator}.`);
  }
}

/** Whether a role of the template may make a call: what its own and its shared policies say, a Deny before all. */
export function allows(resources: Resources, role: string, { action, resource, context = {} }: Call): boolean {
  const policies = Object.values(resources).filter(
    ({ Type, Properties }) =>
      ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(Type) &&
      list(Properties.Roles)
        .map(text)
        .some((id) => id.startsWith(`${role}Role`)),
  );
  const statements = policies.flatMap(
    ({ Properties }) => list((Properties.PolicyDocument as { Statement: unknown }).Statement) as Statement[],
  );
  const applying = statements.filter(({ Action, Resource, Condition = {} }) => {
    const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, wanted]) => {
        const given = context[key];
        return meets(operator, list(wanted).map(text), given === undefined ? undefined : (list(given) as string[]));
      }),
    );
    return (
      list(Action).some((one) => isLike(text(one).toLowerCase(), action.toLowerCase())) &&
      list(Resource).some((one) => isLike(text(one), resource)) &&
      conditions.every(Boolean)
    );
  });
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}
