import { App, AwsLambdaReceiver, type BlockAction, type Context } from '@slack/bolt';
import type { ExtendedErrorHandlerArgs } from '@slack/bolt/dist/App';
import { WebClient } from '@slack/web-api';
import { failure, type Log } from '../orchestrator/log';
import type { Clock } from '../orchestrator/ports';
import type { Person } from '../orchestrator/run';
import { runLine } from './command-line';
import { approve } from './interactions/approve';
import { cancel } from './interactions/cancel';
import { databaseChosen } from './interactions/database-chosen';
import { databaseOptions } from './interactions/database-options';
import { deny } from './interactions/deny';
import { denySubmit } from './interactions/deny-submit';
import { keepLonger } from './interactions/keep-longer';
import { release } from './interactions/release';
import { removeNow } from './interactions/remove-now';
import { requestAgain } from './interactions/request-again';
import { restoreSubmit } from './interactions/restore-submit';
import { retryRemoval } from './interactions/retry-removal';
import { snapshotOptions } from './interactions/snapshot-options';
import { undo } from './interactions/undo';
import type { Button, Caller, Form, Listener, Options, Parts } from './listener';
import { People } from './people';
import { type Handler, receive, type SigningSecrets } from './receiver';
import { clientOptions, quietLogger } from './slack-client';
import { code, type Mrkdwn, md } from './views/mrkdwn';
import { notice } from './views/notice';
import { problemText } from './views/problem';

/** Everything a person can press, fill in or choose from. To add one: a file in interactions/ and a line here. */
export const interactions: readonly Listener[] = [
  databaseChosen,
  databaseOptions,
  snapshotOptions,
  restoreSubmit,
  approve,
  deny,
  denySubmit,
  cancel,
  undo,
  keepLonger,
  removeNow,
  retryRemoval,
  release,
  requestAgain,
];

/** Slack waits three seconds for the whole of an answer; one call may use half of that. */
const callTimeoutMs = 1500;

export interface SlackAppParts extends Parts {
  secrets: { read(): Promise<SigningSecrets & { botToken: string }> };
  /** Slack's Web API; absent: Slack itself. */
  apiUrl?: string | undefined;
  /** Wall time in milliseconds, with which Slack signs. */
  wall: () => number;
  log: Log;
  clock: Clock;
}

/** A Lambda handler that takes everything Slack sends. */
export function slackHandler(parts: SlackAppParts): Handler {
  const { secrets, log, wall } = parts;
  const logger = quietLogger(log);
  // Verified already, and by a stricter rule: see receiver.ts.
  const receiver = new AwsLambdaReceiver({ signingSecret: '', signatureVerification: false, logger });
  const app = new App({
    receiver,
    logger,
    convoStore: false,
    ignoreSelf: false,
    tokenVerificationEnabled: false,
    clientOptions: clientOptions(parts.apiUrl, callTimeoutMs, logger),
    authorize: authorizer(parts),
    extendedErrorHandler: true,
  });
  app.error(async ({ error, body }: ExtendedErrorHandlerArgs) => {
    log('error', 'listener-failed', { type: 'type' in body ? body.type : 'command', ...failure(error) });
    throw error;
  });
  register(app, parts);
  const next = receiver.toHandler();
  return receive({ secrets: () => secrets.read(), next, wall, log });
}

/** What `authorize` found, for the listeners: a refusal has to reach the person in the form that fits the request. */
interface Authorized {
  botToken?: string;
  botId?: string;
  botUserId?: string;
  refusal?: Mrkdwn;
}

/** The bot's token, for requests from its own workspace only. A failure is not remembered. */
function authorizer({ secrets, apiUrl, log }: SlackAppParts) {
  const logger = quietLogger(log);
  let self: { token: string; team: string; botId: string; botUserId: string } | undefined;
  const whoAmI = async (token: string) => {
    if (self?.token === token) return self;
    const told = await new WebClient(token, clientOptions(apiUrl, callTimeoutMs, logger)).auth.test();
    self = { token, team: told.team_id ?? '', botId: told.bot_id ?? '', botUserId: told.user_id ?? '' };
    return self;
  };
  return async ({ teamId }: { teamId: string | undefined }): Promise<Authorized> => {
    try {
      const { botToken } = await secrets.read();
      const { team, botId, botUserId } = await whoAmI(botToken);
      const isOurs = teamId !== undefined && teamId === team;
      return isOurs ? { botToken, botId, botUserId } : { refusal: foreign };
    } catch (error) {
      log('error', 'authorize-failed', failure(error));
      return { refusal: unreachable };
    }
  };
}

const foreign = md`Trapheus does not work for this workspace, only for the one that it was installed in.`;
const unreachable = md`Trapheus could not reach Slack or its own secrets just now, so nothing was done. Try again in a moment.`;

