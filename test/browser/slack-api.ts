import type { Server } from './server';

interface Info {
  slack: { apiUrl: string; botToken: string };
}

/** Speaks to the stand-in as the bot does; a rate limit is waited out on the virtual clock. */
export async function slackApi(
  server: Server,
  method: string,
  fields: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { slack } = (await server.get('/sandbox/info')) as Info;
  for (;;) {
    const response = await fetch(slack.apiUrl + method, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
      body: JSON.stringify(fields),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (answer.ok === true) return answer;
    if (answer.error !== 'ratelimited') throw new Error(`${method}: ${JSON.stringify(answer)}`);
    await server.post('/sandbox/clock', { advanceSeconds: Number(response.headers.get('retry-after') ?? 1) });
  }
}
