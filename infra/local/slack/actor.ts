import {
  type Act,
  type CloseInput,
  type CommandInput,
  type OptionsInput,
  readAct,
  type SubmitInput,
} from './act-input';
import { ApiError } from './api-error';
import { type AppLine, answerObject, type Exchange } from './app-line';
import { messagePayload } from './message-payload';
import { blocksOf, type Message } from './messages';
import { acceptedView } from './methods/views';
import type { Channel, Person } from './people';
import { respond } from './respond';
import { formError, initialValue, readValue, type StateValues, stateOf } from './state-values';
import type { Store } from './store';
import { validateSuggestion } from './validate';
import { elementsOf } from './validate/blocks';
import { optionsOf } from './validate/elements';
import type { OpenView } from './views';
import { type Dict, dict, dicts, isDict, string } from './wire';

/** What Slack and the acting person saw. */
export interface ActAnswer {
  /** The HTTP status of the app's answer; 0 when nothing was sent, or no answer came in time. */
  status: number;
  /** Wall milliseconds until the app's answer. */
  ms: number;
  /** The app's answer: its JSON, else its text. */
  body: unknown;
  /** What only this person has been shown meanwhile. */
  ephemeral: Dict[];
  /** The view on top of this person's screen; after `home` the Home tab. */
  view?: Dict;
  options?: Dict[];
  /** Under the fields of the view, by block_id: from the app, or from Slack's own form. */
  errors?: Record<string, string>;
  /** Slack's words when the app failed. */
  notice?: string;
  /** The act was not possible, and why; nothing was sent. */
  error?: string;
}

type Outcome = Partial<Omit<ActAnswer, 'ephemeral'>> & { exchange?: Exchange };

/** The person asked for something that is not on the screen. */
class NotPossible extends Error {}

/** In the words of Slack's clients. */
const trouble = 'We had some trouble connecting. Try again?';
const wentWrong = 'Oh no, something went wrong. Please try that again.';

/** Where a block stands that a person acts on. */
type Scene = { message: Message; channel: Channel } | { view: OpenView };

/** People who act in the workspace. */
export class Actor {
  readonly #store: Store;
  readonly #line: AppLine;

  constructor(store: Store, line: AppLine) {
    this.#store = store;
    this.#line = line;
  }

