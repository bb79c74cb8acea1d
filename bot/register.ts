import type { App, BlockAction, Context, MessageShortcut } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Admission } from './callers/admission';
import { runLine } from './command-line';
import type { Button, Form, Home, Listener, Options, Parts, Shortcut, ShortcutUsed } from './listener';
import { homeNotice } from './views/home';
import { code, type Mrkdwn, md } from './views/mrkdwn';
import { notice } from './views/notice';
import { problemText } from './views/problem';

/**
 * Ties the listeners to Bolt, each kind by its own shape of request and answer. One registration for each kind: Bolt
 * calls every listener on every request to ask whether it is meant.
 */
export function register(app: App, parts: Parts, admission: Admission, interactions: readonly Listener[]): void {
  registerCommands(app, parts, admission);
  const [home] = byId(interactions, 'home').values();
  registerButtons(app, parts, admission, byId(interactions, 'button'), home);
  registerOptions(app, parts, admission, byId(interactions, 'options'));
  registerForms(app, parts, admission, byId(interactions, 'form'));
  registerShortcuts(app, parts, admission, byId(interactions, 'shortcut'));
  for (const home of byId(interactions, 'home').values()) registerHome(app, parts, admission, home);
}

type OfKind<Kind extends Listener['kind']> = Extract<Listener, { kind: Kind }>;

function byId<Kind extends Listener['kind']>(all: readonly Listener[], kind: Kind): ReadonlyMap<string, OfKind<Kind>> {
  const ofKind = all.filter((listener): listener is OfKind<Kind> => listener.kind === kind);
  return new Map(ofKind.map((listener) => [listener.id, listener]));
}

const whisper = { response_type: 'ephemeral', replace_original: false } as const;
const outdated = (command: string): Mrkdwn =>
  md`This button belongs to another version of Trapheus. ${code(`${command} status`)} shows what can be done now.`;

function registerCommands(app: App, parts: Parts, admission: Admission): void {
  app.command(parts.house.command, async ({ ack, command, context, client }) => {
    const { user_id: id, channel_id: channel, trigger_id: trigger, text } = command;
    const passed = await admission.admit({ context, client, id, what: 'command', channel }, (caller) =>
      runLine(parts, text, { ...caller, channel, trigger }),
    );
    const said = passed.ok ? passed.value : { text: passed.why };
    await (said === undefined ? ack() : ack({ response_type: 'ephemeral', ...said }));
  });
}

function registerButtons(
  app: App,
  parts: Parts,
  admission: Admission,
  buttons: ReadonlyMap<string, Button>,
  home: Home | undefined,
): void {
  app.action<BlockAction>({ type: 'block_actions' }, async ({ ack, body, action, context, client, respond }) => {
    await ack();
    const canAnswer = typeof body.response_url === 'string' && body.response_url !== '';
    const button = buttons.get(action.action_id);
    if (button === undefined) {
      if (canAnswer) await respond({ ...whisper, text: outdated(parts.house.command) });
      return;
    }
    const value = 'value' in action && typeof action.value === 'string' ? action.value : '';
    const { trigger_id: trigger, user, channel, container } = body;
    const passed = await admission.admit(
      { context, client, id: user.id, what: button.id, channel: channel?.id },
      (caller) => button.press(parts, { ...caller, value, trigger, channel: channel?.id, body }),
    );
    const isOnHome = body.view?.type === 'home';
    if (isOnHome && home) {
      const why = !passed.ok
        ? passed.why
        : passed.value.ok
          ? undefined
          : problemText(passed.value.problem, parts.house);
      // A Home tab has no address to answer to: a dialog says no, and the tab shows what is true now.
      if (why !== undefined) await client.views.open({ trigger_id: trigger, view: notice('Not done', why) });
      // What was pressed is done, and whoever shows its run shows it on the tab too.
      if (parts.hurry.hasTimeFor(3))
        await admission.admit({ context, client, id: user.id, what: home.id }, (caller) => home.publish(parts, caller));
      return;
    }
    if (!canAnswer) return;
    if (!passed.ok) return void (await respond({ ...whisper, text: passed.why }));
    const answer = passed.value;
    if (!answer.ok) {
      admission.record(button.id, user.id, { value, problem: answer.problem.code });
      // Of a copy that only its reader sees nobody takes the buttons away later: they go with the answer.
      const isStale = container.is_ephemeral === true && !answer.problem.retry;
      const text = problemText(answer.problem, parts.house);
      return void (await respond({ ...whisper, replace_original: isStale, text }));
    }
    admission.record(button.id, user.id, { value });
    // The card changes by itself; what only its reader sees does not.
    const isWhispered = container.is_ephemeral === true && answer.said !== undefined;
    if (isWhispered) await respond({ response_type: 'ephemeral', replace_original: true, text: answer.said ?? '' });
  });
}

