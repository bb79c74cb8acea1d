import { answerObject } from '../app-line';
import type { Person } from '../people';
import type { Store } from '../store';
import { validateSuggestion } from '../validate';
import { optionsOf } from '../validate/elements';
import type { Dict } from '../wire';
import { findElement } from './fields';
import type { OptionsInput } from './input';
import { type Perform, wentWrong } from './outcome';
import { blocksIn, context, messageFor, NotPossible, offeredIn, type Scene, viewFor } from './scene';

/** How many offered options a menu remembers, for the person to pick from. */
const remembered = 500;

/** Slack: block_suggestion payload, when a person types into an external menu. */
export const options: Perform<OptionsInput> = async ({ store, line }, person, { options: input }) => {
  const scene = sceneOf(store, person, input);
  const { block, element } = findElement(blocksIn(scene), input, (one) => String(one.type).includes('external_select'));
  // Slack: an external menu asks from the third character on, unless it says otherwise.
  const fewest = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
  if (input.value.length < fewest)
    throw new NotPossible(`${input.action_id} asks the app from ${fewest} characters on`);
  const exchange = await line.interaction(person, {
    type: 'block_suggestion',
    action_id: element.action_id,
    block_id: block.block_id,
    value: input.value,
    ...context(store, person, scene),
  });
  const nothing = { exchange, notice: wentWrong, options: [] };
  if (!exchange.reply.ok) return nothing;
  const answer = answerObject(exchange.reply) ?? {};
  const problems = validateSuggestion(answer);
  if (problems.length > 0) {
    exchange.entry.problem = problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
    return nothing;
  }
  const offered = optionsOf(answer);
  remember(scene, String(block.block_id), input.action_id, offered);
  return { exchange, options: offered };
};

function sceneOf(store: Store, person: Person, input: OptionsInput['options']): Scene {
  if (input.view_id !== undefined) return { view: viewFor(store, person, input.view_id) };
  if (input.message_ts === undefined) throw new NotPossible('options need a view_id or a message_ts');
  return messageFor(store, person, { message_ts: input.message_ts, channel: input.channel });
}

function remember(scene: Scene, blockId: string, actionId: string, offered: Dict[]): void {
  if (!('view' in scene)) return;
  const isNew = (old: Dict) => !offered.some((option) => option.value === old.value);
  const before = offeredIn(scene, blockId, actionId).filter(isNew);
  scene.view.offered.set(`${blockId} ${actionId}`, [...before, ...offered].slice(-remembered));
}