  async act(given: unknown): Promise<ActAnswer> {
    const since = this.#store.nextTs();
    const act = readAct(given);
    try {
      if ('error' in act) throw new NotPossible(act.error);
      const person = this.#person(act.input.user);
      const { exchange, ...outcome } = await this.#perform(person, act);
      const view = outcome.view ?? this.#viewOf(this.#store.views.top(person.id));
      return {
        status: exchange?.reply.status ?? 0,
        ms: exchange?.reply.ms ?? 0,
        body: exchange === undefined ? '' : (answerObject(exchange.reply) ?? exchange.reply.body),
        ...outcome,
        ephemeral: this.#store.messages
          .ephemeralTo(person.id, since)
          .map((message) => ({ channel: message.channel, ...messagePayload(this.#store, message) })),
        ...(view && { view }),
      };
    } catch (error) {
      if (!(error instanceof NotPossible)) throw error;
      return { status: 0, ms: 0, body: '', ephemeral: [], error: error.message };
    }
  }

  /** A trigger and a response_url as a real interaction would carry them. */
  trigger(given: { user: string; channel: string }): { trigger_id: string; response_url: string } {
    const person = this.#person(given.user);
    const channel = this.#channel(given.channel, person);
    return {
      trigger_id: this.#store.triggers.make(person.id),
      response_url: this.#store.responseUrl({ user: person.id, channel: channel.id }),
    };
  }

  #perform(person: Person, act: Act): Promise<Outcome> {
    switch (act.kind) {
      case 'command':
        return this.#command(person, act.input);
      case 'message-action':
        return this.#action(person, this.#onMessage(person, act.input), act.input);
      case 'view-action':
        return this.#action(person, { view: this.#openView(person, act.input.view_id) }, act.input);
      case 'submit':
        return this.#submit(person, act.input);
      case 'close':
        return this.#close(person, act.input);
      case 'options':
        return this.#options(person, act.input.options);
      case 'home':
        return this.#home(person);
      case 'shortcut':
        return this.#shortcut(person, act.input.shortcut);
    }
  }

  async #command(person: Person, input: CommandInput): Promise<Outcome> {
    const channel = this.#channel(input.channel, person);
    const url = this.#store.responseUrl({ user: person.id, channel: channel.id });
    const exchange = await this.#line.command(person, {
      channel_id: channel.id,
      channel_name: { im: 'directmessage', private: 'privategroup', public: channel.name }[channel.kind],
      command: input.command,
      text: input.text,
      response_url: url,
      trigger_id: this.#store.triggers.make(person.id),
    });
    const fail = (code: string) => {
      const notice = `${input.command} failed with the error "${code}"`;
      this.#store.whisper(channel.id, person.id, notice);
      return { exchange, notice };
    };
    const { reply, entry } = exchange;
    if (!reply.ok) return fail(reply.failure);
    if (reply.body === '') return { exchange };
    const payload = answerObject(reply) ?? { text: reply.body };
    const target = this.#store.responseUrls.find(url.slice(url.lastIndexOf('/') + 1));
    try {
      // Slack: an answer to the channel shows the command as well.
      if (payload.response_type === 'in_channel')
        this.#store.post({ channel: channel.id, user: person.id, text: `${input.command} ${input.text}`.trim() });
      if (typeof target !== 'string') respond(this.#store, target, payload);
      return { exchange };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      entry.problem = [error.code, ...error.messages].join(' ');
      return fail(error.code);
    }
  }

  async #action(
    person: Person,
    scene: Scene,
    input: { action_id: string; block_id?: string | undefined; value?: unknown; state?: unknown },
  ): Promise<Outcome> {
    const blocks = 'view' in scene ? scene.view.blocks : blocksOf(scene.message);
    const { block, element } = findActed(blocks, input);
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const offered = 'view' in scene ? (scene.view.offered.get(`${blockId} ${actionId}`) ?? []) : [];
    const kept = 'view' in scene ? scene.view.state : {};
    const state = stateOf(blocks, this.#fill(blocks, kept, dict(input.state), scene));
    const details = chosen(element, input.value, offered);
    if (initialValue(element) !== undefined) state[blockId] = { ...state[blockId], [actionId]: dict(details.value) };
    if ('view' in scene) scene.view.state = state;
    const action = { ...details.action, block_id: blockId, action_ts: this.#store.nextTs() };
    const trigger = this.#store.triggers.make(person.id);
    const exchange = await this.#line.interaction(person, {
      type: 'block_actions',
      trigger_id: trigger,
      ...this.#context(person, scene),
      ...('message' in scene && { state: { values: state } }),
      actions: [action],
    });
    // Slack: the HTTP answer to block_actions shows nothing.
    return { exchange, ...(!exchange.reply.ok && { notice: wentWrong }), ...this.#homeOf(scene) };
  }

  /** What tells the app where the interaction happened. */
  #context(person: Person, scene: Scene): Dict {
    if ('view' in scene) {
      const view = this.#store.viewPayload(scene.view);
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
      ...(!isEphemeral && { message: messagePayload(this.#store, message) }),
      response_url: this.#store.responseUrl({ user: person.id, channel: channel.id, original: message.ts }),
    };
  }

  async #submit(person: Person, input: SubmitInput): Promise<Outcome> {
    const open = this.#openView(person, input.view_id);
    if (open.view.type !== 'modal') throw new NotPossible(`view ${open.id} is no modal and cannot be submitted`);
    if (open.view.submit === undefined) throw new NotPossible(`view ${open.id} has no submit button`);
    if (this.#store.views.top(person.id) !== open) throw new NotPossible(`view ${open.id} lies under another view`);
    open.state = stateOf(open.blocks, this.#fill(open.blocks, open.state, input.submit, { view: open }));
    const errors = formErrors(open);
    if (Object.keys(errors).length > 0) {
      open.errors = errors;
      this.#store.changedView(open);
      return { errors };
    }
    open.errors = {};
    const exchange = await this.#line.interaction(person, {
      type: 'view_submission',
      trigger_id: this.#store.triggers.make(person.id),
      view: this.#store.viewPayload(open),
      response_urls: [],
    });
    if (!exchange.reply.ok) return { exchange, notice: trouble };
    try {
      const shown = this.#applyAnswer(open, exchange);
      return { exchange, ...(shown && { errors: shown }) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      exchange.entry.problem = [error.code, ...error.messages].join(' ');
      return { exchange, notice: trouble };
    } finally {
      this.#store.changedView(open);
    }
  }

  /** Slack: Modals, response actions. Answers the errors to show, if any. */
  #applyAnswer(open: OpenView, { reply }: Exchange): Record<string, string> | undefined {
    const { views } = this.#store;
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
      case 'errors': {
        const errors = readErrors(open, answer.errors);
        open.errors = errors;
        return errors;
      }
      default:
        throw new ApiError('invalid_response', [`unknown response_action ${String(answer.response_action)}`]);
    }
  }

  /** The close button: the view goes, or with clear_on_close the whole stack. */
  async #close(person: Person, input: CloseInput): Promise<Outcome> {
    const open = this.#openView(person, input.view_id);
    const { views } = this.#store;
    if (open.view.type !== 'modal') throw new NotPossible(`view ${open.id} is no modal and cannot be closed`);
    const clears = open.view.clear_on_close === true;
    const payload = this.#store.viewPayload(open);
    if (clears) views.clear(person.id);
    else views.close(open);
    this.#store.changedView(open);
    if (open.view.notify_on_close !== true) return {};
    return {
      exchange: await this.#line.interaction(person, { type: 'view_closed', view: payload, is_cleared: clears }),
    };
  }

