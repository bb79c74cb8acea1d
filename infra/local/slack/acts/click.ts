import { initialValue, stateOf } from '../state-values';
import type { Store } from '../store';
import { type Dict, dict } from '../wire';
import { chosen, fill, findActed } from './fields';
import type { MessageActionInput, ViewActionInput } from './input';
import { type Outcome, type Perform, wentWrong } from './outcome';
import { blocksIn, context, messageFor, offeredIn, type Scene, shownView, viewFor } from './scene';

/** A click or a choice on a message. */
export const messageAction: Perform<MessageActionInput> = (desk, person, input) =>
  click(messageFor(desk.store, person, input))(desk, person, input);

/** A click or a choice in a modal, or on the Home tab. */
export const viewAction: Perform<ViewActionInput> = (desk, person, input) =>
  click({ view: viewFor(desk.store, person, input.view_id) })(desk, person, input);

/** Slack: block_actions payload. The HTTP answer shows nothing; a confirm dialog counts as confirmed. */
const click =
  (scene: Scene): Perform<MessageActionInput | ViewActionInput> =>
  async ({ store, line }, person, input) => {
    const blocks = blocksIn(scene);
    const { block, element } = findActed(blocks, input);
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const state = stateOf(blocks, fill(scene, 'view' in scene ? scene.view.state : {}, dict(input.state)));
    const details = chosen(element, input.value, offeredIn(scene, blockId, actionId));
    if (initialValue(element) !== undefined) state[blockId] = { ...state[blockId], [actionId]: dict(details.value) };
    if ('view' in scene) scene.view.state = state;
    const exchange = await line.interaction(person, {
      type: 'block_actions',
      trigger_id: store.triggers.make(person.id),
      ...context(store, person, scene),
      ...('message' in scene && { state: { values: state } }),
      actions: [{ ...details.action, block_id: blockId, action_ts: store.nextTs() } satisfies Dict],
    });
    return { exchange, ...(!exchange.reply.ok && { notice: wentWrong }), ...homeAfter(store, scene) };
  };

/** After an act on the Home tab that tab is on the screen, unless a modal has opened over it. */
function homeAfter(store: Store, scene: Scene): Pick<Outcome, 'view'> {
  if (!('view' in scene) || scene.view.view.type !== 'home' || store.views.top(scene.view.user)) return {};
  const view = shownView(store, scene.view);
  return view ? { view } : {};
}
