import { ApiError } from '../api-error';
import type { Store } from '../store';
import { isTooLarge, validateView } from '../validate';
import type { OpenView } from '../views';
import { type Dict, isDict, string } from '../wire';
import { type Method, required } from './method';

/** A view that Slack would take, of the type that the method asks for. */
export function acceptedView(given: unknown, type: string): Dict {
  if (!isDict(given)) throw new ApiError('invalid_arguments', ['[ERROR] missing required field: view']);
  if (isTooLarge(given)) throw new ApiError('view_too_large');
  const problems = validateView(given);
  if (given.type !== type) problems.push({ pointer: '/view/type', message: `must be ${type}` });
  if (problems.length > 0) throw ApiError.of('invalid_arguments', problems);
  return given;
}

/** Slack: an external id is unique among a workspace's views. */
function checkExternalId(store: Store, view: Dict, but?: OpenView): void {
  const id = string(view.external_id);
  const holder = id ? store.views.byExternalId(id) : undefined;
  if (holder !== undefined && holder !== but) throw new ApiError('duplicate_external_id');
}

function interaction(store: Store, args: Dict): { trigger: string; user: string } {
  const trigger = required(args, 'trigger_id');
  const checked = store.triggers.check(trigger);
  if ('error' in checked) throw new ApiError(checked.error);
  return { trigger, user: checked.user };
}

const open: Method = (args, store) => {
  const view = acceptedView(args.view, 'modal');
  const { trigger, user } = interaction(store, args);
  checkExternalId(store, view);
  store.triggers.exchange(trigger);
  return opened(store, store.views.open(user, view));
};

const push: Method = (args, store) => {
  const view = acceptedView(args.view, 'modal');
  const { trigger, user } = interaction(store, args);
  checkExternalId(store, view);
  if (store.views.stack(user).length === 0) throw new ApiError('not_found');
  const made = store.views.push(user, view);
  if (made === undefined) throw new ApiError('push_limit_reached');
  store.triggers.exchange(trigger);
  return opened(store, made);
};

const update: Method = (args, store) => {
  const found = string(args.view_id)
    ? store.views.find(required(args, 'view_id'))
    : store.views.byExternalId(required(args, 'external_id'));
  if (found === undefined) throw new ApiError('not_found');
  const view = acceptedView(args.view, String(found.view.type));
  checkHash(found, args);
  checkExternalId(store, view, found);
  store.views.update(found, view);
  return opened(store, found);
};

const publish: Method = (args, store) => {
  const user = required(args, 'user_id');
  if (store.person(user) === undefined) throw new ApiError('user_not_found');
  const view = acceptedView(args.view, 'home');
  const home = store.views.home(user);
  if (home !== undefined) checkHash(home, args);
  checkExternalId(store, view, home);
  return opened(store, store.views.publish(user, view));
};

/** Slack: a hash that is not the view's newest protects against a race. */
function checkHash(found: OpenView, args: Dict): void {
  const hash = string(args.hash);
  if (hash && hash !== found.hash) throw new ApiError('hash_conflict');
}

function opened(store: Store, view: OpenView): Dict {
  store.changedView(view);
  return { view: store.viewPayload(view) };
}

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