  async #options(person: Person, input: OptionsInput['options']): Promise<Outcome> {
    const scene = this.#sceneOfOptions(person, input);
    const blocks = 'view' in scene ? scene.view.blocks : blocksOf(scene.message);
    const { block, element } = findElement(blocks, input, (one) => String(one.type).includes('external_select'));
    // Slack: an external menu asks from the third character on, unless it says otherwise.
    const fewest = typeof element.min_query_length === 'number' ? element.min_query_length : 3;
    if (input.value.length < fewest)
      throw new NotPossible(`${String(element.action_id)} asks the app from ${fewest} characters on`);
    const exchange = await this.#line.interaction(person, {
      type: 'block_suggestion',
      action_id: element.action_id,
      block_id: block.block_id,
      value: input.value,
      ...this.#context(person, scene),
    });
    if (!exchange.reply.ok) return { exchange, notice: wentWrong, options: [] };
    const answer = answerObject(exchange.reply) ?? {};
    const problems = validateSuggestion(answer);
    if (problems.length > 0) {
      exchange.entry.problem = problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
      return { exchange, notice: wentWrong, options: [] };
    }
    const options = optionsOf(answer);
    if ('view' in scene) {
      const key = `${String(block.block_id)} ${String(element.action_id)}`;
      const before = (scene.view.offered.get(key) ?? []).filter(
        (old) => !options.some((option) => option.value === old.value),
      );
      scene.view.offered.set(key, [...before, ...options].slice(-500));
    }
    return { exchange, options };
  }

  #sceneOfOptions(person: Person, input: OptionsInput['options']): Scene {
    if (input.view_id !== undefined) return { view: this.#openView(person, input.view_id) };
    if (input.message_ts === undefined) throw new NotPossible('options need a view_id or a message_ts');
    return this.#onMessage(person, { message_ts: input.message_ts, channel: input.channel });
  }

  async #home(person: Person): Promise<Outcome> {
    const home = this.#store.views.home(person.id);
    const exchange = await this.#line.event(person, {
      type: 'app_home_opened',
      user: person.id,
      channel: this.#store.direct(person).id,
      tab: 'home',
      ...(home && { view: this.#store.viewPayload(home) }),
    });
    const shown = this.#viewOf(this.#store.views.home(person.id));
    return { exchange, ...(shown && { view: shown }) };
  }

  async #shortcut(person: Person, callbackId: string): Promise<Outcome> {
    const exchange = await this.#line.interaction(person, {
      type: 'shortcut',
      callback_id: callbackId,
      trigger_id: this.#store.triggers.make(person.id),
      action_ts: this.#store.nextTs(),
    });
    return { exchange, ...(!exchange.reply.ok && { notice: wentWrong }) };
  }

  #person(given: string): Person {
    const { users } = this.#store;
    const person = users.find((user) => user.id === given || user.name === given.replace(/^@/, ''));
    if (person !== undefined && person.isBot !== true) return person;
    const known = users.filter((user) => user.isBot !== true).map((user) => user.name);
    throw new NotPossible(`no user ${given}; there are ${known.join(', ')}`);
  }

  #channel(given: string, person: Person): Channel {
    const { channels } = this.#store;
    const name = given.replace(/^#/, '');
    const channel = channels.find((one) => one.id === given || (one.kind !== 'im' && one.name === name));
    const sees = channel?.kind === 'public' || channel?.members.includes(person.id);
    if (channel !== undefined && sees) return channel;
    const known = channels.filter((one) => one.kind === 'public').map((one) => `#${one.name}`);
    throw new NotPossible(`no channel ${given} for ${person.name}; there are ${known.join(', ')}`);
  }

  #onMessage(
    person: Person,
    input: { message_ts: string; channel?: string | undefined },
  ): { message: Message; channel: Channel } {
    const message =
      input.channel === undefined
        ? this.#store.messages.anywhere(input.message_ts)
        : this.#store.messages.find(this.#channel(input.channel, person).id, input.message_ts);
    const isHidden = message?.ephemeral_to !== undefined && message.ephemeral_to !== person.id;
    if (message === undefined || isHidden) {
      const where = input.channel === undefined ? '' : ` in ${input.channel}`;
      throw new NotPossible(`${person.name} sees no message ${input.message_ts}${where}`);
    }
    return { message, channel: this.#channel(message.channel, person) };
  }

  #openView(person: Person, id: string): OpenView {
    const open = this.#store.views.find(id);
    if (open?.user === person.id) return open;
    const known = this.#store.views.stack(person.id).map((view) => view.id);
    throw new NotPossible(`${person.name} has no view ${id} open; open are: ${known.join(', ') || 'none'}`);
  }

  #viewOf(open: OpenView | undefined): Dict | undefined {
    if (open === undefined) return undefined;
    const hasErrors = Object.keys(open.errors).length > 0;
    return { view_id: open.id, ...this.#store.viewPayload(open), ...(hasErrors && { errors: open.errors }) };
  }

  #homeOf(scene: Scene): { view?: Dict } {
    if (!('view' in scene) || scene.view.view.type !== 'home') return {};
    const view = this.#viewOf(scene.view);
    return this.#store.views.top(scene.view.user) === undefined && view ? { view } : {};
  }

  /** The state with what the person gives, which may be state values or shorter forms. */
  #fill(blocks: Dict[], kept: StateValues, given: Dict, scene: Scene): StateValues {
    const filled: StateValues = { ...kept };
    const fillable = blocks.filter((block) => elementsOf(block).some((element) => initialValue(element)));
    for (const [blockId, values] of Object.entries(given)) {
      const block = fillable.find((one) => one.block_id === blockId);
      if (block === undefined) {
        const known = fillable.map((one) => String(one.block_id));
        throw new NotPossible(`no field with block_id ${blockId}; there are: ${known.join(', ') || 'none'}`);
      }
      const elements = elementsOf(block).filter((element) => initialValue(element));
      for (const [actionId, value] of Object.entries(byAction(elements, values))) {
        const element = elements.find((one) => one.action_id === actionId);
        if (element === undefined) {
          const known = elements.map((one) => String(one.action_id));
          throw new NotPossible(
            `block ${blockId} has no field with action_id ${actionId}; it has: ${known.join(', ')}`,
          );
        }
        const offered = 'view' in scene ? (scene.view.offered.get(`${blockId} ${actionId}`) ?? []) : [];
        const read = readValue(element, value, offered);
        if ('error' in read) throw new NotPossible(`block ${blockId}, ${actionId}: ${read.error}`);
        filled[blockId] = { ...filled[blockId], [actionId]: read.value };
      }
    }
    return filled;
  }
}

