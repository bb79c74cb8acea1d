import { messageAction, viewAction } from './acts/click';
import { command } from './acts/command';
import { home } from './acts/home';
import { type Act, readAct } from './acts/input';
import { close, submit } from './acts/modal';
import { options } from './acts/options';
import type { ActAnswer, Outcome } from './acts/outcome';
import { channelFor, NotPossible, personNamed, shownView } from './acts/scene';
import { messageShortcut, shortcut } from './acts/shortcut';
import { type AppLine, answerObject } from './app-line';
import { messagePayload } from './message-payload';
import type { Person } from './people';
import type { Store } from './store';

/** What is done in a form: its answer is the form as it stands then. */
const inView: ReadonlySet<Act['kind']> = new Set(['view-action', 'submit', 'close', 'options']);

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
      const person = personNamed(this.#store, act.input.user);
      const before = this.#shows(person);
      const { exchange, ...outcome } = await this.#perform(person, act);
      // A form that was left open is no answer to a command typed later.
      const isAnswer = inView.has(act.kind) || this.#shows(person) !== before;
      const view = outcome.view ?? (isAnswer ? shownView(this.#store, this.#store.views.top(person.id)) : undefined);
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
    const person = personNamed(this.#store, given.user);
    const channel = channelFor(this.#store, given.channel, person);
    return {
      trigger_id: this.#store.triggers.make(person.id),
      response_url: this.#store.responseUrl({ user: person.id, channel: channel.id }),
    };
  }

  /** Which form lies on top, and as what version of it. */
  #shows(person: Person): string | undefined {
    const top = this.#store.views.top(person.id);
    return top && `${top.id} ${top.hash}`;
  }

  #perform(person: Person, act: Act): Promise<Outcome> {
    const desk = { store: this.#store, line: this.#line };
    switch (act.kind) {
      case 'command':
        return command(desk, person, act.input);
      case 'message-action':
        return messageAction(desk, person, act.input);
      case 'view-action':
        return viewAction(desk, person, act.input);
      case 'submit':
        return submit(desk, person, act.input);
      case 'close':
        return close(desk, person, act.input);
      case 'options':
        return options(desk, person, act.input);
      case 'home':
        return home(desk, person, act.input);
      case 'shortcut':
        return shortcut(desk, person, act.input);
      case 'message-shortcut':
        return messageShortcut(desk, person, act.input);
    }
  }
}
