// A process of its own, as Lambda starts one: what it takes until the first command is answered.
const { createHmac } = require('node:crypto');

/** @param {Record<string, string>} fields */
function signed(fields, secret = 'shh') {
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  };
  return { version: '2.0', headers, body, isBase64Encoded: false, requestContext: { http: { method: 'POST' } } };
}

const typed = (text) => ({
  command: '/trapheus',
  text,
  user_id: 'U1',
  team_id: 'T1',
  channel_id: 'C1',
  trigger_id: '1.2.3',
  response_url: process.env.RESPONSE_URL,
});
const ms = (from) => Number(process.hrtime.bigint() - from) / 1e6;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function cold(file) {
  const event = signed(typed('restore orders-staging'));
  const cpu = cpuMs();
  const start = process.hrtime.bigint();
  const { handler } = require(file);
  const load = ms(start);
  const loadCpu = cpuMs() - cpu;
  const answer = await handler(event, {});
  return { load, total: ms(start), loadCpu, cpu: cpuMs() - cpu, status: answer.statusCode };
}

const warmUp = 6000;

async function warm(file, count) {
  const { handler } = require(file);
  // Warm is when V8 has compiled what it is going to: that runs beside the requests, on the same account.
  for (let index = 0; index < warmUp; index += 1) await handler(signed(typed('help')), {});
  const took = [];
  const wrong = [];
  for (let index = 0; index < count; index += 1) {
    const isForged = index % 10 === 9;
    const event = signed(typed('help'), isForged ? 'guessed' : 'shh');
    // Processor time: what neighbours take of the machine is not the handler's.
    const start = cpuMs();
    const { statusCode, body } = await handler(event, {});
    took.push(cpuMs() - start);
    const isRight = isForged ? statusCode === 401 : statusCode === 200 && body.includes('/trapheus restore');
    if (!isRight) wrong.push(statusCode);
  }
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  return { p50: at(0.5), p99: at(0.99), wrong: wrong.length };
}

function memory(file) {
  require(file);
  return { rss: process.memoryUsage().rss / 1e6 };
}

const [, , kind, file, count] = process.argv;
const work = { cold, warm, memory }[kind];
Promise.resolve(work(file, Number(count))).then((result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
});