// Whatever is not acknowledged here is nobody's: the receiver says so.

function registerOptions(app: App, parts: Parts, admission: Admission, menus: ReadonlyMap<string, Options>): void {
  app.options<'block_suggestion'>({ type: 'block_suggestion' }, async ({ ack, body, context, client }) => {
    const { user, value, view } = body;
    const menu = menus.get(body.action_id);
    if (menu === undefined) return;
    const passed = await admission.admit({ context, client, id: user.id, what: `options of ${menu.id}` }, (caller) =>
      menu.find(parts, { ...caller, typed: value, view, body }),
    );
    await ack(passed.ok ? passed.value : { options: [] });
  });
}

function registerForms(app: App, parts: Parts, admission: Admission, forms: ReadonlyMap<string, Form>): void {
  app.view({ type: 'view_submission' }, async ({ ack, body, view, context, client }) => {
    const form = forms.get(view.callback_id);
    if (form === undefined) return;
    const passed = await admission.admit({ context, client, id: body.user.id, what: form.id }, (caller) =>
      form.submit(parts, { ...caller, view }),
    );
    if (!passed.ok) return ack({ response_action: 'update', view: notice('Not done', passed.why) });
    const answer = passed.value;
    const wrong = 'errors' in answer ? { problem: Object.values(answer.errors).join(' ') } : {};
    admission.record(form.id, body.user.id, { value: view.id, ...wrong });
    if ('errors' in answer) return ack({ response_action: 'errors', errors: answer.errors });
    if ('push' in answer) return ack({ response_action: 'push', view: answer.push });
    return 'show' in answer ? ack({ response_action: 'update', view: answer.show }) : ack();
  });
}

function registerShortcuts(
  app: App,
  parts: Parts,
  admission: Admission,
  shortcuts: ReadonlyMap<string, Shortcut>,
): void {
  const use = async (
    who: { context: Context; client: WebClient; id: string; shortcut: string; trigger: string },
    message: ShortcutUsed['message'],
  ): Promise<void> => {
    const { context, client, id, trigger } = who;
    const shortcut = shortcuts.get(who.shortcut);
    if (shortcut === undefined) return;
    const passed = await admission.admit(
      { context, client, id, what: shortcut.id, channel: message?.channel },
      (caller) => shortcut.open(parts, { ...caller, trigger, message }),
    );
    const said = passed.ok ? passed.value : passed.why;
    if (said !== undefined && context.botToken !== undefined)
      await client.views.open({ trigger_id: trigger, view: notice('Not done', said) });
  };
  app.shortcut({ type: 'shortcut' }, async ({ ack, body, context, client }) => {
    await ack();
    const { user, callback_id: shortcut, trigger_id: trigger } = body;
    await use({ context, client, id: user.id, shortcut, trigger }, undefined);
  });
  app.shortcut<MessageShortcut>({ type: 'message_action' }, async ({ ack, body, context, client }) => {
    await ack();
    const { user, callback_id: shortcut, trigger_id: trigger, channel, message_ts: ts } = body;
    await use({ context, client, id: user.id, shortcut, trigger }, { channel: channel.id, ts });
  });
}

function registerHome(app: App, parts: Parts, admission: Admission, home: Home): void {
  app.event(home.id, async ({ event, context, client }) => {
    if (event.tab !== 'home') return;
    const passed = await admission.admit({ context, client, id: event.user, what: home.id }, (caller) =>
      home.publish(parts, caller),
    );
    // Another workspace's request, or none of ours that could be answered: there is no token to publish with.
    if (passed.ok || context.botToken === undefined) return;
    const view = homeNotice(passed.why);
    await Promise.all([parts.homes.forget(event.user), client.views.publish({ user_id: event.user, view })]);
  });
}
