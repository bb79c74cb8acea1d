import { WebClient } from '@slack/web-api';
import type { Card, Cards, Saved } from '../../../bot/cards';
import { type HomeShown, listsEveryMs, type OpenHome } from '../../../bot/homes';
import type { NotifierParts } from '../../../bot/notifier/notify';
import type { Lane, Pace } from '../../../bot/notifier/pace';
import { notify } from '../../../bot/notifier.lambda';
import { clientOptions, quietLogger } from '../../../bot/slack-client';
import { replies } from '../../../bot/views/thread';
import { validateMessage } from '../../../infra/local/slack/validate';
import type { Run } from '../../../orchestrator/run';
import { FakeSlack } from '../fakes';
import { closed, failed, holding, house, noon, requested, running, waitingForApproval } from '../runs';

/** Cards in memory, with the conditions of the table. */
class FakeCards implements Cards {
  readonly all = new Map<string, Card & { holder?: string | undefined; until?: number }>();
  /** Lets a write fail, as a crash before it would. */
  breakAt: string | undefined;

  find = async (run: string) => this.all.get(run);

  async claim(run: string, channel: string, holder: string, now: number, until: number) {
    const card = this.all.get(run) ?? { run, channel, version: 0, replies: [] };
    if (card.holder !== undefined && card.holder !== holder && (card.until ?? 0) > now) return undefined;
    this.all.set(run, { ...card, holder, until });
    return structuredClone(card);
  }
  save = async (run: string, holder: string, changes: Partial<Card>) => this.#write('save', run, holder, changes);
  posted = async (run: string, holder: string, reply: string) =>
    this.#write('posted', run, holder, { replies: [...(this.all.get(run)?.replies ?? []), reply] });
  shown = async (run: string, holder: string, version: number, last: Partial<Saved> = {}) =>
    this.#write('shown', run, holder, { ...last, version, place: undefined }, true);
  queue = async (run: string, holder: string, place: number, last: Partial<Saved> = {}) =>
    this.#write('queue', run, holder, { ...last, place }, true);
  release = async (run: string, holder: string) => this.#write('release', run, holder, {}, true);

  #write(what: string, run: string, holder: string, changes: Partial<Card>, frees = false): void {
    if (this.breakAt === what) throw new Error(`crashed at ${what}`);
    const card = this.all.get(run);
    if (card?.holder !== holder) throw new Error('the lease is lost');
    this.all.set(run, { ...card, ...changes, ...(frees && { holder: undefined }) });
  }
}

/** Lanes in memory: as many slots as the test leaves free. */
class FakePace implements Pace {
  /** Until when a lane is closed, by its id. */
  readonly paused = new Map<string, number>();
  /** How many slots a lane has left; without a number as many as are asked for. */
  readonly slots = new Map<string, number>();

  take: Pace['take'] = async ({ id }, { now: at, withinMs }) => {
    const left = this.slots.get(id);
    if (left === 0) return undefined;
    if (left !== undefined) this.slots.set(id, left - 1);
    const waitMs = Math.max(0, (this.paused.get(id) ?? 0) - at);
    return waitMs <= withinMs ? waitMs : undefined;
  };
  pause = async ({ id }: Lane, until: number) => void this.paused.set(id, until);
}

/** Tabs in memory; each is published by one at a time. */
class FakeHomes {
  readonly all = new Map<string, OpenHome & { holder?: string | undefined }>();
  open = async (): Promise<OpenHome[]> => [...this.all.values()];
  claim = async (person: string, holder: string): Promise<boolean> => {
    const home = this.all.get(person);
    if (home === undefined || home.holder !== undefined) return false;
    this.all.set(person, { ...home, holder });
    return true;
  };
  done = async (person: string, holder: string, shown?: HomeShown): Promise<void> => {
    const home = this.all.get(person);
    if (home?.holder === holder) this.all.set(person, { ...home, ...shown, holder: undefined });
  };
}

let homes: FakeHomes;
let slack: FakeSlack;
let pace: FakePace;
let cards: FakeCards;
let runs: Map<string, Run>;
let logged: string[];
let now: number;
let parts: NotifierParts;

beforeEach(async () => {
  slack = await FakeSlack.start();
  cards = new FakeCards();
  pace = new FakePace();
  homes = new FakeHomes();
  runs = new Map();
  logged = [];
  now = noon;
  const log = (_: string, event: string) => void logged.push(event);
  const client = new WebClient('xoxb-test', clientOptions(`${slack.url}/api/`, 1000, quietLogger(log)));
  parts = {
    runs: { load: async (id) => runs.get(id), open: async () => [...runs.values()], recent: async () => [] },
    homes,
    freezes: { current: async () => undefined },
    cards,
    slack: async () => client,
    house,
    clock: { now: () => now },
    pace,
    groups: { members: async () => [] },
    wait: async (ms) => {
      now += ms;
    },
    log,
  };
});
afterEach(() => slack.stop());

