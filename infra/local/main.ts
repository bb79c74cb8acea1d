import * as z from 'zod';
import { fastest } from './api/clock';
import { sandboxPage } from './page';
import { serveSandbox } from './serve';

const Environment = z.object({
  PORT: z.coerce.number('PORT is a number').int('PORT is a whole number').min(0).max(65_535).default(3000),
  SPEED: z.coerce.number('SPEED is a number of virtual seconds per second').min(1).max(fastest).default(60),
});

/** `npm start`: AWS and Slack on this machine, until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const environment = Environment.safeParse({
    PORT: process.env.PORT || undefined,
    SPEED: process.env.SPEED || undefined,
  });
  if (!environment.success) return fail(z.prettifyError(environment.error));
  const { PORT: port, SPEED: speed } = environment.data;

  let isStopping = false;
  const page = sandboxPage();
  const sandbox = await serveSandbox(
    {
      start: Date.now(),
      speed,
      port,
      log: (level, event, fields) => {
        if (level === 'error' && !isStopping) console.error(`${event} ${JSON.stringify(fields)}`);
      },
    },
    page.handle,
  ).catch((error: unknown) => {
    if (isTaken(error))
      return fail(
        `Port ${port} is taken. Stop what listens there, or choose another one: PORT=${port + 1} npm start (PORT=0 takes any free one).`,
      );
    throw error;
  });
  if (sandbox === undefined) return;

  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    // Calls that are under way keep their sockets; nobody waits for their answers any more.
    void sandbox.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(`Trapheus sandbox ready at ${sandbox.url}`);
  void page.prepare();
}

function fail(message: string): undefined {
  console.error(message);
  process.exitCode = 1;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

void main();
