import { withIds } from './block-ids';
import type { Ids } from './ids';
import { type StateValues, stateOf } from './state-values';
import { type Dict, dicts, string } from './wire';

/** Slack: Modals. At most three views lie on each other. */
export const stackLimit = 3;

export interface OpenView {
  id: string;
  user: string;
  /** As the app gave it, with the ids filled in that it left out. */
  view: Dict;
  blocks: Dict[];
  state: StateValues;
  hash: string;
  rootId: string;
  previousId: string | undefined;
  /** Under the fields, after a submission that the app refused. */
  errors: Record<string, string>;
  /** Options that the app offered, by block_id and action_id. */
  offered: Map<string, Dict[]>;
}

/** The modals that people have open, and their Home tabs. */
export class Views {
  readonly #stacks = new Map<string, OpenView[]>();
  readonly #homes = new Map<string, OpenView>();
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  stack(user: string): OpenView[] {
    return this.#stacks.get(user) ?? [];
  }

  top(user: string): OpenView | undefined {
    return this.stack(user).at(-1);
  }

  all(): OpenView[] {
    return [...this.#stacks.values()].flat();
  }

  home(user: string): OpenView | undefined {
    return this.#homes.get(user);
  }

  homes(): OpenView[] {
    return [...this.#homes.values()];
  }

  find(id: string): OpenView | undefined {
    return this.all().find((one) => one.id === id) ?? this.homes().find((one) => one.id === id);
  }

  byExternalId(id: string): OpenView | undefined {
    return [...this.all(), ...this.homes()].find((one) => one.view.external_id === id);
  }

  /** A new modal; one that is open already gives way. */
  open(user: string, view: Dict): OpenView {
    const made = this.#make(user, view, []);
    this.#stacks.set(user, [made]);
    return made;
  }

  /** Undefined when the stack is full. */
  push(user: string, view: Dict): OpenView | undefined {
    const stack = this.stack(user);
    if (stack.length >= stackLimit) return undefined;
    const made = this.#make(user, view, stack);
    this.#stacks.set(user, [...stack, made]);
    return made;
  }

  /** What people have typed stays where block_id and action_id are the same. */
  update(open: OpenView, view: Dict): void {
    open.blocks = this.#filled(view);
    open.view = { ...view, blocks: open.blocks };
    open.state = stateOf(open.blocks, open.state);
    open.errors = {};
    open.hash = this.#ids.viewHash(this.#now());
  }

  publish(user: string, view: Dict): OpenView {
    const home = this.#homes.get(user);
    if (home !== undefined) {
      this.update(home, view);
      return home;
    }
    const made = this.#make(user, view, []);
    this.#homes.set(user, made);
    return made;
  }

  close(open: OpenView): void {
    this.#stacks.set(
      open.user,
      this.stack(open.user).filter((one) => one !== open),
    );
  }

  clear(user: string): void {
    this.#stacks.delete(user);
  }

  #make(user: string, view: Dict, below: OpenView[]): OpenView {
    const id = this.#ids.next('V');
    const blocks = this.#filled(view);
    return {
      id,
      user,
      view: { ...view, blocks },
      blocks,
      state: stateOf(blocks),
      hash: this.#ids.viewHash(this.#now()),
      rootId: below[0]?.id ?? id,
      previousId: below.at(-1)?.id,
      errors: {},
      offered: new Map(),
    };
  }

  #filled(view: Dict): Dict[] {
    return withIds(dicts(view.blocks), () => this.#ids.next('').slice(0, 5));
  }
}

/** A view as payloads and Web API answers carry it (Slack: View payloads). */
export function viewPayload(open: OpenView, workspace: { teamId: string; appId: string; botId: string }): Dict {
  const { view } = open;
  return {
    id: open.id,
    team_id: workspace.teamId,
    type: view.type,
    blocks: open.blocks,
    private_metadata: string(view.private_metadata) ?? '',
    callback_id: string(view.callback_id) ?? '',
    state: { values: open.state },
    hash: open.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clear_on_close === true,
    notify_on_close: view.notify_on_close === true,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: open.previousId ?? null,
    root_view_id: open.rootId,
    app_id: workspace.appId,
    external_id: string(view.external_id) ?? '',
    app_installed_team_id: workspace.teamId,
    bot_id: workspace.botId,
  };
}