const record = (pk: string, SequenceNumber: string) => ({ dynamodb: { SequenceNumber, Keys: { pk: { S: pk } } } });
let invocations = 0;
async function stream(run: Run, holder = `invocation-${++invocations}`) {
  runs.set(run.id, run);
  return notify(parts, { Records: [record(`run#${run.id}`, '100')] }, holder);
}
const card = (id = 'r7k3q9xz') => cards.all.get(id);
const roots = () => slack.of('chat.postMessage').filter(({ thread_ts }) => thread_ts === undefined);
const inThread = () => slack.of('chat.postMessage').filter(({ thread_ts }) => thread_ts !== undefined);
const allWell = { batchItemFailures: [] };
const again = { batchItemFailures: [{ itemIdentifier: '100' }] };

test('one message for a run, edited through its life, with a thread', async () => {
  for (const run of [requested(), waitingForApproval(), running(), holding(), closed()])
    expect(await stream(run)).toEqual(allWell);
  expect(roots()).toHaveLength(1);
  expect(slack.of('chat.update').map(({ ts }) => ts)).toEqual(Array(4).fill('1790000000.000001'));
  expect(inThread().map(({ text }) => text)).toEqual(replies(closed(), house).map(({ text }) => text));
  expect(new Set(inThread().map(({ thread_ts }) => thread_ts))).toEqual(new Set(['1790000000.000001']));
  expect(card()).toMatchObject({ version: closed().version, channel: 'C0OPS', holder: undefined });
  for (const { method, fields } of slack.calls) {
    const { text, blocks } = fields;
    expect([method, validateMessage({ text, blocks })]).toEqual([method, []]);
  }
});

test('the same record again says nothing again, but a newer version is noted', async () => {
  await stream(running());
  const before = slack.calls.length;
  await stream(running({ version: 10 }));
  expect(slack.calls).toHaveLength(before);
  expect(card()?.version).toBe(10);
});

test('a change is written down with the end of the work, or before anything else is said; undone by a crash, it comes again', async () => {
  await stream(running());
  const save = jest.spyOn(cards, 'save');
  const progress = running();
  progress.steps['restore-copy'] = { startedAt: noon, percent: 40 };
  now += 6_000;

  cards.breakAt = 'shown';
  expect(await stream({ ...progress, version: 20 })).toEqual(again);
  cards.breakAt = undefined;
  now += 6_000;
  expect(await stream({ ...progress, version: 20 })).toEqual(allWell);
  expect(slack.of('chat.update')).toHaveLength(2);
  expect(save).not.toHaveBeenCalled();
  expect(card()).toMatchObject({ version: 20, shownAt: now });

  // A reply follows: a crash after it leaves no doubt about the card.
  now += 6_000;
  cards.breakAt = 'posted';
  expect(await stream({ ...holding(), version: 21 })).toEqual(again);
  expect(card()).toMatchObject({ version: 20, shownAt: now });
  expect(save).toHaveBeenCalledTimes(1);
});

test('the final failure is shown in the channel too', async () => {
  await stream(failed());
  expect(
    inThread()
      .filter(({ reply_broadcast }) => reply_broadcast === 'true')
      .map(({ text }) => text),
  ).toEqual([expect.stringContaining('<@U0REQ>')]);
});

test('many records of one run are one drive; other items and runs that are gone are passed over', async () => {
  runs.set('r7k3q9xz', requested());
  const Records = [
    record('wait#r7k3q9xz', '1'),
    record('run#r2222222', '2'),
    record('run#r7k3q9xz', '3'),
    record('run#r7k3q9xz', '4'),
  ];
  expect(await notify(parts, { Records }, 'one')).toEqual(allWell);
  expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage']);
});

test.each([
  ['is broken', 500],
  ['has an inner error', { ok: false, error: 'internal_error' }],
])('when Slack %s, the record comes again and then it is right', async (_, answer) => {
  slack.answers['chat.postMessage'] = answer;
  expect(await stream(requested())).toEqual(again);
  expect(card()).toMatchObject({ version: 0, holder: undefined });
  delete slack.answers['chat.postMessage'];
  expect(await stream(requested())).toEqual(allWell);
  expect(card()).toMatchObject({ version: 1, ts: '1790000000.000001' });
});

