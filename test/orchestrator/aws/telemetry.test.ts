import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { telemetry, watched } from '../../../orchestrator/aws/telemetry';

const lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines.length = 0;
  const take = (text: unknown) => {
    lines.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(take);
  jest.spyOn(process.stderr, 'write').mockImplementation(take);
  jest.replaceProperty(process, 'env', {
    ...process.env,
    POWERTOOLS_SERVICE_NAME: 'worker',
    POWERTOOLS_METRICS_NAMESPACE: 'Trapheus-Staging',
  });
});
afterEach(() => jest.restoreAllMocks());

const now = Date.UTC(2027, 0, 4, 9);
const clock = { now: () => now };
const untraced = { clock, place: { daemon: undefined, header: () => undefined } };
const context = { awsRequestId: 'request-1', functionName: 'worker', memoryLimitInMB: '512' };

test('a line names its service, its request and what happened', () => {
  const { log, begin } = telemetry(untraced);
  begin(context);

  log('warn', 'look', { run: 'r7k3q9xz', step: 'swap', outcome: 'waiting', ms: 12, message: 'said by AWS' });

  expect(lines).toEqual([
    expect.objectContaining({
      level: 'WARN',
      message: 'look',
      service: 'worker',
      function_request_id: 'request-1',
      run: 'r7k3q9xz',
      step: 'swap',
      outcome: 'waiting',
      ms: 12,
      detail: 'said by AWS',
    }),
  ]);
});

test('a figure is a line that CloudWatch reads: its namespace, unit and dimensions', () => {
  telemetry(untraced).meter([
    { name: 'RunsEnded', unit: 'Count', value: 1, dimensions: { outcome: 'succeeded' } },
    { name: 'OutageSeconds', unit: 'Seconds', value: 94, dimensions: {} },
  ]);

  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ RunsEnded: 1, outcome: 'succeeded', service: 'worker' });
  expect(lines[1]).toMatchObject({
    OutageSeconds: 94,
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Trapheus-Staging', Metrics: [{ Name: 'OutageSeconds', Unit: 'Seconds' }] }],
    },
  });
});

test('a handler is made once, and each of its calls begins with its own context', async () => {
  let made = 0;
  const handler = watched(untraced, ({ log }) => {
    made += 1;
    return async (event: string, _context: object) => log('info', event);
  });

  await handler('first', { ...context, awsRequestId: 'a' });
  await handler('second', { ...context, awsRequestId: 'b' });

  expect(made).toBe(1);
  expect(lines.map(({ message, function_request_id: id }) => [message, id])).toEqual([
    ['first', 'a'],
    ['second', 'b'],
  ]);
});

describe('the trace', () => {
  const root = '1-65a5c0d0-0123456789abcdef01234567';
  const header = `Root=${root};Parent=0123456789abcdef;Sampled=1;Lineage=a:0`;

  /** The X-Ray daemon, which Lambda has beside each function; answers the datagrams until the last line was sent. */
  async function traced(headerNow: string | undefined, lines: (log: ReturnType<typeof telemetry>['log']) => void) {
    const daemon = createSocket('udp4');
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    const heard: string[] = [];
    const last = new Promise<void>((done) => {
      daemon.on('message', (bytes) => {
        const text = bytes.toString('utf8');
        if (text.includes('"name":"last"')) done();
        else heard.push(text);
      });
    });
    const place = { daemon: `127.0.0.1:${daemon.address().port}`, header: () => headerNow };
    lines(telemetry({ clock, place }).log);
    telemetry({ clock, place: { ...place, header: () => header } }).log('info', 'last', { ms: 0 });
    await last;
    daemon.close();
    return heard;
  }

  test('has a part for each look, with the words by which people search', async () => {
    const [datagram, ...more] = await traced(header, (log) => {
      log('info', 'execution ended', { execution: 'r7k3q9xz' });
      log('info', 'look', { run: 'r7k3q9xz', step: 'swap', phase: 'do', outcome: 'waiting', ms: 1500 });
    });

    expect(more).toEqual([]);
    const [first, document] = datagram?.split('\n') ?? [];
    expect(JSON.parse(first ?? '')).toEqual({ format: 'json', version: 1 });
    expect(JSON.parse(document ?? '')).toEqual({
      type: 'subsegment',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: root,
      parent_id: '0123456789abcdef',
      name: 'look',
      start_time: now / 1000 - 1.5,
      end_time: now / 1000,
      annotations: { run: 'r7k3q9xz', step: 'swap', phase: 'do', outcome: 'waiting' },
    });
  });

  test.each([undefined, '', `Root=${root};Parent=0123456789abcdef;Sampled=0`])(
    'is not written where X-Ray does not sample: %s',
    async (headerNow) => {
      expect(await traced(headerNow, (log) => log('info', 'look', { run: 'r7k3q9xz', ms: 12 }))).toEqual([]);
    },
  );
});
