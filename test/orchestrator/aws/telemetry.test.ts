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

const context = { awsRequestId: 'request-1', functionName: 'worker', memoryLimitInMB: '512' };

test('a line names its service, its request and what happened', () => {
  const { log, begin } = telemetry();
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
  telemetry().meter([
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
  const handler = watched(({ log }) => {
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