test('when Slack limits us, nobody posts before it said so; the card stands in line, and then it is right', async () => {
  slack.answers['chat.postMessage'] = 429;
  expect(await stream(requested())).toEqual(allWell);
  expect(card()).toMatchObject({ version: 0, holder: undefined, place: 1e14 + noon });
  expect(await stream(requested({ id: 'r2222222' }))).toEqual(allWell);
  expect(slack.calls).toHaveLength(1);
  delete slack.answers['chat.postMessage'];
  now += 30_000;
  expect(await stream(requested())).toEqual(allWell);
  expect(card()).toMatchObject({ version: 1, ts: '1790000000.000001', place: undefined });
});

test('a card changes at most every five seconds: progress waits in line, what matters waits here', async () => {
  await stream(running());
  const posted = noon;
  const progress = running();
  progress.steps['restore-copy'] = { startedAt: noon, percent: 40 };
  expect(await stream({ ...progress, version: 20 })).toEqual(allWell);
  expect(slack.of('chat.update')).toHaveLength(0);
  expect(card()).toMatchObject({ place: 2e14 + now });
  expect(await stream({ ...holding(), version: 21 })).toEqual(allWell);
  expect(slack.of('chat.update')).toHaveLength(1);
  expect(now).toBe(posted + 5_000);
  expect(card()).toMatchObject({ version: 21, place: undefined });
});

test('with no slot for messages, what ends a run goes before what only tells of it', async () => {
  await stream(running());
  pace.take = async ({ id }, { useBurst }) => (id === 'chat.update' || useBurst ? 0 : undefined);
  const before = inThread().length;
  now += 10_000;
  expect(await stream(holding())).toEqual(allWell);
  expect(
    inThread()
      .slice(before)
      .map(({ text }) => text),
  ).toEqual([expect.stringContaining('is restored')]);
  expect(card()).toMatchObject({ place: 2e14 + now });
});

test('a card in line that Slack takes no message for goes to its end', async () => {
  pace.paused.set('chat.postMessage', now + 60_000);
  await stream(requested());
  expect(card()?.place).toBe(1e14 + noon);
  now += 60_000;
  slack.answers['chat.postMessage'] = 500;
  expect(await stream(requested())).toEqual(again);
  expect(card()?.place).toBe(2e14 + now);
});

test('when Slack cannot be reached at all, the record comes again', async () => {
  await slack.stop();
  expect(await stream(requested())).toEqual(again);
  slack = await FakeSlack.start();
});

test('a reply that failed is posted the next time, and those before it are not posted twice', async () => {
  let posts = 0;
  slack.answers['chat.postMessage'] = () => {
    posts += 1;
    return posts === 3 ? 503 : { ok: true, ts: `1.${posts}` };
  };
  expect(await stream(closed())).toEqual(again);
  expect(await stream(closed())).toEqual(allWell);
  const delivered = inThread().map(({ text }) => text);
  delivered.splice(1, 1);
  expect(delivered).toEqual(replies(closed(), house).map(({ text }) => text));
});

test('one run that cannot be shown does not hold back the next', async () => {
  runs.set('r7k3q9xz', requested());
  runs.set('r2222222', requested({ id: 'r2222222' }));
  slack.answers['chat.postMessage'] = ({ text }) =>
    String(text).includes('r7k3q9xz') ? { ok: false, error: 'invalid_auth' } : { ok: true, ts: '1.1' };
  const Records = [record('run#r7k3q9xz', '1'), record('run#r2222222', '2')];
  expect(await notify(parts, { Records }, 'one')).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(card('r2222222')).toMatchObject({ version: 1 });
  expect(logged).toContain('card-failed');
});

test('a message that somebody deleted is posted anew', async () => {
  await stream(requested());
  slack.answers['chat.update'] = { ok: false, error: 'message_not_found' };
  expect(await stream(waitingForApproval())).toEqual(allWell);
  expect(roots()).toHaveLength(2);
  expect(card()?.ts).toBe('1790000000.000002');
  expect(inThread()[0]?.thread_ts).toBe('1790000000.000002');
});

test.each(['not_in_channel', 'channel_not_found', 'is_archived'])(
  '%s: written down, and tried again only when something changes',
  async (error) => {
    slack.answers['chat.postMessage'] = { ok: false, error };
    expect(await stream(requested())).toEqual(allWell);
    expect(card()).toMatchObject({ version: 1, undeliverable: error });
    expect(logged).toEqual(['card-undeliverable']);
    delete slack.answers['chat.postMessage'];
    expect(await stream(waitingForApproval())).toEqual(allWell);
    expect(card()).toMatchObject({ version: 4, undeliverable: undefined });
  },
);

