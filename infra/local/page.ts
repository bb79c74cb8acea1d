import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { type Handle, Refusal, sendRefusal } from './api/http';

const webRoot = resolve(__dirname, 'web');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface Page {
  handle: Handle;
  /** Settles when the newest page can be served; never rejects. The first request for the page calls it otherwise. */
  prepare(): Promise<void>;
}

/**
 * Serves the page that Vite builds from `root` into `root/dist`, and builds it first when it is missing or older than
 * its sources. Requests that come meanwhile wait for it. A page that cannot be built leaves the HTTP interface alone:
 * a small page says so.
 */
export function sandboxPage({ root = webRoot, build = buildWithVite } = {}): Page {
  const dist = join(root, 'dist');
  let problem: string | undefined;
  let ready: Promise<void> | undefined;
  const prepare = () => {
    ready ??= (isStale(root) ? build(root) : Promise.resolve()).catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      console.error(`The page could not be built; /sandbox/* works without it: ${problem}`);
    });
    return ready;
  };
  const serve = async (path: string, response: ServerResponse): Promise<void> => {
    await prepare();
    const file = fileFor(dist, path);
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file !== undefined && content !== undefined) return send(response, file, path, content);
    if (path === '/') return send(response, '.html', path, Buffer.from(placeholder(problem)));
    sendRefusal(
      response,
      new Refusal(404, `there is no ${path}`, 'The page is at /, the HTTP interface at /sandbox/….'),
    );
  };
  const handle: Handle = (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refusal = new Refusal(405, `${path} does not take ${request.method}`, 'It takes GET.');
      return sendRefusal(response, refusal, { allow: 'GET, HEAD' });
    }
    serve(path, response).catch(() => response.destroy());
  };
  return { handle, prepare };
}

/** The file in `dist` that a path names; undefined for paths that would leave it. A permalink opens the page itself. */
function fileFor(dist: string, path: string): string | undefined {
  if (path === '/' || path.startsWith('/archives/')) return join(dist, 'index.html');
  try {
    const file = resolve(dist, `.${decodeURIComponent(path)}`);
    return file.startsWith(dist + sep) && !file.includes('\0') ? file : undefined;
  } catch {
    return undefined; // A malformed escape names no file.
  }
}

function send(response: ServerResponse, file: string, path: string, content: Buffer): void {
  // Vite names what stands in assets/ by its content.
  const isNamedByContent = path.startsWith('/assets/');
  response.writeHead(200, {
    'content-type': types[extname(file) || file] ?? 'application/octet-stream',
    'content-length': content.length,
    'cache-control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': "frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}

/** Whether there are sources, and no build that is newer than all of them. */
function isStale(root: string): boolean {
  if (!existsSync(join(root, 'index.html'))) return false;
  const built = join(root, 'dist', 'index.html');
  return !existsSync(built) || statSync(built).mtimeMs < newest(root);
}

function newest(folder: string): number {
  const ofEntry = (entry: Dirent): number => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  };
  const sources = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'dist');
  return Math.max(0, ...sources.map(ofEntry));
}

async function buildWithVite(root: string): Promise<void> {
  const { build } = await import('vite');
  const config = join(root, 'vite.config.ts');
  await build({ root, logLevel: 'error', ...(existsSync(config) && { configFile: config }) });
}

function placeholder(problem: string | undefined): string {
  const why = problem === undefined ? 'It has no page yet' : 'Its page could not be built; the terminal says why';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Trapheus sandbox</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>Trapheus sandbox</h1>
<p>AWS and Slack in one process, and the deployed handlers between them. ${why}; programs can drive it:</p>
<ul>
<li><a href="/sandbox/info">GET /sandbox/info</a>: addresses, keys, people</li>
<li><a href="/sandbox/state">GET /sandbox/state</a>: channels, views, runs, databases</li>
<li>POST /sandbox/act: act as a person</li>
<li>POST /sandbox/trigger: a trigger_id and a response_url, for programs that sign requests themselves</li>
<li><a href="/sandbox/faults">GET</a> or POST /sandbox/faults, <a href="/sandbox/scenarios">GET /sandbox/scenarios</a>: what goes wrong</li>
<li>POST /sandbox/clock: speed, advance, skip to the next deadline</li>
<li><a href="/sandbox/requests">GET /sandbox/requests</a>, <a href="/sandbox/calls">GET /sandbox/calls</a>, GET /sandbox/events: what happened, and what happens</li>
</ul>
</html>
`;
}