/** `{action_id: value}`, or for a block with one field the value alone. */
function byAction(elements: Dict[], values: unknown): Dict {
  const only = elements.length === 1 ? elements[0] : undefined;
  if (isDict(values) || only === undefined) return dict(values);
  return { [String(only.action_id)]: values };
}

function findElement(
  blocks: Dict[],
  input: { action_id: string; block_id?: string | undefined; value?: unknown },
  accepts: (element: Dict, block: Dict) => boolean,
): { block: Dict; element: Dict } {
  const all = blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => accepts(element, block))
      .map((element) => ({ block, element })),
  );
  const named = all.filter(
    ({ block, element }) =>
      element.action_id === input.action_id && (input.block_id === undefined || block.block_id === input.block_id),
  );
  const exact = named.filter(({ element }) => element.type === 'button' && element.value === input.value);
  const found = named.length > 1 && exact.length > 0 ? exact : named;
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first === undefined) {
    const known = [...new Set(all.map(({ element }) => String(element.action_id)))].join(', ') || 'nothing';
    throw new NotPossible(`${input.action_id} is not there (any more); what can be pressed or filled in: ${known}`);
  }
  const where = found.map(({ block, element }) => `${String(block.block_id)} (value ${String(element.value)})`);
  throw new NotPossible(`${input.action_id} is there ${found.length} times: say which block_id: ${where.join(', ')}`);
}