test('while another invocation writes a card nobody else does; after its crash the next one waits for the lease', async () => {
  cards.breakAt = 'save';
  await expect(stream(requested())).resolves.toEqual(again);
  cards.breakAt = undefined;
  const crashed = card();
  if (crashed) cards.all.set('r7k3q9xz', { ...crashed, holder: 'crashed', until: now + 60_000 });
  expect(await stream(requested())).toEqual(again);
  expect(roots()).toHaveLength(1);
  now += 60_000;
  expect(await stream(requested())).toEqual(allWell);
});

test('should Slack refuse the blocks, people still get the sentence, and the log knows', async () => {
  slack.answers['chat.postMessage'] = ({ blocks }) =>
    (blocks as unknown[]).length > 0 ? { ok: false, error: 'invalid_blocks' } : { ok: true, ts: '1.1' };
  expect(await stream(requested())).toEqual(allWell);
  expect(roots().at(-1)).toMatchObject({
    text: 'The restore of orders-staging (run r7k3q9xz) is being planned.',
    blocks: [],
  });
  expect(logged).toEqual(['blocks-refused']);
});

describe('open Home tabs', () => {
  const empty = { runs: {}, since: { open: 0, past: 0 }, freeze: 'none', publishedAt: 0 };
  const opened = (person: string, shown: Partial<HomeShown> = {}) =>
    homes.all.set(person, { person, groups: [], rights: ['• what he may'], site: '', ...empty, ...shown });
  const published = () => slack.of('views.publish').map(({ user_id }) => user_id);

  test('of two hundred only those are published that show the run, and only when they change', async () => {
    // Their lists are full of newer runs.
    const since = { open: noon + 1, past: noon + 1 };
    for (let at = 0; at < 200; at += 1) opened(`U0OTHER${at}`, { since });
    opened('U0BOB');
    opened('U0REQ');
    expect(await stream(waitingForApproval())).toEqual(allWell);
    expect(new Set(published())).toEqual(new Set(['U0BOB', 'U0REQ']));
    expect(JSON.stringify(slack.of('views.publish'))).toContain('approve');
    await stream(waitingForApproval());
    expect(published()).toHaveLength(2);
    await stream(running());
    expect(published()).toHaveLength(4);
    expect(card()?.place).toBeUndefined();
  });

  test('what only others do comes behind, for a few at once and seldom; the card waits for them at the end', async () => {
    const others = ['U0ANN', 'U0DAN', 'U0EVE'];
    for (const person of [...others, 'U0BOB']) opened(person);
    pace.slots.set('views.publish#lists', 2);
    await stream(waitingForApproval());
    expect(published()).toEqual(['U0BOB', 'U0ANN', 'U0DAN']);
    expect(card()?.place).toBeGreaterThan(3e14);
    pace.slots.clear();
    await stream(waitingForApproval());
    expect(published().slice(3)).toEqual(['U0EVE']);
    expect(card()?.place).toBeUndefined();
    // Published a moment ago, a line of a list can wait; what concerns somebody cannot.
    await stream(running());
    expect(published().slice(4)).toEqual(['U0BOB']);
    expect(card()?.place).toBeGreaterThan(3e14);
    now += listsEveryMs;
    await stream(running());
    expect(published().slice(5).toSorted()).toEqual(others);
    expect(card()?.place).toBeUndefined();
  });

  test('without a slot, or while its owner opens it, the card is shown and stands in line for the tab', async () => {
    opened('U0BOB');
    pace.paused.set('views.publish', noon + 60_000);
    expect(await stream(waitingForApproval())).toEqual(allWell);
    expect([roots().length, published().length]).toEqual([1, 0]);
    expect(card()?.place).toBeGreaterThan(0);
    pace.paused.clear();
    await homes.claim('U0BOB', 'opened');
    await stream(waitingForApproval());
    expect(published()).toEqual([]);
    await homes.done('U0BOB', 'opened', empty);
    await stream(waitingForApproval());
    expect(published()).toEqual(['U0BOB']);
    expect(card()?.place).toBeUndefined();
  });

  test('a tab that Slack never takes holds nothing up', async () => {
    opened('U0BOB');
    slack.answers['views.publish'] = { ok: false, error: 'user_not_found' };
    expect(await stream(waitingForApproval())).toEqual(allWell);
    expect(card()?.place).toBeUndefined();
    expect(card()?.version).toBe(waitingForApproval().version);
  });
});
