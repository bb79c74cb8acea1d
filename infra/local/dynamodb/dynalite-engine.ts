import { Agent, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import dynalite from 'dynalite';
import type { Engine, Request } from '../dynamodb';
import type { Answer } from '../service';

const passed = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'];

/**
 * dynalite 4 ends its iterators with `return()`, if they have one; abstract-level 3 calls that `close()`. What is never
 * closed stays in the database's list of open iterators, with all that it holds: 0.6 MB an hour for a watcher that asks
 * every minute.
 */
for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
  Object.defineProperty(prototype, 'return', {
    value(this: typeof prototype) {
      return this.close();
    },
  });
}

/** dynalite, in memory, behind a port of its own. */
export class Dynalite implements Engine {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });

  static async start(): Promise<Dynalite> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new Dynalite(server);
  }

  private constructor(server: Server) {
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  answer({ headers, body }: Request): Promise<Answer> {
    const chosen = Object.fromEntries(passed.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    return new Promise((resolve, reject) => {
      const call = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: (this.#server.address() as AddressInfo).port,
          method: 'POST',
          path: '/',
          headers: { ...chosen, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 500,
              headers: { 'content-type': response.headers['content-type'] ?? 'application/x-amz-json-1.0' },
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }
}
