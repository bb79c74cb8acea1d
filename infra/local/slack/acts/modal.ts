import { ApiError } from '../api-error';
import { answerObject, type Exchange } from '../app-line';
import { acceptedView } from '../methods/views';
import { stateOf } from '../state-values';
import type { OpenView, Views } from '../views';
import { dict, string } from '../wire';
import { fill, formErrors } from './fields';
import type { CloseInput, SubmitInput } from './input';
import { type Perform, trouble } from './outcome';
import { NotPossible, viewFor } from './scene';

/** Slack: view_submission payload, after what Slack's own form checks. */
export const submit: Perform<SubmitInput> = async ({ store, line }, person, input) => {
  const open = viewFor(store, person, input.view_id);
  if (open.view.type !== 'modal') throw new NotPossible(`view ${open.id} is no modal and cannot be submitted`);
  if (!open.view.submit) throw new NotPossible(`view ${open.id} has no submit button`);
  if (store.views.top(person.id) !== open) throw new NotPossible(`view ${open.id} lies under another view`);
  open.state = stateOf(open.blocks, fill({ view: open }, open.state, input.submit));
  open.errors = formErrors(open);
  if (Object.keys(open.errors).length > 0) {
    store.changedView(open);
    return { errors: open.errors };
  }
  const exchange = await line.interaction(person, {
    type: 'view_submission',
    trigger_id: store.triggers.make(person.id),
    view: store.viewPayload(open),
    response_urls: [],
  });
  if (!exchange.reply.ok) return { exchange, notice: trouble };
  try {
    const errors = applyAnswer(store.views, open, exchange);
    return { exchange, ...(errors && { errors }) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    exchange.entry.problem = [error.code, ...error.messages].join(' ');
    return { exchange, notice: trouble };
  } finally {
    store.changedView(open);
  }
};

/** Slack: Modals, response actions. Answers the errors to show, if any. */
function applyAnswer(views: Views, open: OpenView, { reply }: Exchange): Record<string, string> | undefined {
  // Submitted twice at once, or closed meanwhile: there is nothing left to change.
  if (!views.stack(open.user).includes(open)) return undefined;
  if (reply.body.trim() === '') return void views.close(open);
  const answer = answerObject(reply);
  if (answer === undefined) throw new ApiError('invalid_response', ['the answer is neither empty nor a JSON object']);
  switch (answer.response_action) {
    case undefined:
      return void views.close(open);
    case 'clear':
      return void views.clear(open.user);
    case 'update':
      return void views.update(open, acceptedView(answer.view, 'modal'));
    case 'push':
      if (views.push(open.user, acceptedView(answer.view, 'modal')) === undefined)
        throw new ApiError('push_limit_reached');
      return undefined;
    case 'errors':
      open.errors = readErrors(open, answer.errors);
      return open.errors;
    default:
      throw new ApiError('invalid_response', [`unknown response_action ${String(answer.response_action)}`]);
  }
}

/** Slack: errors stand under input blocks, by block_id; any other key is refused. */
function readErrors(open: OpenView, given: unknown): Record<string, string> {
  const inputs = open.blocks.filter((block) => block.type === 'input').map((block) => String(block.block_id));
  const errors = Object.entries(dict(given));
  if (errors.length === 0) throw new ApiError('invalid_response', ['response_action errors without errors']);
  const wrong = errors.filter(([blockId, message]) => !inputs.includes(blockId) || !string(message));
  if (wrong.length > 0) {
    const named = wrong.map(([blockId]) => blockId).join(', ');
    const known = inputs.join(', ');
    throw new ApiError('invalid_response', [`errors for ${named}: not input blocks of this view (${known})`]);
  }
  return Object.fromEntries(errors.map(([blockId, message]) => [blockId, String(message)]));
}

/** The close button: the view goes, or with clear_on_close the whole stack. */
export const close: Perform<CloseInput> = async ({ store, line }, person, input) => {
  const open = viewFor(store, person, input.view_id);
  if (open.view.type !== 'modal') throw new NotPossible(`view ${open.id} is no modal and cannot be closed`);
  const clears = open.view.clear_on_close === true;
  const view = store.viewPayload(open);
  if (clears) store.views.clear(person.id);
  else store.views.close(open);
  store.changedView(open);
  if (open.view.notify_on_close !== true) return {};
  return { exchange: await line.interaction(person, { type: 'view_closed', view, is_cleared: clears }) };
};
