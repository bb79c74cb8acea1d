import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { changeClock } from './api/clock';
import { Events } from './api/events';
import { changeFaults } from './api/fault-input';
import { type Handle, Refusal, readAs, readJson, sendJson, sendRefusal, strangerRefusal } from './api/http';
import { info, state } from './api/info';
import { scenarios } from './api/scenarios';
import type { Sandbox } from './sandbox';
import { readAct } from './slack/acts/input';

type Method = 'GET' | 'POST';
type Answer = (given: unknown, request: IncomingMessage, response: ServerResponse) => unknown;

/** An answer that a route has sent by itself. */
const sent = Symbol('sent');

/** The sandbox's HTTP interface, for its page and for programs; what it does not know goes to `page`. */
export function sandboxApi(sandbox: Sandbox, page: Handle): Handle {
  const events = new Events(sandbox);
  const routes: Record<string, Partial<Record<Method, Answer>>> = {
    '/sandbox/info': { GET: () => info(sandbox) },
    '/sandbox/state': { GET: () => state(sandbox) },
    '/sandbox/act': { POST: (given) => act(sandbox, given) },
    '/sandbox/trigger': { POST: (given) => trigger(sandbox, given) },
    '/sandbox/faults': {
      GET: () => ({ faults: sandbox.faults.list() }),
      POST: (given) => changeFaults(sandbox, given),
    },
    '/sandbox/scenarios': { GET: () => scenarios() },
    '/sandbox/clock': {
      GET: () => ({ now: sandbox.clock.now(), speed: sandbox.speed(), pace: sandbox.pace() }),
      POST: async (given) => {
        const moved = await changeClock(sandbox, given);
        events.clockMoved();
        return moved;
      },
    },
    '/sandbox/requests': { GET: () => sandbox.slack.requests() },
    '/sandbox/calls': { GET: () => events.calls },
    '/sandbox/events': {
      GET: (_, request, response) => {
        events.read(request, response);
        return sent;
      },
    },
  };
  const hint = `There is: ${Object.entries(routes)
    .map(([path, methods]) => `${Object.keys(methods).join('/')} ${path}`)
    .join(', ')}.`;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stranger = strangerRefusal(request);
    if (stranger) return sendRefusal(response, stranger);
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (methods === undefined) {
      if (!path.startsWith('/sandbox')) return page(request, response);
      throw new Refusal(404, `there is no ${path}`, hint);
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const answer = method === 'GET' || method === 'POST' ? methods[method] : undefined;
    if (answer === undefined) {
      const allowed = Object.keys(methods).join(', ');
      const refusal = new Refusal(405, `${path} does not take ${request.method}`, `It takes ${allowed}.`);
      return sendRefusal(response, refusal, { allow: allowed });
    }
    const body = await answer(method === 'POST' ? await readJson(request) : undefined, request, response);
    if (body !== sent) sendJson(response, 200, body);
  };

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      if (error instanceof Refusal) return sendRefusal(response, error);
      console.error(`The sandbox failed on ${request.method} ${request.url}:`, error);
      sendRefusal(response, new Refusal(500, String(error), 'This is a defect of the sandbox.'));
    });
  };
}

const actHint = 'GET /sandbox/state shows the channels, messages and views that people can act on.';

/** What Slack and that person would see; nothing was sent when the act was not possible. */
async function act(sandbox: Sandbox, given: unknown): Promise<object> {
  const read = readAct(given);
  if ('error' in read) throw new Refusal(400, read.error, actHint);
  const { error, ...answer } = await sandbox.slack.act(given);
  if (error !== undefined) throw new Refusal(400, error, actHint, answer);
  return answer;
}

const Trigger = z.strictObject({ user: z.string(), channel: z.string() });

function trigger(sandbox: Sandbox, given: unknown): object {
  const input = readAs(Trigger, given, 'Send {"user", "channel"}, by id or name.');
  try {
    return sandbox.slack.trigger(input);
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error), 'GET /sandbox/info lists them.');
  }
}
