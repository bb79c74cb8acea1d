import { sandboxApi } from './api';
import type { Handle } from './api/http';
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox';

/** A sandbox with its HTTP interface, and `page` for everything else. */
export async function serveSandbox(options: Omit<SandboxOptions, 'page'>, page: Handle): Promise<Sandbox> {
  // The server listens before everything stands behind it.
  let handle: Handle = (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end();
  const sandbox = await createSandbox({ ...options, page: (request, response) => handle(request, response) });
  handle = sandboxApi(sandbox, page);
  return sandbox;
}
