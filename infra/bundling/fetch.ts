import http from 'node:http';
import https from 'node:https';

interface Wanted {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };

/**
 * In the place of Node's own fetch, whose first call loads its HTTP client and takes as long as everything else that
 * the first command after a pause waits for. It does what Slack's client asks of it: a text sent, a text answered, no
 * redirects, an end when the signal says so. Throws what broke the connection, or the signal's reason.
 */
export function fetch(address: string | URL, { method = 'GET', headers = {}, body, signal }: Wanted = {}) {
  const url = new URL(address);
  const isSecure = url.protocol === 'https:';
  return new Promise<object>((resolve, reject) => {
    if (signal?.aborted) return reject(asError(signal.reason));
    const agent = agents[isSecure ? 'https:' : 'http:'];
    const request = (isSecure ? https : http).request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        settle();
        const status = response.statusCode ?? 0;
        if (status >= 300 && status < 400) return reject(new Error(`unexpected redirect, status ${status}`));
        resolve(answered(url, status, response, Buffer.concat(chunks)));
      });
    });
    const abort = () => request.destroy(asError(signal?.reason));
    const settle = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    request.on('error', (error) => {
      settle();
      reject(error);
    });
    request.end(body);
  });
}

/** What is used of a Response. */
function answered(url: URL, status: number, { headers, statusMessage }: http.IncomingMessage, body: Buffer): object {
  const all = new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return {
    url: url.href,
    status,
    statusText: statusMessage ?? '',
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => all.get(name.toLowerCase()) ?? null, entries: () => all.entries() },
    text: async () => body.toString('utf8'),
    arrayBuffer: async () => new Uint8Array(body).buffer,
  };
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));
