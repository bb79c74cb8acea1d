import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { type RealSlack, realSlack } from '../../../infra/local/real-slack';
import { refusalBySlack } from '../../../infra/local/real-slack/refusal';
import { readTokens } from '../../../infra/local/real-slack/tokens';
import { trialPolicy } from '../../../infra/local/real-slack/trial-policy';
import { botToken, createSandbox, type Sandbox } from '../../../infra/local/sandbox';
import { users } from '../../../infra/local/slack/people';
import { parsePolicy } from '../../../orchestrator/policy';

const appToken = 'xapp-1-A0TRAPHEUS-1-secret';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/**
 * Slack as Socket Mode shows it: the Web API (that of a stand-in), `apps.connections.open`, and a socket on which
 * envelopes go out and acknowledgements come back.
 */
async function slackItself() {
  const home = await createSandbox({ start: Date.UTC(2027, 0, 4, 9) });
  closing.push(() => home.close());
  const sockets = new WebSocketServer({ noServer: true });
  const opened = new Promise<WebSocket>((resolve) => {
    sockets.once('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'hello' }));
      resolve(socket);
    });
  });
  const server: Server = createServer((request, response) => {
    const json = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/api/apps.connections.open') {
      const isKnown = request.headers.authorization === `Bearer ${appToken}`;
      return isKnown
        ? json({ ok: true, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link` })
        : json({ ok: false, error: 'invalid_auth' });
    }
    if (request.url === '/api/users.list') return json({ ok: true, members: users.map(asSlackTells) });
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      void fetch(new URL(request.url ?? '', home.slackApiUrl), {
        method: 'POST',
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? '',
        },
        body: Buffer.concat(body),
      }).then(async (answer) => json((await answer.json()) as object));
    });
    return undefined;
  });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one)),
  );
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  closing.push(
    () =>
      new Promise((done) => {
        sockets.close();
        server.close(done);
        server.closeAllConnections();
      }),
  );
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  /** Sends an envelope and answers what the app acknowledged it with. */
  let told = 0;
  const tell = async (type: string, payload: object): Promise<unknown> => {
    const socket = await opened;
    told += 1;
    const envelope = `envelope-${told}`;
    const acknowledged = new Promise((resolve) => {
      socket.on('message', (data: Buffer) => {
        const { envelope_id, payload: answer } = JSON.parse(data.toString()) as Record<string, unknown>;
        if (envelope_id === envelope) resolve(answer);
      });
    });
    socket.send(JSON.stringify({ envelope_id: envelope, type, payload, accepts_response_payload: true }));
    return acknowledged;
  };
  return { home, apiUrl, tell };
}

/** Slack: users.list. */
function asSlackTells({ id, isBot, isRestricted, isStranger }: (typeof users)[number]) {
  return { id, is_bot: isBot ?? false, is_restricted: isRestricted ?? false, is_stranger: isStranger ?? false };
}

async function trial(apiUrl: string): Promise<{ sandbox: Sandbox; slack: RealSlack; said: string[] }> {
  const said: string[] = [];
  const slack = await realSlack(
    { apiUrl, botToken, appToken },
    { policyFile: undefined, say: (line) => said.push(line) },
  );
  closing.push(() => slack.close());
  const sandbox = await createSandbox({ start: Date.UTC(2027, 0, 4, 9), ...slack.options });
  closing.push(() => sandbox.close());
  const bridge = await slack.connect(sandbox);
  closing.push(() => bridge.close());
  return { sandbox, slack, said };
}

describe('a trial in a workspace of Slack itself, by Socket Mode', () => {
  test('a command, a form and a click arrive, and the card is posted there', async () => {
    const { home, apiUrl, tell } = await slackItself();
    const { sandbox, said } = await trial(apiUrl);
    const ana = users.find(({ name }) => name === 'ana')?.id ?? '';
    const person = { user_id: ana, team_id: 'T0SANDBOX1', channel_id: 'C0DBOPS001' };
    const command = (text: string) => {
      const { trigger_id, response_url } = home.slack.trigger({ user: 'ana', channel: 'db-ops' });
      return tell('slash_commands', { command: '/trapheus', text, trigger_id, response_url, ...person });
    };

    expect(JSON.stringify(await command('help'))).toContain('restore');

    expect(await command('restore orders-staging')).toEqual({});
    const [open] = home.slack.state().views;
    expect(open?.view).toMatchObject({ callback_id: 'restore-form' });

    const blocks = z.object({ blocks: z.array(Block) }).parse(open?.view).blocks;
    const values = Object.fromEntries(blocks.filter(({ type }) => type === 'input').map(fieldOf));
    const submit = (view: object, id: string) =>
      tell('interactive', {
        type: 'view_submission',
        trigger_id: home.slack.trigger({ user: 'ana', channel: 'db-ops' }).trigger_id,
        team: { id: 'T0SANDBOX1' },
        user: { id: ana, team_id: 'T0SANDBOX1' },
        view: { ...view, id, team_id: 'T0SANDBOX1', state: { values } },
      });
    const filled = await submit(open?.view ?? {}, open?.view_id ?? '');
    const { view: lastPage } = z.object({ response_action: z.literal('push'), view: z.looseObject({}) }).parse(filled);
    expect(JSON.stringify(lastPage)).toContain('orders-staging');
    const sent = await submit(lastPage, 'V0LASTPAGE');
    expect(JSON.stringify(sent)).toContain('Request sent');

    await sandbox.clock.advance(30_000);
    const posted = home.slack.state().channels.find(({ name }) => name === 'db-ops')?.messages ?? [];
    expect(posted[0]?.text).toContain('orders-staging');
    expect(said).toEqual([]);
  });

  test('a socket that Slack refuses is an error that names the reason', async () => {
    const { apiUrl } = await slackItself();
    const slack = await realSlack(
      { apiUrl, botToken, appToken: 'xapp-1-wrong' },
      { policyFile: undefined, say: () => undefined },
    );
    closing.push(() => slack.close());
    const sandbox = await createSandbox({ start: Date.UTC(2027, 0, 4, 9), ...slack.options });
    closing.push(() => sandbox.close());
    await expect(slack.connect(sandbox)).rejects.toThrow('invalid_auth');
  });

  test.each([
    [
      'a token that was revoked',
      { data: { error: 'token_revoked' } },
      'Slack did not accept SLACK_BOT_TOKEN: token_revoked.\n',
    ],
    [
      'a scope that is missing',
      { data: { error: 'missing_scope', needed: 'users:read' } },
      'lacks the scope users:read',
    ],
    ['no network', new Error('fetch failed'), 'Slack cannot be reached at https://slack.com/api/: fetch failed'],
  ])('%s says what to do', (_, error, words) => {
    expect(refusalBySlack('SLACK_BOT_TOKEN', error, { apiUrl: 'https://slack.com/api/' })).toContain(words);
  });

  test('the rules of a trial let every member ask and approve, and no guest, bot or stranger', () => {
    const policy = parsePolicy(trialPolicy({ team: 'Acme', url: '', bot: 'trapheus', members: ['U0ANA00001'] }));
    expect(policy.rules).toEqual([
      expect.objectContaining({
        databases: ['*'],
        request: 'everyone',
        approve: expect.objectContaining({ by: ['U0ANA00001'], count: 1, self: true }),
      }),
    ]);
  });

  test('guests, bots and strangers are nobody’s approvers', async () => {
    const { apiUrl } = await slackItself();
    const { workspace, close } = await realSlack(
      { apiUrl, botToken, appToken },
      { policyFile: undefined, say: () => undefined },
    );
    closing.push(close);
    expect(workspace.members).toEqual(['U0ANA00001', 'U0BEN00001', 'U0CHLOE001', 'U0OMAR0001']);
  });

  test('every missing token is named at once, with where to find it', () => {
    expect(readTokens({ SLACK_BOT_TOKEN: 'xoxp-1' })).toEqual({
      mistakes: ['SLACK_BOT_TOKEN begins with xoxb-', expect.stringContaining('App-Level Tokens')],
    });
  });
});

const Block = z.object({
  type: z.string(),
  block_id: z.string(),
  element: z.object({ type: z.string(), action_id: z.string(), initial_option: z.unknown().optional() }).optional(),
});

/** An input block as it would be submitted untouched, the reason filled in. */
function fieldOf({ block_id, element }: z.infer<typeof Block>) {
  const value = block_id === 'reason' ? { value: 'A trial' } : { selected_option: element?.initial_option ?? null };
  return [block_id, { [element?.action_id ?? '']: { type: element?.type, ...value } }];
}
