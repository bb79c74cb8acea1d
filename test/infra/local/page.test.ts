import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Page, sandboxPage } from '../../../infra/local/page';

let root: string;
let server: Server | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'page-'));
});
afterEach(() => {
  server?.close();
  rmSync(root, { recursive: true });
});

function write(path: string, text: string, at = 1_700_000_000): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), at, at);
}

/** With node:http, since fetch resolves `..` by itself. */
async function get(page: Page, path: string, method = 'GET') {
  const serving = createServer(page.handle).listen(0, '127.0.0.1');
  server = serving;
  await new Promise((done) => serving.once('listening', done));
  const { port } = serving.address() as AddressInfo;
  return new Promise<{ status: number; type: string; cache: string; body: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => {
        serving.close();
        const { 'content-type': type = '', 'cache-control': cache = '' } = response.headers;
        resolve({ status: response.statusCode ?? 0, type, cache, body });
      });
    });
    sent.once('error', reject).end();
  });
}

const never = () => Promise.reject(new Error('nothing is to be built'));

test('serves what was built: the page anew each time, what is named by its content for ever', async () => {
  write('index.html', 'source');
  write('dist/index.html', '<h1>page</h1>', 1_700_000_100);
  write('dist/assets/main-a1b2c3.js', 'run()', 1_700_000_100);
  const page = sandboxPage({ root, build: never });

  const index = { status: 200, type: 'text/html; charset=utf-8', cache: 'no-cache', body: '<h1>page</h1>' };
  expect(await get(page, '/')).toEqual(index);
  expect(await get(page, '/?from=x')).toEqual(index);
  expect(await get(page, '/archives/C0DBOPS001/p1795341600000100')).toEqual(index);
  expect(await get(page, '/assets/main-a1b2c3.js')).toEqual({
    status: 200,
    type: 'text/javascript; charset=utf-8',
    cache: 'public, max-age=31536000, immutable',
    body: 'run()',
  });
});

test.each([
  '/../index.html',
  '/%2e%2e/index.html',
  '/..%2findex.html',
  '/assets/../../index.html',
  '/%00',
  '/%',
  '/assets',
  '/nothing.js',
])('does not serve %s', async (path) => {
  write('index.html', 'a source');
  write('dist/index.html', 'the page', 1_700_000_100);
  write('dist/assets/main.js', 'run()', 1_700_000_100);

  const answer = await get(sandboxPage({ root, build: never }), path);

  expect(answer).toMatchObject({ status: 404, type: 'application/json; charset=utf-8' });
});

test('takes GET only', async () => {
  write('dist/index.html', 'the page');

  expect(await get(sandboxPage({ root, build: never }), '/', 'POST')).toMatchObject({ status: 405 });
});

test('builds once when a source is newer than the page, and lets requests wait for it', async () => {
  write('index.html', 'source');
  write('src/deep/main.tsx', 'newer', 1_700_000_200);
  write('dist/index.html', 'old', 1_700_000_100);
  const build = jest.fn(async () => write('dist/index.html', 'new', 1_700_000_300));
  const page = sandboxPage({ root, build });

  expect(await get(page, '/')).toMatchObject({ body: 'new' });
  expect(await get(page, '/')).toMatchObject({ body: 'new' });
  expect(build).toHaveBeenCalledTimes(1);
});

test('a page that cannot be built leaves a word and the HTTP interface', async () => {
  const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  write('index.html', 'source');
  const page = sandboxPage({ root, build: () => Promise.reject(new Error('no main.tsx')) });

  const { status, body } = await get(page, '/');

  expect([status, body]).toEqual([200, expect.stringContaining('could not be built')]);
  expect(body).toContain('GET /sandbox/info');
  expect(complaint).toHaveBeenCalledWith(expect.stringContaining('no main.tsx'));
  complaint.mockRestore();
});

test('without sources there is a small page', async () => {
  expect(await get(sandboxPage({ root, build: never }), '/')).toMatchObject({
    status: 200,
    body: expect.stringContaining('no page yet'),
  });
});
