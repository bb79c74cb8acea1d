import { messagePayload } from '../message-payload';
import { blocksOf, type Message } from '../messages';
import type { Channel, Person } from '../people';
import type { Store } from '../store';
import type { OpenView } from '../views';
import type { Dict } from '../wire';

/** The person asked for something that is not on the screen. */
export class NotPossible extends Error {}

/** Where a block stands that a person acts on. */
export type Scene = { message: Message; channel: Channel } | { view: OpenView };

export const blocksIn = (scene: Scene): Dict[] => ('view' in scene ? scene.view.blocks : blocksOf(scene.message));

/** What the app has offered for an external menu of this scene. */
export const offeredIn = (scene: Scene, blockId: string, actionId: string): Dict[] =>
  'view' in scene ? (scene.view.offered.get(`${blockId} ${actionId}`) ?? []) : [];

/** By id or name. */
export function personNamed(store: Store, given: string): Person {
  const { users } = store;
  const person = users.find((user) => user.id === given || user.name === given.replace(/^@/, ''));
  if (person !== undefined && person.isBot !== true) return person;
  const known = users.filter((user) => user.isBot !== true).map((user) => user.name);
  throw new NotPossible(`no user ${given}; there are ${known.join(', ')}`);
}

/** By id or name, as far as this person may see it. */
export function channelFor(store: Store, given: string, person: Person): Channel {
  const { channels } = store;
  const name = given.replace(/^#/, '');
  const channel = channels.find((one) => one.id === given || (one.kind !== 'im' && one.name === name));
  const sees = channel?.kind === 'public' || channel?.members.includes(person.id);
  if (channel !== undefined && sees) return channel;
  const known = channels.filter((one) => one.kind === 'public').map((one) => `#${one.name}`);
  throw new NotPossible(`no channel ${given} for ${person.name}; there are ${known.join(', ')}`);
}

export function messageFor(
  store: Store,
  person: Person,
  input: { message_ts: string; channel?: string | undefined },
): { message: Message; channel: Channel } {
  const message =
    input.channel === undefined
      ? store.messages.anywhere(input.message_ts)
      : store.messages.find(channelFor(store, input.channel, person).id, input.message_ts);
  const isHidden = message?.ephemeral_to !== undefined && message.ephemeral_to !== person.id;
  if (message === undefined || isHidden) {
    const where = input.channel === undefined ? '' : ` in ${input.channel}`;
    throw new NotPossible(`${person.name} sees no message ${input.message_ts}${where}`);
  }
  return { message, channel: channelFor(store, message.channel, person) };
}

export function viewFor(store: Store, person: Person, id: string): OpenView {
  const open = store.views.find(id);
  if (open?.user === person.id) return open;
  const known = store.views.stack(person.id).map((view) => view.id);
  throw new NotPossible(`${person.name} has no view ${id} open; open are: ${known.join(', ') || 'none'}`);
}

/** What tells the app where the interaction happened (Slack: interaction payloads, container). */
export function context(store: Store, person: Person, scene: Scene): Dict {
  if ('view' in scene) {
    const view = store.viewPayload(scene.view);
    return { container: { type: 'view', view_id: scene.view.id }, view };
  }
  const { message, channel } = scene;
  const isEphemeral = message.ephemeral_to !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts && { thread_ts: message.thread_ts }),
    },
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    // Slack: payloads of ephemeral messages come without the message.
    ...(!isEphemeral && { message: messagePayload(store, message) }),
    response_url: store.responseUrl({ user: person.id, channel: channel.id, original: message.ts }),
  };
}

/** A view as the acting person sees it. */
export function shownView(store: Store, open: OpenView | undefined): Dict | undefined {
  if (open === undefined) return undefined;
  const hasErrors = Object.keys(open.errors).length > 0;
  return { view_id: open.id, ...store.viewPayload(open), ...(hasErrors && { errors: open.errors }) };
}
