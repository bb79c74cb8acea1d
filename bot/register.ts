import type { App, BlockAction } from '@slack/bolt';
import type { Admission } from './admission';
import { runLine } from './command-line';
import type { Button, Form, Home, Listener, Options, Parts } from './listener';
import { homeNotice } from './views/home';
import { code, type Mrkdwn, md } from './views/mrkdwn';
import { notice } from './views/notice';
import { problemText } from './views/problem';

/** Ties the listeners to Bolt, each kind by its own shape of request and answer. */
export function register(app: App, parts: Parts, admission: Admission, interactions: readonly Listener[]): void {
  registerCommands(app, parts, admission);
  for (const listener of interactions) {
    if (listener.kind === 'button') registerButton(app, parts, admission, listener);
    if (listener.kind === 'options') registerOptions(app, parts, admission, listener);
    if (listener.kind === 'form') registerForm(app, parts, admission, listener);
    if (listener.kind === 'home') registerHome(app, parts, admission, listener);
  }
  const known = interactions.filter(({ kind }) => kind === 'button').map(({ id }) => id);
  app.action(new RegExp(`^(?!(?:${known.join('|')})$)`), async ({ ack, respond, body }) => {
    await ack();
    if ('response_url' in body) await respond({ ...whisper, text: outdated(parts.house.command) });
  });
}

const whisper = { response_type: 'ephemeral', replace_original: false } as const;
const outdated = (command: string): Mrkdwn =>
  md`This button belongs to another version of Trapheus. ${code(`${command} status`)} shows what can be done now.`;

function registerCommands(app: App, parts: Parts, admission: Admission): void {
  app.command(parts.house.command, async ({ ack, command, context, client }) => {
    const { user_id: id, channel_id: channel, trigger_id: trigger, text } = command;
    const passed = await admission.admit({ context, client, id, what: 'command' }, (caller) =>
      runLine(parts, text, { ...caller, channel, trigger }),
    );
    const said = passed.ok ? passed.value : { text: passed.why };
    await (said === undefined ? ack() : ack({ response_type: 'ephemeral', ...said }));
  });
}

function registerButton(app: App, parts: Parts, admission: Admission, button: Button): void {
  app.action<BlockAction>(
    { action_id: button.id, type: 'block_actions' },
    async ({ ack, body, action, context, client, respond }) => {
      await ack();
      const value = 'value' in action && typeof action.value === 'string' ? action.value : '';
      const { trigger_id: trigger, user, channel, container } = body;
      const passed = await admission.admit({ context, client, id: user.id, what: button.id }, (caller) =>
        button.press(parts, { ...caller, value, trigger, channel: channel?.id, body }),
      );
      const canAnswer = typeof body.response_url === 'string' && body.response_url !== '';
      if (!canAnswer) return;
      if (!passed.ok) return void (await respond({ ...whisper, text: passed.why }));
      const answer = passed.value;
      if (!answer.ok) {
        admission.record(button.id, user.id, { value, problem: answer.problem.code });
        return void (await respond({ ...whisper, text: problemText(answer.problem, parts.house) }));
      }
      admission.record(button.id, user.id, { value });
      // The card changes by itself; what only its reader sees does not.
      const isWhispered = container.is_ephemeral === true && answer.said !== undefined;
      if (isWhispered) await respond({ response_type: 'ephemeral', replace_original: true, text: answer.said ?? '' });
    },
  );
}

function registerOptions(app: App, parts: Parts, admission: Admission, menu: Options): void {
  app.options<'block_suggestion'>(
    { action_id: menu.id, type: 'block_suggestion' },
    async ({ ack, body, context, client }) => {
      const { user, value, view } = body;
      const passed = await admission.admit({ context, client, id: user.id, what: `options of ${menu.id}` }, (caller) =>
        menu.find(parts, { ...caller, typed: value, view, body }),
      );
      await ack(passed.ok ? passed.value : { options: [] });
    },
  );
}

function registerForm(app: App, parts: Parts, admission: Admission, form: Form): void {
  app.view({ callback_id: form.id, type: 'view_submission' }, async ({ ack, body, view, context, client }) => {
    const passed = await admission.admit({ context, client, id: body.user.id, what: form.id }, (caller) =>
      form.submit(parts, { ...caller, view }),
    );
    if (!passed.ok) return ack({ response_action: 'update', view: notice('Not done', passed.why) });
    const answer = passed.value;
    const wrong = 'errors' in answer ? { problem: Object.values(answer.errors).join(' ') } : {};
    admission.record(form.id, body.user.id, { value: view.id, ...wrong });
    if ('errors' in answer) return ack({ response_action: 'errors', errors: answer.errors });
    return 'show' in answer ? ack({ response_action: 'update', view: answer.show }) : ack();
  });
}

function registerHome(app: App, parts: Parts, admission: Admission, home: Home): void {
  app.event(home.id, async ({ event, context, client }) => {
    if (event.tab !== 'home') return;
    const passed = await admission.admit({ context, client, id: event.user, what: home.id }, (caller) =>
      home.show(parts, caller),
    );
    // Another workspace's request, or none of ours that could be answered: there is no token to publish with.
    if (context.botToken === undefined) return;
    const view = passed.ok ? passed.value : homeNotice(passed.why);
    await client.views.publish({ user_id: event.user, view });
  });
}