function register(app: App, parts: SlackAppParts): void {
  const gate = new Gate(parts);
  registerCommands(app, parts, gate);
  for (const listener of interactions) {
    if (listener.kind === 'button') registerButton(app, parts, gate, listener);
    if (listener.kind === 'options') registerOptions(app, parts, gate, listener);
    if (listener.kind === 'form') registerForm(app, parts, gate, listener);
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

/** Lets in who may use Trapheus, and turns whatever goes wrong into a sentence: the one place that records it. */
class Gate {
  readonly #people: People;
  readonly #log: Log;

  constructor({ clock, log }: SlackAppParts) {
    this.#people = new People(clock, log);
    this.#log = log;
  }

  async pass<T>(
    who: { context: Context; client: WebClient; id: string; what: string },
    work: (caller: Caller) => Promise<T>,
  ): Promise<{ ok: true; value: T } | { ok: false; why: Mrkdwn }> {
    const { context, client, id, what } = who;
    try {
      const { refusal } = context as Authorized;
      if (refusal !== undefined) return { ok: false, why: refusal };
      const person: Person = { id, team: context.teamId ?? '' };
      const why = await this.#people.refusal(client, id, person.team);
      if (why !== undefined) {
        this.#log('warn', 'person-refused', { what, person: id });
        return { ok: false, why };
      }
      const value = await work({ person, client, names: (ids) => this.#people.names(client, ids) });
      return { ok: true, value };
    } catch (error) {
      this.#log('error', 'listener-failed', { what, person: id, ...failure(error) });
      return { ok: false, why: sorry };
    }
  }

  refused(what: string, person: string, problem: string): void {
    this.#log('info', 'refused', { what, person, problem });
  }
}

const sorry = md`Something went wrong on my side, and I cannot say whether it was done. Look at the card, then try again: doing the same twice does no harm.`;

function registerCommands(app: App, parts: SlackAppParts, gate: Gate): void {
  app.command(parts.house.command, async ({ ack, command, context, client }) => {
    const { user_id: id, channel_id: channel, trigger_id: trigger, text } = command;
    const passed = await gate.pass({ context, client, id, what: 'command' }, (caller) =>
      runLine(parts, text ?? '', { ...caller, channel, trigger }),
    );
    const said = passed.ok ? passed.value : { text: passed.why };
    await (said === undefined ? ack() : ack({ response_type: 'ephemeral', ...said }));
  });
}

function registerButton(app: App, parts: SlackAppParts, gate: Gate, button: Button): void {
  app.action<BlockAction>(
    { action_id: button.id, type: 'block_actions' },
    async ({ ack, body, action, context, client, respond }) => {
      await ack();
      const value = 'value' in action && typeof action.value === 'string' ? action.value : '';
      const { trigger_id: trigger, user, channel, container } = body;
      const passed = await gate.pass({ context, client, id: user.id, what: button.id }, (caller) =>
        button.press(parts, { ...caller, value, trigger, channel: channel?.id, body }),
      );
      const canAnswer = typeof body.response_url === 'string' && body.response_url !== '';
      if (!canAnswer) return;
      if (!passed.ok) return void (await respond({ ...whisper, text: passed.why }));
      const answer = passed.value;
      if (!answer.ok) {
        gate.refused(button.id, user.id, answer.problem.code);
        return void (await respond({ ...whisper, text: problemText(answer.problem) }));
      }
      // The card changes by itself; what only its reader sees does not.
      const isWhispered = container.is_ephemeral === true && answer.said !== undefined;
      if (isWhispered) await respond({ response_type: 'ephemeral', replace_original: true, text: answer.said ?? '' });
    },
  );
}

function registerOptions(app: App, parts: SlackAppParts, gate: Gate, menu: Options): void {
  app.options<'block_suggestion'>(
    { action_id: menu.id, type: 'block_suggestion' },
    async ({ ack, body, context, client }) => {
      const { user, value, view } = body;
      const passed = await gate.pass({ context, client, id: user.id, what: `options of ${menu.id}` }, (caller) =>
        menu.find(parts, { ...caller, typed: value ?? '', view, body }),
      );
      await ack(passed.ok ? passed.value : { options: [] });
    },
  );
}

function registerForm(app: App, parts: SlackAppParts, gate: Gate, form: Form): void {
  app.view({ callback_id: form.id, type: 'view_submission' }, async ({ ack, body, view, context, client }) => {
    const passed = await gate.pass({ context, client, id: body.user.id, what: form.id }, (caller) =>
      form.submit(parts, { ...caller, view }),
    );
    if (!passed.ok) return ack({ response_action: 'update', view: notice('Not done', passed.why) });
    const answer = passed.value;
    if ('errors' in answer) return ack({ response_action: 'errors', errors: answer.errors });
    return 'show' in answer ? ack({ response_action: 'update', view: answer.show }) : ack();
  });
}