/** Slack: elements in an input block act only when the block says `dispatch_action`. */
const findActed = (blocks: Dict[], input: { action_id: string; block_id?: string | undefined; value?: unknown }) =>
  findElement(
    blocks,
    input,
    (element, block) => element.type !== 'image' && (block.type !== 'input' || block.dispatch_action === true),
  );

/** The entry of `actions`, and the element's new state value when it holds one. */
function chosen(element: Dict, given: unknown, offered: Dict[]): { action: Dict; value?: Dict } {
  const { options: _, option_groups: __, style: ___, accessibility_label: ____, ...action } = element;
  if (element.type === 'button') return { action };
  if (element.type === 'overflow') {
    const options = optionsOf(element);
    const option = options.find((one) => one.value === given || dict(one.text).text === given);
    if (option === undefined)
      throw new NotPossible(`say which option as value: ${options.map((one) => String(one.value)).join(', ')}`);
    return { action: { ...action, selected_option: { text: option.text, value: option.value } } };
  }
  const read = readValue(element, given, offered);
  if ('error' in read) throw new NotPossible(`${String(element.action_id)}: ${read.error}`);
  return { action: { ...action, ...read.value }, value: read.value };
}

function formErrors(open: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of open.blocks) {
    if (block.type !== 'input') continue;
    const element = dict(block.element);
    const value = open.state[String(block.block_id)]?.[String(element.action_id)];
    const error = formError(block, element, value);
    if (error !== undefined) errors[String(block.block_id)] = error;
  }
  return errors;
}

/** Slack: errors stand under input blocks, by block_id; any other key is refused. */
function readErrors(open: OpenView, given: unknown): Record<string, string> {
  const inputs = dicts(open.blocks)
    .filter((block) => block.type === 'input')
    .map((block) => String(block.block_id));
  const errors = Object.entries(dict(given));
  if (errors.length === 0) throw new ApiError('invalid_response', ['response_action errors without errors']);
  const wrong = errors.filter(([blockId, message]) => !inputs.includes(blockId) || !string(message));
  if (wrong.length > 0)
    throw new ApiError('invalid_response', [
      `errors for ${wrong.map(([blockId]) => blockId).join(', ')}: not input blocks of this view (${inputs.join(', ')})`,
    ]);
  return Object.fromEntries(errors.map(([blockId, message]) => [blockId, String(message)]));
}
